import type { Ledger } from '../../clients/ledger.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import { DefectError, TransientError } from '../../runtime/errors.ts';
import { type JobFact, jobFactKind } from './job-fact.ts';

/** The fact `job` in the hands of one look. */
export interface HeldJobFact {
  readonly value: JobFact;
  /** @throws TransientError `backup.other-look`: a Lambda that was given up is at it as well, and one of two goes on. */
  save(next: JobFact): Promise<void>;
}

/** @throws DefectError `backup.no-job` before a Job was made. */
export const holdJobFact = async (
  ledger: Pick<Ledger, 'read' | 'change'>,
  set: SetReference,
): Promise<HeldJobFact> => {
  const key = backupRunKey(set, 'job');
  const stored = await ledger.read(jobFactKind, key);
  if (!stored) throw new DefectError('backup.no-job', `No Job was made for the set ${set.id}.`);
  let { value, etag } = stored;
  return {
    get value() {
      return value;
    },
    async save(next) {
      const written = await ledger.change(jobFactKind, key, etag, next);
      if (!written.ok) {
        throw new TransientError('backup.other-look', `Another look at the Job of ${set.id} is under way.`);
      }
      ({ etag } = written);
      value = next;
    },
  };
};
