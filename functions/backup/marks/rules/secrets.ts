import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { THE_SECRETS } from '../subjects.ts';

/** Without its secrets a set can not be restored, whatever else of it is whole. */
export const judgeSecrets = ({ set }: PartLook): VerificationReason[] =>
  set.secrets
    ? []
    : [makePartReason('secrets-not-saved', THE_SECRETS, 'No export of secrets belongs to this set.')];
