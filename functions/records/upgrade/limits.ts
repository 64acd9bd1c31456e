/**
 * Parts of a collection at most: each is one visit of the loop in the machine, whose history ends at 25,000 events.
 * One holds what a Lambda collects in its time, thousands of objects, so a cluster needs a few.
 */
export const MAX_COLLECTION_PARTS = 500;

/**
 * Looks of one execution of `upgrade` at most. Each leaves 12 events of history when it is tried twice, and Step
 * Functions ends an execution at 25,000. A longer way is gone on by the next execution, which finds at EKS what is done.
 */
export const MAX_UPGRADE_POLLS = 2_000;

/**
 * Clusters that one check takes: the output of its execution names each with its report, and Step Functions takes
 * 256 KiB of it. A site with more is better split.
 */
export const MAX_CLUSTERS = 200;
