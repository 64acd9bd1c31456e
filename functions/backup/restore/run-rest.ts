import type { RestoreRun } from '../../records/backup/restore.ts';

/** Where a run comes to rest that can not go on by itself. */

type Failure = NonNullable<RestoreRun['failure']>;

/** Is it of a drill, which asks nobody and destroys the place behind it? */
export const isOfDrill = ({ plan }: Pick<RestoreRun, 'plan'>): boolean => plan.request.drill !== undefined;

/**
 * Stops a run behind a failure that is not undone: held until a person has chosen. That of a drill is left as it stands
 * instead, since its place is destroyed whatever came of it, and nobody is to be woken for that.
 */
export const stopRun = (run: RestoreRun, failure: Failure, now: Date): RestoreRun => {
  const stopped = { ...run, failure };
  return isOfDrill(run) ? leaveRun(stopped, now) : { ...stopped, state: 'held' };
};

/** Ends a run as it stands: nothing is opened, and nothing is set back. */
export const leaveRun = (run: RestoreRun, now: Date): RestoreRun => ({
  ...run,
  state: 'ended',
  outcome: 'abandoned',
  endedAt: now.toISOString(),
  reasons: [...(run.failure?.reasons ?? [])],
});
