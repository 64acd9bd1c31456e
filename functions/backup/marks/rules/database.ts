import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { THE_DATABASE } from '../subjects.ts';

/** The database of a native set: a point in time, and the snapshot that outlives the retention of RDS. */
export const judgeDatabase = ({ set, expected, problems = [] }: PartLook): VerificationReason[] => {
  const isTold = problems.some(({ subject }) => subject === THE_DATABASE);
  if (expected.database !== 'required' || isTold) return [];
  const mark = set.parts.find(({ kind }) => kind === 'database');
  if (mark?.kind !== 'database') {
    return [makePartReason('part-unmarked', THE_DATABASE, 'No point in time of the database is noted.')];
  }
  return mark.snapshot?.createdAt
    ? []
    : [makePartReason('snapshot-failed', THE_DATABASE, `There is no snapshot of ${mark.instance}.`)];
};
