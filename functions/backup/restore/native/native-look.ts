import type { Ledger } from '../../../clients/ledger.ts';
import type { RestoreReference } from '../../../records/backup/restore.ts';
import { nativeFactKey, restoreDatabaseKind, restoreVersionsKind } from './native-facts.ts';
import type { NativeLook } from './native-turns.ts';

/** Reads what was left of the last look at database and versions. */
export const readNativeLook = async (
  restore: RestoreReference,
  ledger: Pick<Ledger, 'read'>,
  now: Date,
): Promise<NativeLook> => {
  const [database, versions] = await Promise.all([
    ledger.read(restoreDatabaseKind, nativeFactKey(restore, 'database')),
    ledger.read(restoreVersionsKind, nativeFactKey(restore, 'versions')),
  ]);
  return { now, database: database?.value, versions: versions?.value };
};
