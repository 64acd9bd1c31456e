import type { DBInstance } from '@aws-sdk/client-rds';
import { needInstance, type Operation, type RdsInstance, refuseTaken } from './account.ts';
import { RdsError } from './answer.ts';
import { addInstance } from './make-instance.ts';
import { needIdentifier, needText, readFlag, readText } from './parameters.ts';
import { readNewSettings } from './settings.ts';
import { needSnapshot } from './snapshots.ts';

/** What a new instance has of the one before whatever is asked for. */
const keptSettings = ({
  Engine,
  AllocatedStorage,
  StorageEncrypted,
  KmsKeyId,
  MasterUsername,
}: DBInstance): Partial<DBInstance> => ({
  Engine,
  AllocatedStorage,
  StorageEncrypted,
  KmsKeyId,
  MasterUsername,
});

/** A snapshot or a point in time as a new instance: a real server started from a base backup, and on by its log. */
export const RESTORE_OPERATIONS: readonly Operation[] = [
  {
    name: 'RestoreDBInstanceFromDBSnapshot',
    answer: (account, parameters) => {
      const identifier = needIdentifier(parameters, 'DBInstanceIdentifier');
      const { shown, folder, master, settings } = needSnapshot(
        account,
        needText(parameters, 'DBSnapshotIdentifier'),
      );
      refuseTaken(account, identifier);
      if (shown.Status !== 'available') {
        throw new RdsError('InvalidDBSnapshotState', `The snapshot is ${shown.Status}.`);
      }
      const made = addInstance(
        account,
        identifier,
        { ...keptSettings(settings), ...readNewSettings(parameters) },
        async () => ({ folder, master }),
      );
      return { DBInstance: made.shown };
    },
  },
  {
    name: 'RestoreDBInstanceToPointInTime',
    answer: (account, parameters) => {
      const source = needInstance(account, needText(parameters, 'SourceDBInstanceIdentifier'));
      const identifier = needIdentifier(parameters, 'TargetDBInstanceIdentifier');
      refuseTaken(account, identifier);
      const now = account.now();
      const isLatest = readFlag(parameters, 'UseLatestRestorableTime') === true;
      const at = isLatest ? now : new Date(readText(parameters, 'RestoreTime') ?? '');
      const stored = findMoment(source, at, now);
      const settings = { ...keptSettings(source.shown), ...readNewSettings(parameters) };
      const made = addInstance(account, identifier, settings, stored);
      return { DBInstance: made.shown };
    },
  },
];

/** The base backup and the log that lead to a moment. @throws RdsError when none do. */
const findMoment = ({ shown, server, base }: RdsInstance, at: Date, now: Date) => {
  if ((shown.BackupRetentionPeriod ?? 0) === 0 || !server || !base) {
    const message = `Point In Time Restore is not enabled for ${shown.DBInstanceIdentifier}.`;
    throw new RdsError('PointInTimeRestoreNotEnabled', message);
  }
  const { folder, since } = base;
  if (!(at >= since && at <= now)) {
    throw new RdsError(
      'InvalidParameterValue',
      `The RestoreTime is not between ${since.toISOString()} and ${now.toISOString()}.`,
    );
  }
  return async () => {
    // A recovery that meets no transaction behind its moment does not know that it has come there.
    await server.query('select txid_current()');
    await server.query('select pg_switch_wal()');
    return { folder, master: server.master, until: { at, wal: server.wal } };
  };
};
