import * as z from 'zod';

/**
 * The newest backup of an environment whose content was read and found whole. Written by the backup capability, or
 * by a person who names a recovery point of another tool; read by every gate that asks for a backup.
 */
export const VerifiedBackup = z.object({
  version: z.literal(1),
  environment: z.string(),
  /** Id of the set, or the ARN or name of the recovery point. */
  set: z.string(),
  /** When what is in it was true, not when it was verified. */
  takenAt: z.iso.datetime(),
  verifiedAt: z.iso.datetime(),
  /** `drydock`, or the name of the other tool. */
  by: z.string(),
});
export type VerifiedBackup = z.output<typeof VerifiedBackup>;

export const verifiedBackupKind = { name: 'verified backup', schema: VerifiedBackup };
export const verifiedBackupKey = (environment: string): string => `backup/verified/${environment}.json`;
