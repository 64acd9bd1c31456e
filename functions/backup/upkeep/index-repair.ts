import { isDeepStrictEqual } from 'node:util';
import type { BackupSetEntry, BackupSetIndex } from '../../records/backup/set-index.ts';
import { listSet, MAX_LISTED_SETS } from '../sets/set-list.ts';

/** What an index has missed, and what it has no room for. */
interface IndexRepair {
  /** Sets that it lacks, newest first, as many as it has room for. */
  readonly missing: readonly BackupSetEntry[];
  /** Sets whose entry is surplus, or not what their manifest says. */
  readonly wrong: readonly string[];
  /** Sets that then still find no room. */
  readonly left: number;
  /** Entries without a manifest. */
  readonly orphans: readonly string[];
}

/**
 * Holds an index against the manifests of its policy. Sets that were left out for want of room come back, newest first,
 * once others are gone.
 *
 * @param entries of all sets of the policy, deleted ones included, as their manifests sum up.
 */
export const planIndexRepair = (
  index: BackupSetIndex | undefined,
  entries: readonly BackupSetEntry[],
): IndexRepair => {
  const listed = new Map((index?.sets ?? []).map((entry) => [entry.id, entry]));
  const known = new Set(entries.map(({ id }) => id));
  const newestFirst = entries.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const surplus = newestFirst.filter(({ id, state }) => state === 'deleted' && listed.has(id));
  const changed = newestFirst.filter((entry) => {
    const there = listed.get(entry.id);
    return entry.state !== 'deleted' && there !== undefined && !isDeepStrictEqual(there, entry);
  });
  const missing = newestFirst.filter(({ id, state }) => state !== 'deleted' && !listed.has(id));
  const room = MAX_LISTED_SETS - listed.size + surplus.length;
  const oldest = [...listed.keys()].toSorted()[0] ?? '';
  // Where there is no room, a newer one goes in for the oldest.
  const back = missing.filter(({ id }, place) => place < room || id > oldest);
  return {
    missing: back,
    wrong: [...surplus, ...changed].map(({ id }) => id),
    left: Math.max(0, missing.length - room),
    orphans: [...listed.keys()].filter((id) => !known.has(id)),
  };
};

/**
 * Adds what an index lacks and takes out what is not there, in one go: to write thousands of sets one by one would take
 * an hour. An entry that is there by now stays, since it was written later than this repair was planned.
 */
export const correctIndex = (
  index: BackupSetIndex,
  missing: readonly BackupSetEntry[],
  { gone, left }: { readonly gone: readonly string[]; readonly left: number },
): BackupSetIndex => {
  const listed = new Set(index.sets.map(({ id }) => id));
  const added = missing.filter(({ id }) => !listed.has(id));
  const sets = [...index.sets, ...added].filter(({ id }) => !gone.includes(id));
  const [newest, ...others] = sets.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  // Who goes out where there is no room is decided in one place.
  const listedAgain = newest ? listSet({ ...index, sets: others }, newest) : { ...index, sets };
  return { ...listedAgain, left };
};
