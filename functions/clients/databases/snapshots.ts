import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  type DBClusterSnapshot,
  type DBSnapshot,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { patternBeside } from '../../records/backup/instance-names.ts';
import { isDrydockError, RefusedError, TransientError } from '../../runtime/errors.ts';
import { nameOf } from '../aws-failure.ts';
import type { DatabaseReference, DatabaseSnapshot } from '../databases.ts';
import { callRds } from './rds-call.ts';

/** A snapshot, and of which database it is. */
interface Found {
  readonly of: string;
  readonly snapshot: DatabaseSnapshot;
}

/** DescribeDBSnapshots, or DescribeDBClusterSnapshots. One of another database is none of this one's. */
export const findSnapshot = async (
  region: string,
  database: DatabaseReference,
  id: string,
  signal?: AbortSignal,
): Promise<DatabaseSnapshot | undefined> => {
  const found = await readSnapshot(region, database.kind, id, signal);
  return found && isOf(found.of, database.identifier) ? found.snapshot : undefined;
};

/**
 * The API reference does not say whose name a snapshot shows once its instance has got another one, as the instance of
 * before a restore has: it is of this database either way.
 */
const isOf = (of: string, identifier: string): boolean =>
  of === identifier || of.startsWith(patternBeside(identifier, 'before').replace(/\*$/, ''));

/** CreateDBSnapshot, or CreateDBClusterSnapshot; ids belong to the region, so another's may be there. */
export const createSnapshot = async (
  region: string,
  wish: {
    readonly database: DatabaseReference;
    readonly id: string;
    readonly tags: Readonly<Record<string, string>>;
  },
  signal?: AbortSignal,
): Promise<DatabaseSnapshot> => {
  const { database, id } = wish;
  try {
    const made = await sendCreate(region, wish, signal);
    if (made) return made;
  } catch (error) {
    if (isBusy(error)) throw explainBusy(wish, error);
    if (!isTaken(error)) throw error;
  }
  const there = await readSnapshot(region, database.kind, id, signal);
  if (there?.of === database.identifier) return there.snapshot;
  throw new RefusedError(
    'rds.snapshot-taken',
    `Could not make snapshot ${id} of ${database.identifier}: ${
      there ? `one of that name is of ${there.of}` : 'RDS says that there is one, and shows none'
    }. Look at it in RDS, and delete it when nobody needs it.`,
  );
};

/** API reference, CreateDBSnapshot and CreateDBClusterSnapshot: `InvalidDBInstanceState`, `InvalidDBClusterStateFault`. */
const isBusy = (error: unknown): boolean =>
  isDrydockError(error) && /^InvalidDB(Instance|Cluster)State/.test(nameOf(error.cause));

const explainBusy = (
  { database: { identifier }, id }: Parameters<typeof createSnapshot>[1],
  cause: unknown,
): TransientError =>
  new TransientError(
    'rds.busy',
    `RDS makes no snapshot ${id} of ${identifier} just now: it is being changed, or backed up by RDS itself.`,
    { cause },
  );

/** `DBSnapshotAlreadyExists`, `DBClusterSnapshotAlreadyExistsFault`. */
const isTaken = (error: unknown): boolean =>
  isDrydockError(error) && /SnapshotAlreadyExists/.test(nameOf(error.cause));

const sendCreate = (
  region: string,
  { database: { kind, identifier }, id, tags }: Parameters<typeof createSnapshot>[1],
  signal: AbortSignal | undefined,
): Promise<DatabaseSnapshot | undefined> => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const about = `snapshot ${id} of ${kind} ${identifier}`;
  if (kind === 'cluster') {
    const question = { operation: 'CreateDBClusterSnapshot', about, region };
    return callRds(question, signal, async (client, options) => {
      const input = { DBClusterSnapshotIdentifier: id, DBClusterIdentifier: identifier, Tags };
      const { DBClusterSnapshot: made } = await client.send(
        new CreateDBClusterSnapshotCommand(input),
        options,
      );
      return made && readOfCluster(made).snapshot;
    });
  }
  const question = { operation: 'CreateDBSnapshot', about, region };
  return callRds(question, signal, async (client, options) => {
    const input = { DBSnapshotIdentifier: id, DBInstanceIdentifier: identifier, Tags };
    const { DBSnapshot: made } = await client.send(new CreateDBSnapshotCommand(input), options);
    return made && readOfInstance(made).snapshot;
  });
};

const readSnapshot = async (
  region: string,
  kind: DatabaseReference['kind'],
  id: string,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> => {
  const about = `snapshot ${id}`;
  try {
    if (kind === 'cluster') {
      const question = { operation: 'DescribeDBClusterSnapshots', about, region };
      return await callRds(question, signal, async (client, options) => {
        const command = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id });
        const [found] = (await client.send(command, options)).DBClusterSnapshots ?? [];
        return found && readOfCluster(found);
      });
    }
    const question = { operation: 'DescribeDBSnapshots', about, region };
    return await callRds(question, signal, async (client, options) => {
      const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id });
      const [found] = (await client.send(command, options)).DBSnapshots ?? [];
      return found && readOfInstance(found);
    });
  } catch (error) {
    if (isDrydockError(error) && error.code === 'rds.missing') return undefined;
    throw error;
  }
};

const readOfInstance = (of: DBSnapshot): Found => ({
  of: of.DBInstanceIdentifier ?? '',
  snapshot: {
    id: of.DBSnapshotIdentifier ?? '',
    arn: of.DBSnapshotArn ?? '',
    ...describeCommon(of),
  },
});

const readOfCluster = (of: DBClusterSnapshot): Found => ({
  of: of.DBClusterIdentifier ?? '',
  snapshot: {
    id: of.DBClusterSnapshotIdentifier ?? '',
    arn: of.DBClusterSnapshotArn ?? '',
    ...describeCommon(of),
  },
});

const describeCommon = (of: DBSnapshot | DBClusterSnapshot): Omit<DatabaseSnapshot, 'id' | 'arn'> => ({
  status: of.Status ?? 'creating',
  percent: of.PercentProgress ?? 0,
  ...(of.SnapshotCreateTime && { takenAt: of.SnapshotCreateTime.toISOString() }),
  ...(of.AllocatedStorage !== undefined && { allocatedGib: of.AllocatedStorage }),
  ...(of.KmsKeyId && { kmsKey: of.KmsKeyId }),
});
