import {
  lasts,
  needAvailable,
  type Operation,
  type RdsAccount,
  type RdsInstance,
  type RdsSnapshot,
  takeEnd,
  writeArn,
} from './account.ts';
import { RdsError } from './answer.ts';
import { needIdentifier, needText, readTags, readText } from './parameters.ts';

/** @param name or ARN. @throws RdsError when there is none. */
export const needSnapshot = ({ snapshots }: RdsAccount, name: string): RdsSnapshot => {
  const found = snapshots.get((name.split(':').at(-1) ?? '').toLowerCase());
  if (found) return found;
  throw new RdsError('DBSnapshotNotFound', `DBSnapshot ${name} not found.`);
};

/** Snapshots that are made by hand: each is a base backup of the server that runs, as of the end of the copy. */
export const SNAPSHOT_OPERATIONS: readonly Operation[] = [
  {
    name: 'CreateDBSnapshot',
    answer: (account, parameters) => {
      const id = needIdentifier(parameters, 'DBSnapshotIdentifier');
      if (account.snapshots.has(id)) {
        throw new RdsError(
          'DBSnapshotAlreadyExists',
          `Cannot create the snapshot because ${id} already exists.`,
        );
      }
      const instance = needAvailable(account, needIdentifier(parameters, 'DBInstanceIdentifier'));
      const snapshot = describeSnapshot(account, instance, id);
      snapshot.shown = { ...snapshot.shown, TagList: readTags(parameters) };
      account.snapshots.set(id, snapshot);
      instance.busy = true;
      instance.shown = { ...instance.shown, DBInstanceStatus: 'backing-up' };
      account.goOn(() => fillSnapshot(account, instance, snapshot));
      return { DBSnapshot: snapshot.shown };
    },
  },
  {
    name: 'DescribeDBSnapshots',
    answer: (account, parameters) => {
      const id = readText(parameters, 'DBSnapshotIdentifier');
      if (id !== undefined) return { DBSnapshots: [needSnapshot(account, id).shown] };
      const of = readText(parameters, 'DBInstanceIdentifier');
      const all = [...account.snapshots.values()].map(({ shown }) => shown);
      return { DBSnapshots: all.filter((one) => of === undefined || one.DBInstanceIdentifier === of) };
    },
  },
  {
    name: 'DeleteDBSnapshot',
    answer: (account, parameters) => {
      const id = needText(parameters, 'DBSnapshotIdentifier').toLowerCase();
      const { shown } = needSnapshot(account, id);
      if (shown.Status === 'creating') {
        throw new RdsError('InvalidDBSnapshotState', `The snapshot ${id} is being made.`);
      }
      // Its folder stays: an instance may have been made of it, whose own log begins there.
      account.snapshots.delete(id);
      return { DBSnapshot: { ...shown, Status: 'deleted' } };
    },
  },
];

const describeSnapshot = (account: RdsAccount, { shown, server }: RdsInstance, id: string): RdsSnapshot => {
  if (!server) throw new RdsError('InvalidDBInstanceState', 'The instance has no server yet.');
  const { DBInstanceIdentifier, DbiResourceId, Engine, EngineVersion, AllocatedStorage, KmsKeyId } = shown;
  return {
    shown: {
      DBSnapshotIdentifier: id,
      DBSnapshotArn: writeArn(account, 'snapshot', id),
      DBInstanceIdentifier,
      DbiResourceId,
      Engine,
      EngineVersion,
      AllocatedStorage,
      KmsKeyId,
      Encrypted: shown.StorageEncrypted ?? false,
      SnapshotType: 'manual',
      Status: 'creating',
      PercentProgress: 0,
    },
    master: server.master,
    folder: account.newFolder(),
    settings: shown,
  };
};

/** Copies the server into a snapshot. */
const fillSnapshot = async (
  account: RdsAccount,
  instance: RdsInstance,
  snapshot: RdsSnapshot,
): Promise<void> => {
  try {
    await Promise.all([instance.server?.copy(snapshot.folder), lasts(account, 'backing-up')]);
    const Status = takeEnd(account, 'backing-up', 'available');
    const taken = Status === 'available' ? { PercentProgress: 100, SnapshotCreateTime: account.now() } : {};
    snapshot.shown = { ...snapshot.shown, Status, ...taken };
  } catch (error) {
    snapshot.shown = { ...snapshot.shown, Status: 'failed' };
    throw error;
  } finally {
    instance.shown = { ...instance.shown, DBInstanceStatus: 'available' };
    instance.busy = false;
  }
};

/** The snapshot that somebody wants who deletes an instance. */
export const takeFinalSnapshot = async (
  account: RdsAccount,
  instance: RdsInstance,
  id: string,
): Promise<void> => {
  const snapshot = describeSnapshot(account, instance, id);
  account.snapshots.set(id, snapshot);
  await fillSnapshot(account, instance, snapshot);
};
