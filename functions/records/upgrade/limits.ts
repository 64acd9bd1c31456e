/**
 * Parts of a collection at most: each is one visit of the loop in the machine, whose history ends at 25,000 events.
 * One holds what a Lambda collects in its time, thousands of objects, so a cluster needs a few.
 */
export const MAX_COLLECTION_PARTS = 500;
