import type { BackupSetEntry, BackupSetIndex } from '../../records/backup/set-index.ts';
import { isWhole, listVerified } from './verified-sets.ts';

/**
 * Sets that one index holds. An hourly policy that keeps half a year has 4,400; with 600 bytes each that is one object
 * of 3 MB, read and written in well under a second.
 */
export const MAX_LISTED_SETS = 5_000;

/** The index of a policy that nobody has noted yet. From `now` on it is watched. */
export const openSetIndex = (environment: string, policy: string, now: Date): BackupSetIndex => ({
  version: 1,
  environment,
  policy,
  since: now.toISOString(),
  sets: [],
  left: 0,
});

/**
 * Notes a set as it now is: a new one is added, a known one replaced, a deleted one left out. Where there is no room the
 * oldest goes out of the index and is kept; never one on which it depends whether there is a backup.
 */
export const listSet = (index: BackupSetIndex, entry: BackupSetEntry): BackupSetIndex => {
  const others = index.sets.filter(({ id }) => id !== entry.id);
  const sets = (entry.state === 'deleted' ? others : [...others, entry]).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const surplus = sets.length - MAX_LISTED_SETS;
  if (surplus <= 0) return { ...index, sets };
  const verified = listVerified(sets);
  const needed = new Set([verified[0]?.id, verified.find(isWhole)?.id, entry.id]);
  const out = new Set(
    sets
      .filter(({ id }) => !needed.has(id))
      .slice(0, surplus)
      .map(({ id }) => id),
  );
  return { ...index, sets: sets.filter(({ id }) => !out.has(id)), left: index.left + out.size };
};
