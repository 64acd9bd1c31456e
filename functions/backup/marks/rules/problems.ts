import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { THE_DATABASE } from '../subjects.ts';

/** What was found by looking; of a database that the archive holds as well it is worth a note. */
export const judgeProblems = ({ problems = [], expected }: PartLook): VerificationReason[] =>
  problems.map(({ code, subject, message }) =>
    subject === THE_DATABASE && expected.database !== 'required'
      ? makePartReason(code, subject, message, 'note')
      : makePartReason(code, subject, message),
  );
