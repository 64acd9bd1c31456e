import * as z from 'zod';
import { BackupSetId } from './set-id.ts';

/**
 * What one run of a backup learns on its way. It lies in the ledger, a fact an object, so that a payload never grows
 * and every step can be killed and taken again.
 */

/** Names a set; each step of a run takes it. */
export const SetReference = z.object({
  environment: z.string().min(1),
  policy: z.string().min(1),
  id: BackupSetId,
});
export type SetReference = z.output<typeof SetReference>;

/**
 * `release`: the Helm release as it was deployed. `probe`: what a pod of the backup saw. `preflight`: what was judged
 * before it began. `job`: the Job, and how far its log was read. `marks`: recovery points that are being made.
 * `verification`: how far the reading of the archive came. `copy`: how far its copy did.
 */
export const RunFact = z.enum(['release', 'probe', 'preflight', 'job', 'marks', 'verification', 'copy']);
export type RunFact = z.output<typeof RunFact>;

/** Expires: whatever matters later stands in the manifest. */
export const BACKUP_RUN_PREFIX = 'backup/runs/';
export const backupRunKey = ({ environment, id }: Pick<SetReference, 'environment' | 'id'>, fact: RunFact) =>
  `${BACKUP_RUN_PREFIX}${environment}/${id}/${fact}.json` as const;

/** Lines that the tool wrote, as they came; they expire, and stand in no message. */
export const BACKUP_LOG_PREFIX = 'backup/logs/';
export const backupLogPrefix = ({ environment, id }: Pick<SetReference, 'environment' | 'id'>): string =>
  `${BACKUP_LOG_PREFIX}${environment}/${id}/`;
