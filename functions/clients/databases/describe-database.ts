import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { isDrydockError } from '../../runtime/errors.ts';
import type { DatabaseState } from '../databases.ts';
import { nameChanges, readPendingActions } from './pending-maintenance.ts';
import { callRds } from './rds-call.ts';

/** DescribeDBInstances, or else DescribeDBClusters, and what is pending of it. */
export const describeDatabase = async (
  region: string,
  identifier: string,
  signal?: AbortSignal,
): Promise<DatabaseState | undefined> => {
  const instance = await findInstance(region, identifier, signal);
  // A snapshot, a backup window and a point in time belong to the cluster alone.
  const clusterId = instance ? instance.DBClusterIdentifier : identifier;
  const cluster = clusterId === undefined ? undefined : await findCluster(region, clusterId, signal);
  const found = cluster ? readCluster(cluster) : instance && readInstance(instance);
  if (!found) return undefined;
  const actions = await readPendingActions(region, found.arn, signal);
  const changes = nameChanges((cluster ?? instance)?.PendingModifiedValues);
  return { ...found, pending: [...actions, ...changes] };
};

const findInstance = (
  region: string,
  identifier: string,
  signal: AbortSignal | undefined,
): Promise<DBInstance | undefined> =>
  unlessMissing(
    callRds(
      { operation: 'DescribeDBInstances', about: `database ${identifier}`, region },
      signal,
      async (client, options) => {
        const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
        return (await client.send(command, options)).DBInstances?.[0];
      },
    ),
  );

const findCluster = (
  region: string,
  identifier: string,
  signal: AbortSignal | undefined,
): Promise<DBCluster | undefined> =>
  unlessMissing(
    callRds(
      { operation: 'DescribeDBClusters', about: `database cluster ${identifier}`, region },
      signal,
      async (client, options) => {
        const command = new DescribeDBClustersCommand({ DBClusterIdentifier: identifier });
        return (await client.send(command, options)).DBClusters?.[0];
      },
    ),
  );

const unlessMissing = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (isDrydockError(error) && error.code === 'rds.missing') return undefined;
    throw error;
  });

type Described = Omit<DatabaseState, 'pending'>;

const readInstance = (instance: DBInstance): Described => ({
  kind: 'instance',
  identifier: instance.DBInstanceIdentifier ?? '',
  arn: instance.DBInstanceArn ?? '',
  status: instance.DBInstanceStatus ?? 'unknown',
  ...describeCommon(instance),
});

const readCluster = (cluster: DBCluster): Described => ({
  kind: 'cluster',
  identifier: cluster.DBClusterIdentifier ?? '',
  arn: cluster.DBClusterArn ?? '',
  status: cluster.Status ?? 'unknown',
  ...describeCommon(cluster),
});

const describeCommon = (
  of: DBInstance | DBCluster,
): Omit<Described, 'kind' | 'identifier' | 'arn' | 'status'> => {
  const retentionDays = of.BackupRetentionPeriod ?? 0;
  // With automated backups off RDS still names a window, in which nothing happens.
  const window = retentionDays > 0 ? of.PreferredBackupWindow : undefined;
  return {
    engine: of.Engine ?? '',
    engineVersion: of.EngineVersion ?? '',
    retentionDays,
    ...(window && { backupWindow: window }),
    ...(of.PreferredMaintenanceWindow && { maintenanceWindow: of.PreferredMaintenanceWindow }),
    ...(of.LatestRestorableTime && { latestRestorableTime: of.LatestRestorableTime.toISOString() }),
    ...(of.AllocatedStorage !== undefined && { allocatedGib: of.AllocatedStorage }),
    ...(of.KmsKeyId && { kmsKey: of.KmsKeyId }),
  };
};
