import { describe, expect, it } from 'vitest';
import { MAX_LISTED_SETS, openSetIndex } from '../../../functions/backup/sets/set-list.ts';
import { correctIndex, planIndexRepair } from '../../../functions/backup/upkeep/index-repair.ts';
import type { BackupSetEntry, BackupSetIndex } from '../../../functions/records/backup/set-index.ts';
import { BACKUP_TIME, buildEntry } from '../../support/backup-sets.ts';

const indexOf = (...sets: BackupSetEntry[]): BackupSetIndex => ({
  ...openSetIndex('production', 'daily', BACKUP_TIME),
  sets: sets.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
});
const entries = (count: number, from = 1): BackupSetEntry[] =>
  Array.from({ length: count }, (_, index) => buildEntry(from + index));
const [new1, new2, old] = [buildEntry(1), buildEntry(2), buildEntry(900)];

/** What is put right, by ids. */
const repair = (index: BackupSetIndex | undefined, manifests: readonly BackupSetEntry[]) => {
  const { missing, ...rest } = planIndexRepair(index, manifests);
  return { missing: missing.map(({ id }) => id), ...rest };
};

describe('an index', () => {
  it.each<[string, BackupSetIndex | undefined, BackupSetEntry[], BackupSetEntry[], BackupSetEntry[]]>([
    ['that agrees with its manifests is left alone', indexOf(new1, old), [new1, old], [], []],
    ['that is not there is made anew, newest first', undefined, [old, new1], [new1, old], []],
    ['that missed a set gets it', indexOf(old), [new1, old], [new1], []],
    ['that missed a verdict gets it', indexOf(new1, old), [{ ...new1, state: 'corrupt' }, old], [], [new1]],
    ['that missed a hold gets it', indexOf(old), [{ ...old, legalHold: true }], [], [old]],
    [
      'that missed a deletion forgets it',
      indexOf(new1, old),
      [new1, { ...old, state: 'deleted' }],
      [],
      [old],
    ],
    ['without a deleted set is left alone', indexOf(new1), [new1, { ...old, state: 'deleted' }], [], []],
  ])('%s', (_, index, manifests, missing, wrong) => {
    expect(repair(index, manifests)).toEqual({
      missing: missing.map(({ id }) => id),
      wrong: wrong.map(({ id }) => id),
      left: 0,
      orphans: [],
    });
  });

  it('names the entries that have no manifest', () => {
    expect(planIndexRepair(indexOf(new1, old), [new1]).orphans).toEqual([old.id]);
  });
});

describe('an index that is full', () => {
  const full = indexOf(...entries(MAX_LISTED_SETS, 10));
  const listed = full.sets;

  it('counts what it left out, and does not change places with the oldest again and again', () => {
    const left = entries(2, MAX_LISTED_SETS + 10);
    expect(repair({ ...full, left: 9 }, [...listed, ...left])).toMatchObject({ missing: [], left: 2 });
  });

  it('takes a newer set that it missed', () => {
    expect(repair(full, [...listed, new2])).toMatchObject({ missing: [new2.id], left: 1 });
  });

  it('takes back as many as it lost, newest first', () => {
    const left = entries(3, MAX_LISTED_SETS + 10);
    const index = { ...full, sets: listed.slice(2), left: 3 };
    expect(repair(index, [...listed.slice(2), ...left])).toMatchObject({
      missing: left.slice(0, 2).map(({ id }) => id),
      left: 1,
    });
  });

  it('never gives up the last verified set for one that is not', () => {
    const failed = listed.map((entry): BackupSetEntry => ({ ...entry, state: 'failed' }));
    const [oldest, ...rest] = failed;
    const index = {
      ...full,
      sets: [...(oldest ? [{ ...oldest, state: 'verified' as const }] : []), ...rest],
    };
    const corrected = correctIndex(index, [{ ...new1, state: 'failed' }], { gone: [], left: 1 });
    expect(corrected.sets).toHaveLength(MAX_LISTED_SETS);
    expect(corrected.sets[0]).toMatchObject({ id: oldest?.id, state: 'verified' });
  });
});

describe('the correction of an index', () => {
  it('adds what is missing, takes out what is gone, and counts anew', () => {
    const corrected = correctIndex({ ...indexOf(new2, old), left: 5 }, [new1], { gone: [old.id], left: 3 });
    expect(corrected).toMatchObject({ left: 3, sets: [{ id: new2.id }, { id: new1.id }] });
  });

  it('leaves an entry that somebody has written meanwhile', () => {
    const written = { ...new1, state: 'corrupt' as const };
    expect(correctIndex(indexOf(written), [new1], { gone: [], left: 0 }).sets).toEqual([written]);
  });
});
