import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { recoveryPointSubject } from '../subjects.ts';

/** Recovery points of AWS Backup that drydock.yaml names as parts. */
export const judgeRecoveryPoints = ({ set, expected, problems = [], now }: PartLook): VerificationReason[] =>
  expected.recoveryPoints.flatMap(({ vault, resource }) => {
    const subject = recoveryPointSubject(resource);
    if (problems.some((problem) => problem.subject === subject)) return [];
    const part = set.parts.find(
      (one) => one.kind === 'recovery-point' && one.vault === vault && one.resource === resource,
    );
    if (part?.kind !== 'recovery-point') {
      const message = `No recovery point of ${resource} in vault ${vault} belongs to this set.`;
      return [makePartReason('part-unmarked', subject, message)];
    }
    const { deletedAfter } = part;
    if (deletedAfter === undefined || Date.parse(deletedAfter) > now.getTime()) return [];
    const message = `Vault ${vault} was to delete ${part.arn} on ${deletedAfter}.`;
    return [makePartReason('recovery-point-missing', subject, message)];
  });
