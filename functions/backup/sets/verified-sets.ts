import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { VerifiedBackup } from '../../records/verified-backup.ts';

/** Which sets count: those whose content was read and found whole. */

/** Newest first by what is in them; of two of one moment the id decides, so that the order is the same for everybody. */
export const compareNewestFirst = (a: BackupSetEntry, b: BackupSetEntry): number =>
  Date.parse(b.takenAt) - Date.parse(a.takenAt) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Verified sets, newest first. */
export const listVerified = (sets: readonly BackupSetEntry[]): BackupSetEntry[] =>
  sets.filter(({ state }) => state === 'verified').toSorted(compareNewestFirst);

/** What nothing else of AWS holds for a set in a tar: buckets have versions, these two have not. */
const ESSENTIAL: readonly string[] = ['db', 'repositories'];

/** Does it bring a whole GitLab back, rather than its database alone? */
export const isWhole = ({ skip }: Pick<BackupSetEntry, 'skip'>): boolean =>
  !skip.some((component) => ESSENTIAL.includes(component));

/**
 * The backup that gates go by: the newest verified set that brings a whole GitLab back. Decided anew from all sets each
 * time, so that one which was found corrupt later, or was deleted, does not stay the answer.
 *
 * @param sets of all policies of the environment.
 */
export const nameVerifiedBackup = (
  environment: string,
  sets: readonly BackupSetEntry[],
): VerifiedBackup | undefined => {
  const newest = listVerified(sets).find(isWhole);
  return (
    newest && {
      version: 1,
      environment,
      set: newest.id,
      takenAt: newest.takenAt,
      verifiedAt: newest.verifiedAt ?? newest.takenAt,
      by: 'drydock',
    }
  );
};
