import type { Deferral } from '../records/deferral.ts';
import type { ImageEvent } from '../records/image-event.ts';

/** Minutes until the next attempt at first; it doubles from attempt to attempt. */
const FIRST_WAIT_MINUTES = 2;
/** A registry that comes back after a night is asked within the hour. */
const LONGEST_WAIT_MINUTES = 60;
/** After this many attempts (about two days) the event is given up; the sweep still compares tags with what runs. */
export const MAX_DEFERRALS = 48;

/**
 * Plans the next attempt for an event that could not be confirmed, or gives it up (`undefined`) when it has been
 * tried often enough.
 */
export const planAttempt = (
  earlier: Deferral | undefined,
  event: ImageEvent,
  failed: { execution: string; reason: string; now: Date },
): Deferral | undefined => {
  // The same step run twice has not failed twice.
  if (earlier?.execution === failed.execution) return earlier;
  const attempts = (earlier?.attempts ?? 0) + 1;
  if (attempts > MAX_DEFERRALS) return undefined;
  const waitMinutes = Math.min(LONGEST_WAIT_MINUTES, FIRST_WAIT_MINUTES * 2 ** (attempts - 1));
  return {
    version: 1,
    event,
    attempts,
    execution: failed.execution,
    reason: failed.reason,
    firstAt: earlier?.firstAt ?? failed.now.toISOString(),
    nextAttemptAt: new Date(failed.now.getTime() + waitMinutes * 60_000).toISOString(),
  };
};
