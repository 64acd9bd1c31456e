import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { type VerifiedBackup, verifiedBackupKey, verifiedBackupKind } from '../../records/verified-backup.ts';
import type { Clock } from '../../runtime/clock.ts';
import { nameVerifiedBackup } from './verified-sets.ts';

/** What gates shall go by: our own newest, unless a person named a younger backup of another tool. */
const chooseGateRecord = (
  current: VerifiedBackup | undefined,
  own: VerifiedBackup | undefined,
): VerifiedBackup | undefined => {
  if (!current || current.by === 'drydock') return own;
  return own && Date.parse(own.takenAt) >= Date.parse(current.takenAt) ? own : current;
};

/**
 * Writes what gates go by, decided anew from all sets of the environment.
 *
 * @param readSets reads the sets of all policies as they stand now; asked again after a removal, since somebody may have
 * verified a set in between.
 */
export const writeGateRecord = async (
  environment: string,
  readSets: () => Promise<readonly BackupSetEntry[]>,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<void> => {
  const key = verifiedBackupKey(environment);
  const write = async (): Promise<boolean> => {
    const own = nameVerifiedBackup(environment, await readSets());
    const written = await updateRecord(
      ledger,
      verifiedBackupKind,
      key,
      (current) => {
        const next = chooseGateRecord(current, own);
        return next && !isSame(current, next) ? next : undefined;
      },
      clock,
    );
    return chooseGateRecord(written, own) !== undefined;
  };
  if (await write()) return;
  await ledger.remove(key);
  await write();
};

const isSame = (one: VerifiedBackup | undefined, other: VerifiedBackup): boolean =>
  one !== undefined &&
  one.set === other.set &&
  one.by === other.by &&
  one.takenAt === other.takenAt &&
  one.verifiedAt === other.verifiedAt;
