/** The first looks at a Job, since most of what prevents one shows at its beginning. */
const SHORTEST_SECONDS = 2;
/** 48 hours of it leave less than 1,200 looks, so that the history holds (records/backup/run-limits.ts). */
const LONGEST_SECONDS = 180;
/** A look is late by so much of what has passed, and no person sees three of a hundred. */
const SHARE = 30;

/**
 * Seconds until the next look at a Job: often at first, then in step with how long it has been at work.
 *
 * @param seconds since it was made.
 */
export const lookInterval = (seconds: number): number =>
  Math.round(Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds / SHARE)));
