import {
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { isDrydockError } from '../../runtime/errors.ts';
import { nameOf } from '../aws-failure.ts';
import type {
  Adjusting,
  DatabaseRestore,
  InstanceSettings,
  InstanceSource,
  InstanceState,
} from '../database-restore.ts';
import { readInstanceState } from './instance-state.ts';
import { callRds, type RdsCall } from './rds-call.ts';

/** RDS of a region, under the credentials of this process. */
export const openDatabaseRestore = (region: string): DatabaseRestore => ({
  find: (identifier, signal) => findInstance(region, identifier, signal),
  restore: (identifier, source, like, signal) =>
    restoreInstance(region, { identifier, source, like }, signal).catch((error: unknown) => {
      // API reference, RestoreDBInstanceFromDBSnapshot: DBInstanceAlreadyExists.
      if (!isCalled(error, /^DBInstanceAlreadyExists/)) throw error;
    }),
  adjust: (instance, like, signal) => adjustInstance(region, instance, like, signal),
  rename: (from, to, signal) =>
    changeInstance(region, { operation: 'ModifyDBInstance', identifier: from }, signal, (client, options) =>
      client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: from,
          NewDBInstanceIdentifier: to,
          ApplyImmediately: true,
        }),
        options,
      ),
    ),
  remove: (identifier, signal) =>
    changeInstance(region, { operation: 'DeleteDBInstance', identifier }, signal, (client, options) =>
      client.send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: identifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        }),
        options,
      ),
    ),
});

/** @returns false for an instance that is being changed, or was renamed so lately that RDS does not see it. */
const changeInstance = async (
  region: string,
  { operation, identifier }: { readonly operation: string; readonly identifier: string },
  signal: AbortSignal | undefined,
  send: RdsCall<unknown>,
): Promise<boolean> => {
  try {
    await callRds({ operation, about: `database ${identifier}`, region }, signal, send);
    return true;
  } catch (error) {
    // API reference, ModifyDBInstance and DeleteDBInstance: InvalidDBInstanceState.
    if (isCalled(error, /^(InvalidDBInstanceState|DBInstanceNotFound)/)) return false;
    throw error;
  }
};

const isCalled = (error: unknown, name: RegExp): boolean =>
  isDrydockError(error) && name.test(nameOf(error.cause));

const findInstance = async (
  region: string,
  identifier: string,
  signal: AbortSignal | undefined,
): Promise<InstanceState | undefined> => {
  const question = { operation: 'DescribeDBInstances', about: `database ${identifier}`, region };
  try {
    return await callRds(question, signal, async (client, options) => {
      const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
      const [found] = (await client.send(command, options)).DBInstances ?? [];
      return found && readInstanceState(found);
    });
  } catch (error) {
    if (isDrydockError(error) && error.code === 'rds.missing') return undefined;
    throw error;
  }
};

interface Wish {
  readonly identifier: string;
  readonly source: InstanceSource;
  readonly like: InstanceSettings;
}

const restoreInstance = async (
  region: string,
  { identifier, source, like }: Wish,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const about = `database ${identifier}`;
  const settings = toRequest(like);
  if (source.kind === 'snapshot') {
    const question = { operation: 'RestoreDBInstanceFromDBSnapshot', about, region };
    const input = {
      DBInstanceIdentifier: identifier,
      DBSnapshotIdentifier: snapshotOf(source.arn),
      ...settings,
    };
    await callRds(question, signal, (client, options) =>
      client.send(new RestoreDBInstanceFromDBSnapshotCommand(input), options),
    );
    return;
  }
  const question = { operation: 'RestoreDBInstanceToPointInTime', about, region };
  const input = {
    SourceDBInstanceIdentifier: source.instance,
    TargetDBInstanceIdentifier: identifier,
    RestoreTime: new Date(source.at),
    ...settings,
  };
  await callRds(question, signal, (client, options) =>
    client.send(new RestoreDBInstanceToPointInTimeCommand(input), options),
  );
};

/** `arn:aws:rds:eu-central-1:111122223333:snapshot:<its name>`; a name alone is one of this account. */
const snapshotOf = (arn: string): string => arn.split(':').slice(6).join(':');

/** What both ways of making an instance take. The key of its storage is that of the backup, whatever is asked for. */
const toRequest = (like: InstanceSettings) => ({
  DBInstanceClass: like.class,
  MultiAZ: like.multiAz,
  Port: like.port,
  DBSubnetGroupName: like.subnetGroup,
  VpcSecurityGroupIds: [...like.securityGroups],
  DBParameterGroupName: like.parameterGroup,
  OptionGroupName: like.optionGroup,
  StorageType: like.storageType,
  Iops: like.iops,
  StorageThroughput: like.storageThroughput,
  PubliclyAccessible: like.isPublic,
  AutoMinorVersionUpgrade: like.autoMinorVersionUpgrade,
  DeletionProtection: like.deletionProtection,
  CopyTagsToSnapshot: like.copyTagsToSnapshot,
  EnableIAMDatabaseAuthentication: like.iamAuthentication,
  EnableCloudwatchLogsExports: [...like.logExports],
  CACertificateIdentifier: like.caCertificate,
  Tags: Object.entries(like.tags).map(([Key, Value]) => ({ Key, Value })),
});

const adjustInstance = async (
  region: string,
  { identifier, settings: is }: InstanceState,
  like: InstanceSettings,
  signal: AbortSignal | undefined,
): Promise<Adjusting> => {
  const changes = {
    ...(like.maxAllocatedGib !== undefined && is.maxAllocatedGib !== like.maxAllocatedGib
      ? { MaxAllocatedStorage: like.maxAllocatedGib }
      : {}),
    ...(is.retentionDays === like.retentionDays ? {} : { BackupRetentionPeriod: like.retentionDays }),
    ...(like.backupWindow !== undefined && is.backupWindow !== like.backupWindow
      ? { PreferredBackupWindow: like.backupWindow }
      : {}),
    ...(like.maintenanceWindow !== undefined && is.maintenanceWindow !== like.maintenanceWindow
      ? { PreferredMaintenanceWindow: like.maintenanceWindow }
      : {}),
    ...(is.deletionProtection === like.deletionProtection
      ? {}
      : { DeletionProtection: like.deletionProtection }),
  };
  if (Object.keys(changes).length === 0) return 'alike';
  const input = { DBInstanceIdentifier: identifier, ApplyImmediately: true, ...changes };
  const isTaken = await changeInstance(
    region,
    { operation: 'ModifyDBInstance', identifier },
    signal,
    (client, options) => client.send(new ModifyDBInstanceCommand(input), options),
  );
  return isTaken ? 'changed' : 'busy';
};
