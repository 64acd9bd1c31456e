import type { DBInstance } from '@aws-sdk/client-rds';
import { type Parameters, readFlag, readList, readNumber, readTags, readText } from './parameters.ts';

/** Settings of an instance, as far as they are shown: nothing of them changes the server behind it. */

/**
 * What somebody gives an instance who makes or changes one.
 *
 * Source: RDS API, RestoreDBInstanceFromDBSnapshot, ModifyDBInstance: their request parameters; `DBInstance`.
 */
export const readSettings = (parameters: Parameters): Partial<DBInstance> => {
  const subnetGroup = readText(parameters, 'DBSubnetGroupName');
  const parameterGroup = readText(parameters, 'DBParameterGroupName');
  const optionGroup = readText(parameters, 'OptionGroupName');
  const groups = readList(parameters, 'VpcSecurityGroupIds.VpcSecurityGroupId');
  return dropUndefined({
    DBInstanceClass: readText(parameters, 'DBInstanceClass'),
    MultiAZ: readFlag(parameters, 'MultiAZ'),
    DBSubnetGroup: subnetGroup === undefined ? undefined : { DBSubnetGroupName: subnetGroup },
    VpcSecurityGroups: groups?.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: 'active' })),
    DBParameterGroups:
      parameterGroup === undefined
        ? undefined
        : [{ DBParameterGroupName: parameterGroup, ParameterApplyStatus: 'in-sync' }],
    OptionGroupMemberships:
      optionGroup === undefined ? undefined : [{ OptionGroupName: optionGroup, Status: 'in-sync' }],
    StorageType: readText(parameters, 'StorageType'),
    Iops: readNumber(parameters, 'Iops'),
    StorageThroughput: readNumber(parameters, 'StorageThroughput'),
    MaxAllocatedStorage: readNumber(parameters, 'MaxAllocatedStorage'),
    PubliclyAccessible: readFlag(parameters, 'PubliclyAccessible'),
    AutoMinorVersionUpgrade: readFlag(parameters, 'AutoMinorVersionUpgrade'),
    DeletionProtection: readFlag(parameters, 'DeletionProtection'),
    CopyTagsToSnapshot: readFlag(parameters, 'CopyTagsToSnapshot'),
    IAMDatabaseAuthenticationEnabled: readFlag(parameters, 'EnableIAMDatabaseAuthentication'),
    EnabledCloudwatchLogsExports: readList(parameters, 'EnableCloudwatchLogsExports.member'),
    CACertificateIdentifier: readText(parameters, 'CACertificateIdentifier'),
    BackupRetentionPeriod: readNumber(parameters, 'BackupRetentionPeriod'),
    PreferredBackupWindow: readText(parameters, 'PreferredBackupWindow'),
    PreferredMaintenanceWindow: readText(parameters, 'PreferredMaintenanceWindow'),
  });
};

/** The same with its tags, for one that is new. */
export const readNewSettings = (parameters: Parameters): Partial<DBInstance> => ({
  ...readSettings(parameters),
  TagList: readTags(parameters),
});

const dropUndefined = (settings: Partial<DBInstance>): Partial<DBInstance> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** What RDS takes by itself where nobody says otherwise; windows are those of its region. */
export const USUAL_SETTINGS: Partial<DBInstance> = {
  DBInstanceClass: 'db.m7g.large',
  Engine: 'postgres',
  AllocatedStorage: 100,
  StorageType: 'gp3',
  Iops: 3_000,
  StorageThroughput: 125,
  MultiAZ: false,
  PubliclyAccessible: false,
  AutoMinorVersionUpgrade: true,
  DeletionProtection: false,
  CopyTagsToSnapshot: false,
  IAMDatabaseAuthenticationEnabled: false,
  BackupRetentionPeriod: 1,
  PreferredBackupWindow: '22:10-22:40',
  PreferredMaintenanceWindow: 'mon:01:15-mon:01:45',
  DBSubnetGroup: { DBSubnetGroupName: 'default' },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-default', Status: 'active' }],
  TagList: [],
};
