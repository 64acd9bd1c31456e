import {
  describeInstance,
  lasts,
  needInstance,
  type Operation,
  type RdsAccount,
  type RdsInstance,
} from './account.ts';
import { RdsError } from './answer.ts';
import { needIdentifier, readFlag, readText } from './parameters.ts';
import { takeFinalSnapshot } from './snapshots.ts';

/** Instances as they are shown, and their end. There are no clusters, and nothing is pending of maintenance. */
export const INSTANCE_OPERATIONS: readonly Operation[] = [
  {
    name: 'DescribeDBInstances',
    answer: (account, parameters) => {
      const identifier = readText(parameters, 'DBInstanceIdentifier');
      const found =
        identifier === undefined ? [...account.instances.values()] : [needInstance(account, identifier)];
      return { DBInstances: found.map((one) => describeInstance(account, one)) };
    },
  },
  {
    name: 'DeleteDBInstance',
    answer: (account, parameters) => {
      const identifier = needIdentifier(parameters, 'DBInstanceIdentifier');
      const instance = needInstance(account, identifier);
      if (instance.shown.DeletionProtection) {
        const message =
          'Cannot delete protected DB Instance, please disable deletion protection and try again.';
        throw new RdsError('InvalidParameterCombination', message);
      }
      const final = readText(parameters, 'FinalDBSnapshotIdentifier');
      if (final === undefined && readFlag(parameters, 'SkipFinalSnapshot') !== true) {
        const message = 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.';
        throw new RdsError('InvalidParameterCombination', message);
      }
      if (instance.busy) {
        throw new RdsError('InvalidDBInstanceState', `Instance ${identifier} is being changed.`);
      }
      instance.busy = true;
      instance.shown = { ...instance.shown, DBInstanceStatus: 'deleting' };
      account.goOn(() => end(account, instance, final));
      return { DBInstance: instance.shown };
    },
  },
  {
    name: 'DescribeDBClusters',
    answer: (_, parameters) => {
      const identifier = readText(parameters, 'DBClusterIdentifier');
      if (identifier === undefined) return { DBClusters: [] };
      throw new RdsError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`);
    },
  },
  {
    name: 'DescribeDBClusterSnapshots',
    answer: (_, parameters) => {
      const id = readText(parameters, 'DBClusterSnapshotIdentifier');
      if (id === undefined) return { DBClusterSnapshots: [] };
      throw new RdsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${id} not found.`);
    },
  },
  { name: 'DescribePendingMaintenanceActions', answer: () => ({ PendingMaintenanceActions: [] }) },
];

const end = async (account: RdsAccount, instance: RdsInstance, final: string | undefined): Promise<void> => {
  if (final !== undefined) await takeFinalSnapshot(account, instance, final.toLowerCase());
  instance.busy = true;
  instance.shown = { ...instance.shown, DBInstanceStatus: 'deleting' };
  await lasts(account, 'deleting');
  const identifier = instance.shown.DBInstanceIdentifier ?? '';
  account.instances.delete(identifier);
  account.cut(identifier);
  await instance.server?.stop();
};
