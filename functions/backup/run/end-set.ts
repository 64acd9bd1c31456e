import type { Ledger } from '../../clients/ledger.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { SetStore } from '../sets/set-store.ts';
import type { BackupEnding } from './backup-ending.ts';
import { type JobFact, jobFactKind } from './job-fact.ts';
import { noteFailed, sumSizes } from './set-moves.ts';
import { stepTimings } from './step-timings.ts';

/**
 * Brings the set of a run to its end: one that still counts as running has failed, any other gets its end and its size. A
 * second end leaves what the first one noted.
 *
 * @returns undefined when the run never came to write one.
 */
export const endSet = async (
  reference: SetReference,
  ending: Pick<BackupEnding, 'outcome' | 'reasons' | 'ends'>,
  now: Date,
  { ledger, sets }: { readonly ledger: Pick<Ledger, 'read'>; readonly sets: SetStore },
): Promise<BackupSet | undefined> => {
  const set = await sets.read(reference);
  if (!set) return undefined;
  const job = (await ledger.read(jobFactKind, backupRunKey(reference, 'job')))?.value;
  const failure = describeFailure(ending, job);
  return sets.change(reference, (current) => {
    const moved = noteFailed(current, failure) ?? current;
    const size = moved.size ?? sumSizes(moved);
    return {
      ...moved,
      endedAt: moved.endedAt ?? now.toISOString(),
      timings: { ...stepTimings(ending.ends), ...moved.timings },
      ...(size === undefined ? {} : { size }),
    };
  });
};

/** Why no backup came of it: what the Job said, if it came to that. */
const describeFailure = (
  { outcome, reasons }: Pick<BackupEnding, 'outcome' | 'reasons'>,
  job: JobFact | undefined,
): NonNullable<BackupSet['failure']> => {
  const end = job?.end;
  if (end?.outcome === 'failed') {
    return { code: end.reason, message: [end.message, end.remedy].filter(Boolean).join(' ') };
  }
  const code = outcome === 'made' || outcome === 'failed' ? 'broken-off' : outcome;
  return { code, message: reasons.join(' ') || 'It broke off, and nothing says why.' };
};
