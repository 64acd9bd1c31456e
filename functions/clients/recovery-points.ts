import {
  BackupClient,
  paginateListRecoveryPointsByBackupVault,
  type RecoveryPointByBackupVault,
} from '@aws-sdk/client-backup';
import { AWS_SETTINGS, limitTime, perRegion } from './aws-clients.ts';
import { explainAwsError } from './aws-errors.ts';

/** A finished recovery point of AWS Backup. Times are ISO 8601. */
export interface RecoveryPointState {
  readonly arn: string;
  readonly vault: string;
  /** ARN of what it is a copy of. */
  readonly resource: string;
  /** `EFS`, `EBS`, `RDS`. */
  readonly resourceType: string;
  /** The moment that it holds. */
  readonly takenAt: string;
  readonly size?: number;
  /** When the vault deletes it by itself; absent: never. */
  readonly deletedAfter?: string;
}

/**
 * Vaults of AWS Backup. Every call throws RefusedError `aws-backup.forbidden` (with the missing right as its
 * `permission`), `aws-backup.missing` for a vault that is not there, `aws-backup.no-credentials`, `aws-backup.refused`;
 * TransientError `aws-backup.unreachable`, `aws-backup.throttled`.
 */
export interface RecoveryPoints {
  /**
   * Finished recovery points of one resource, newest first, a thousand at most. A continuous one is not among them: it
   * has no moment of its own.
   */
  list(vault: string, resource: string, signal?: AbortSignal): Promise<readonly RecoveryPointState[]>;
}

const useBackup = perRegion((region) => new BackupClient({ ...AWS_SETTINGS, region }));

/** A plan that runs each hour makes as many in six weeks. */
const MOST = 1_000;

/** AWS Backup of a region, under the credentials of this process. */
export const openRecoveryPoints = (region: string): RecoveryPoints => ({
  async list(vault, resource, signal) {
    const found: RecoveryPointState[] = [];
    try {
      const pages = paginateListRecoveryPointsByBackupVault(
        { client: useBackup(region) },
        { BackupVaultName: vault, ByResourceArn: resource },
        limitTime(signal),
      );
      for await (const { RecoveryPoints = [] } of pages) {
        found.push(...RecoveryPoints.flatMap((point) => normalise(point, vault, resource)));
        if (found.length >= MOST) break;
      }
    } catch (error) {
      throw explainAwsError(error, {
        scope: 'aws-backup',
        service: 'AWS Backup',
        action: 'backup:ListRecoveryPointsByBackupVault',
        where: `vault ${vault} in ${region}`,
      });
    }
    return found.toSorted((a, b) => Date.parse(b.takenAt) - Date.parse(a.takenAt));
  },
});

/** Source: AWS Backup API, RecoveryPointByBackupVault; its developer guide, "Point-in-time recovery", for the ARN. */
const CONTINUOUS = /:continuous:/;

/** Of one that was not finished, or that is being deleted, nothing can be restored. */
const FINISHED: readonly (string | undefined)[] = ['COMPLETED', 'AVAILABLE'];

const normalise = (
  point: RecoveryPointByBackupVault,
  vault: string,
  resource: string,
): RecoveryPointState[] => {
  const { RecoveryPointArn: arn, CreationDate, Status, ResourceType, BackupSizeInBytes } = point;
  if (arn === undefined || CreationDate === undefined) return [];
  if (!FINISHED.includes(Status) || CONTINUOUS.test(arn)) return [];
  const deleted = point.CalculatedLifecycle?.DeleteAt;
  return [
    {
      arn,
      vault,
      resource,
      resourceType: ResourceType ?? 'unknown',
      takenAt: CreationDate.toISOString(),
      ...(BackupSizeInBytes === undefined ? {} : { size: BackupSizeInBytes }),
      ...(deleted && { deletedAfter: deleted.toISOString() }),
    },
  ];
};
