import { describe, expect, test } from 'vitest';
import { chooseEarlier } from '../../../functions/backup/verify/earlier-archives.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { buildEntry, buildSet } from '../../support/backup-sets.ts';

/** Which archives one is compared with. */

const OWN = buildEntry(48);
const idsOf = (sets: readonly BackupSetEntry[]): string[] =>
  chooseEarlier({ ...buildSet(), id: OWN.id }, sets).map(({ id }) => id);

describe('an archive is compared with', () => {
  test.each<[string, BackupSetEntry, boolean]>([
    ['one of the day before', buildEntry(72), true],
    ['one that was found incomplete', buildEntry(72, { state: 'incomplete' }), true],
    ['no one of the day after, when it is read again', buildEntry(24), false],
    ['not itself', OWN, false],
    ['no native set', buildEntry(72, { kind: 'native' }), false],
    ['none that leaves out something else', buildEntry(72, { skip: ['lfs'] }), false],
    ['none that nobody has read yet', buildEntry(72, { state: 'unverified' }), false],
    ['none that was deleted', buildEntry(72, { state: 'deleted' }), false],
  ])('%s', (_, other, isCompared) => {
    expect(idsOf([other])).toEqual(isCompared ? [other.id] : []);
  });

  test('the last five, newest first', () => {
    const before = Array.from({ length: 7 }, (_, index) => buildEntry(72 + 24 * index));
    expect(idsOf(before.toReversed())).toEqual(before.slice(0, 5).map(({ id }) => id));
  });
});
