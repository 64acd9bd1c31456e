import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import type { KnownSet } from './known-sets.ts';

/** Which sets are to be read again: what was whole once may have been damaged, overwritten or deleted since. */

/** A run that still writes its set, or reads it the first time, is left alone for so long. */
const OWN_RUN_MS = DAY_MS;

/**
 * Sets to verify, those first that were read longest ago, and before all those that never were.
 *
 * A verified set is due when its last reading is `verifyEveryDays` old. One that was not read, or could not be read to
 * the end, is due each night for that long, and then as often as the others. One that was found incomplete or corrupt
 * stays what it is: nothing mends an archive.
 *
 * @param isGoing is the set deleted tonight?
 */
export const listDue = (
  sets: readonly KnownSet[],
  verifyEveryDays: number,
  isGoing: (set: BackupSetEntry) => boolean,
  now: Date,
): BackupSetEntry[] =>
  sets
    .filter((set) => isDue(set, verifyEveryDays * DAY_MS, now) && !isGoing(set.entry))
    .map(({ entry }) => entry)
    .toSorted(compareLongestAgo);

export const compareLongestAgo = (
  a: Pick<BackupSetEntry, 'id' | 'verifiedAt'>,
  b: Pick<BackupSetEntry, 'id' | 'verifiedAt'>,
): number => readAt(a) - readAt(b) || (a.id < b.id ? -1 : 1);

const readAt = ({ verifiedAt }: Pick<BackupSetEntry, 'verifiedAt'>): number =>
  verifiedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(verifiedAt);

const isDue = ({ entry, endedAt, deletion }: KnownSet, interval: number, now: Date): boolean => {
  const { state, takenAt, verifiedAt } = entry;
  if (state !== 'verified' && state !== 'unverified' && state !== 'not-checked') return false;
  const age = now.getTime() - Date.parse(takenAt);
  if (endedAt === undefined && age < OWN_RUN_MS) return false;
  if (verifiedAt === undefined) return true;
  // A deletion that broke off, and that nothing wants any more, may have taken something with it.
  if (deletion && Date.parse(deletion.startedAt) > Date.parse(verifiedAt)) return true;
  if (state === 'not-checked' && age < interval) return true;
  return now.getTime() - Date.parse(verifiedAt) >= interval;
};
