import { MAX_TURN_ASKS, TURN_WAIT_SECONDS } from '../../records/backup/run-limits.ts';
import { gapsOf } from '../../records/configuration/schedule-times.ts';
import type { Lock } from '../../records/lock.ts';
import { sayDuration } from '../telling/quantities.ts';

/** Who backs a GitLab up, or restores it, when two want to at once: one waits for the other, and not for ever. */

/**
 * Seconds for which a run holds its environment from its beginning on: the release is read, rights are probed, marks
 * are set, and a snapshot of RDS may take most of an hour. The Job renews it.
 */
export const TURN_SECONDS = 3_600;

/**
 * How often a run asks for its turn at most. Not until its own next run is due: that one would take the same turn, and
 * an hourly policy would queue up behind a long daily one.
 *
 * @param schedule of its policy.
 */
export const allowedAsks = (schedule: string): number => {
  const minutes = gapsOf(schedule)?.shortest ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(MAX_TURN_ASKS, Math.floor((minutes * 60) / TURN_WAIT_SECONDS) - 1));
};

/** Who has the environment, as a sentence for a run that waited in vain. */
export const describeHolder = (
  environment: string,
  { owner, acquiredAt }: Pick<Lock, 'owner' | 'acquiredAt'>,
  waitedSeconds: number,
): string => {
  const name = owner?.split(':').at(-1) ?? 'nobody any more';
  const waited = waitedSeconds === 0 ? '' : ` It was waited for: ${sayDuration(waitedSeconds * 1_000)}.`;
  return `The execution ${name} has had ${environment} to itself since ${acquiredAt}.${waited}`;
};
