import type {
  DatabaseReference,
  DatabaseSnapshot,
  DatabaseState,
  Databases,
} from '../../functions/clients/databases.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

/** Databases in memory. A snapshot is available as soon as it was made, unless a test says otherwise of it. */
export interface FakeDatabases extends Databases {
  /** What was made, in order, with its tags. */
  readonly made: readonly {
    readonly of: string;
    readonly id: string;
    readonly tags: Record<string, string>;
  }[];
  /** Puts a database in, or changes one. */
  put(state: Partial<DatabaseState> & Pick<DatabaseReference, 'identifier'>): void;
  /** Changes a snapshot that is there. */
  change(id: string, changes: Partial<DatabaseSnapshot>): void;
}

/** @param now by which snapshots are dated. */
export const createFakeDatabases = (now: () => Date): FakeDatabases => {
  const states = new Map<string, DatabaseState>();
  const snapshots = new Map<string, { readonly of: string; readonly snapshot: DatabaseSnapshot }>();
  const made: FakeDatabases['made'][number][] = [];
  const find = (of: string, id: string): DatabaseSnapshot | undefined => {
    const found = snapshots.get(id);
    return found?.of === of ? found.snapshot : undefined;
  };
  return {
    made,
    put: (state) => {
      const { identifier } = state;
      states.set(identifier, {
        kind: 'instance',
        arn: `arn:aws:rds:eu-central-1:111122223333:db:${identifier}`,
        status: 'available',
        engine: 'postgres',
        engineVersion: '17.4',
        backupWindow: '23:00-23:30',
        maintenanceWindow: 'sun:08:00-sun:08:30',
        retentionDays: 30,
        latestRestorableTime: new Date(now().getTime() - 5 * 60_000).toISOString(),
        allocatedGib: 100,
        pending: [],
        ...states.get(identifier),
        ...state,
      });
    },
    change: (id, changes) => {
      const found = snapshots.get(id);
      if (found) snapshots.set(id, { ...found, snapshot: { ...found.snapshot, ...changes } });
    },
    describe: async (identifier) => states.get(identifier),
    findSnapshot: async ({ identifier }, id) => find(identifier, id),
    createSnapshot: async ({ identifier }, id, tags) => {
      const there = find(identifier, id);
      if (there) return there;
      if (snapshots.has(id)) {
        throw new RefusedError('rds.snapshot-taken', `Could not make snapshot ${id} of ${identifier}.`);
      }
      const snapshot: DatabaseSnapshot = {
        id,
        arn: `arn:aws:rds:eu-central-1:111122223333:snapshot:${id}`,
        status: 'available',
        percent: 100,
        takenAt: now().toISOString(),
        allocatedGib: states.get(identifier)?.allocatedGib ?? 0,
      };
      snapshots.set(id, { of: identifier, snapshot });
      made.push({ of: identifier, id, tags: { ...tags } });
      return snapshot;
    },
  };
};
