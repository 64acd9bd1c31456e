import { DeleteDBClusterSnapshotCommand, DeleteDBSnapshotCommand, RDSClient } from '@aws-sdk/client-rds';
import { RefusedError } from '../runtime/errors.ts';
import { AWS_SETTINGS, perRegion } from './aws-clients.ts';
import { explainAwsError } from './aws-errors.ts';
import { nameOf } from './aws-failure.ts';

/** Deletes snapshots of RDS that were made by hand. */
export interface SnapshotRemoval {
  /**
   * Deletes a snapshot of an instance or of a cluster; one that is gone is as good as deleted.
   *
   * @throws RefusedError `rds.not-ours` for an ARN of anything else, automated snapshots included, `rds.forbidden` (with
   * the missing right as its `permission`), `rds.refused`, `rds.no-credentials`.
   * @throws TransientError `rds.unreachable`, `rds.throttled`.
   */
  remove(arn: string, signal?: AbortSignal): Promise<void>;
}

/**
 * ARN of a snapshot; those that RDS makes by itself are named `rds:...`, those of AWS Backup `awsbackup:...`.
 * Source: Amazon RDS user guide, "Amazon Resource Names (ARNs) in Amazon RDS".
 */
const SNAPSHOT_ARN =
  /^arn:aws[a-z-]*:rds:([a-z0-9-]+):\d{12}:(snapshot|cluster-snapshot):([a-z][a-z0-9-]*)$/i;

const inRegion = perRegion((region) => new RDSClient({ ...AWS_SETTINGS, region }));

/** Opens RDS, in the region that each ARN names. */
export const openSnapshotRemoval = (): SnapshotRemoval => ({
  async remove(arn, signal) {
    const [, region, kind, id] = SNAPSHOT_ARN.exec(arn) ?? [];
    if (region === undefined || id === undefined) {
      throw new RefusedError(
        'rds.not-ours',
        `${arn} is no snapshot that was made by hand; it is left alone.`,
      );
    }
    const rds = inRegion(region);
    const options = signal ? { abortSignal: signal } : {};
    const isCluster = kind?.toLowerCase() === 'cluster-snapshot';
    try {
      await (isCluster
        ? rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id }), options)
        : rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }), options));
    } catch (error) {
      // API reference, DeleteDBSnapshot and DeleteDBClusterSnapshot: DBSnapshotNotFound, DBClusterSnapshotNotFoundFault.
      if (/^DB(Cluster)?SnapshotNotFound/.test(nameOf(error))) return;
      const action = isCluster ? 'rds:DeleteDBClusterSnapshot' : 'rds:DeleteDBSnapshot';
      throw explainAwsError(error, { scope: 'rds', service: 'RDS', action, where: `snapshot ${arn}` });
    }
  },
});
