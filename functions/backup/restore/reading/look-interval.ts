/** Seconds between two looks at something that has lasted for so long. */

/** A look comes a twentieth of the time later than it could have come, at most. */
const SHARE = 20;
/** Longest wait; of a restore of two days about 370 looks are taken. */
export const LONGEST_LOOK_SECONDS = 600;

/** Seconds until it is looked whether a change has come about. */
export const ACT_SECONDS = 2;

/**
 * Stretches a wait with the time that has gone by: the end of what lasted for an hour is seen three minutes late at most,
 * and the history of an execution stays below its 25,000 events.
 *
 * @param asked seconds that the step asks for; never less.
 */
export const stretchLook = (asked: number, lasted: number): number =>
  Math.max(asked, Math.min(LONGEST_LOOK_SECONDS, Math.floor(lasted / SHARE)));

/**
 * Seconds until the next look at a step. A second is no wait for anything: the next step is due.
 *
 * @param since when the step has begun, ISO 8601.
 */
export const waitForLook = (asked: number, since: string | undefined, now: Date): number =>
  asked <= 1 || since === undefined ? asked : stretchLook(asked, (now.getTime() - Date.parse(since)) / 1_000);
