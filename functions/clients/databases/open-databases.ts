import type { Databases } from '../databases.ts';
import { describeDatabase } from './describe-database.ts';
import { createSnapshot, findSnapshot } from './snapshots.ts';

/** RDS of a region, under the credentials of this process. */
export const openDatabases = (region: string): Databases => ({
  describe: (identifier, signal) => describeDatabase(region, identifier, signal),
  findSnapshot: (database, id, signal) => findSnapshot(region, database, id, signal),
  createSnapshot: (database, id, tags, signal) => createSnapshot(region, { database, id, tags }, signal),
});
