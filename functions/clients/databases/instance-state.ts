import type { DBInstance } from '@aws-sdk/client-rds';
import type { InstanceSettings, InstanceState } from '../database-restore.ts';

/** Reads an instance as DescribeDBInstances shows it. */
export const readInstanceState = (of: DBInstance): InstanceState => ({
  identifier: of.DBInstanceIdentifier ?? '',
  resourceId: of.DbiResourceId ?? '',
  status: of.DBInstanceStatus ?? 'unknown',
  isRenaming:
    of.DBInstanceStatus === 'renaming' || of.PendingModifiedValues?.DBInstanceIdentifier !== undefined,
  engineVersion: of.EngineVersion ?? '',
  ...(of.Endpoint?.Address && { endpoint: of.Endpoint.Address }),
  isOfCluster: of.DBClusterIdentifier !== undefined && of.DBClusterIdentifier !== '',
  ...(of.LatestRestorableTime && { latestRestorableTime: of.LatestRestorableTime.toISOString() }),
  settings: readSettings(of),
});

const readSettings = (of: DBInstance): InstanceSettings => {
  const subnetGroup = of.DBSubnetGroup?.DBSubnetGroupName;
  const parameterGroup = of.DBParameterGroups?.[0]?.DBParameterGroupName;
  const optionGroup = of.OptionGroupMemberships?.[0]?.OptionGroupName;
  return {
    class: of.DBInstanceClass ?? '',
    multiAz: of.MultiAZ ?? false,
    ...(of.Endpoint?.Port && { port: of.Endpoint.Port }),
    ...(subnetGroup && { subnetGroup }),
    securityGroups: (of.VpcSecurityGroups ?? []).flatMap(
      ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
    ),
    ...(parameterGroup && { parameterGroup }),
    ...(optionGroup && { optionGroup }),
    ...(of.StorageType && { storageType: of.StorageType }),
    ...readSpeed(of),
    ...(of.MaxAllocatedStorage !== undefined && { maxAllocatedGib: of.MaxAllocatedStorage }),
    isPublic: of.PubliclyAccessible ?? false,
    autoMinorVersionUpgrade: of.AutoMinorVersionUpgrade ?? false,
    deletionProtection: of.DeletionProtection ?? false,
    copyTagsToSnapshot: of.CopyTagsToSnapshot ?? false,
    iamAuthentication: of.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: of.EnabledCloudwatchLogsExports ?? [],
    ...(of.CACertificateIdentifier && { caCertificate: of.CACertificateIdentifier }),
    retentionDays: of.BackupRetentionPeriod ?? 0,
    ...(of.PreferredBackupWindow && { backupWindow: of.PreferredBackupWindow }),
    ...(of.PreferredMaintenanceWindow && { maintenanceWindow: of.PreferredMaintenanceWindow }),
    tags: Object.fromEntries(
      (of.TagList ?? []).flatMap(({ Key, Value }): [string, string][] =>
        Key === undefined || Key.startsWith('aws:') ? [] : [[Key, Value ?? '']],
      ),
    ),
  };
};

/**
 * gp3 is shown with its own speed below 400 GiB and takes no wish for it there; io1 and io2 need theirs.
 * Source: RDS User Guide, "Amazon RDS DB instance storage", gp3.
 */
const readSpeed = ({ StorageType, AllocatedStorage = 0, Iops, StorageThroughput }: DBInstance) => {
  const isFixed = StorageType === 'gp2' || (StorageType === 'gp3' && AllocatedStorage < 400);
  if (isFixed || !Iops) return {};
  return {
    iops: Iops,
    ...(StorageType === 'gp3' && StorageThroughput ? { storageThroughput: StorageThroughput } : {}),
  };
};
