import { describe, expect, it } from 'vitest';
import { listDue } from '../../../functions/backup/upkeep/due-sets.ts';
import { knowSet } from '../../../functions/backup/upkeep/known-sets.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { manifestOf } from '../../support/backup-upkeep.ts';

const DAY = 24;
const readDaysAgo = (days: number): string => hoursAgo(days * DAY).toISOString();
const due = (sets: readonly BackupSet[], going: readonly string[] = []): string[] =>
  listDue(sets.map(knowSet), 7, ({ id }) => going.includes(id), BACKUP_TIME).map(({ id }) => id);
const isDue = (entry: BackupSetEntry, changes: Partial<BackupSet> = {}): boolean =>
  due([manifestOf(entry, changes)]).length === 1;
const deletion = (days: number) => ({ deletion: { startedAt: readDaysAgo(days), why: 'It is old.' } });

describe('a set that is read again every 7 days', () => {
  it.each<[string, boolean, BackupSetEntry, Partial<BackupSet>?]>([
    ['verified 7 days ago is due', true, buildEntry(30 * DAY, { verifiedAt: readDaysAgo(7) })],
    ['verified a little later is not', false, buildEntry(30 * DAY, { verifiedAt: readDaysAgo(6.99) })],
    [
      'that could not be checked yesterday is due',
      true,
      buildEntry(3 * DAY, { state: 'not-checked', verifiedAt: readDaysAgo(1) }),
    ],
    [
      'that can not be checked for longer waits like the others',
      false,
      buildEntry(8 * DAY, { state: 'not-checked', verifiedAt: readDaysAgo(1) }),
    ],
    ['that was never read is due', true, manifestEntry('unverified', 30)],
    ['that its own run may still read is not', false, manifestEntry('unverified', 3), { endedAt: undefined }],
    [
      'whose run has not ended it for a day is due',
      true,
      manifestEntry('unverified', 25),
      { endedAt: undefined },
    ],
    [
      'that is incomplete is not',
      false,
      buildEntry(30 * DAY, { state: 'incomplete', verifiedAt: readDaysAgo(30) }),
    ],
    [
      'that is corrupt is not',
      false,
      buildEntry(30 * DAY, { state: 'corrupt', verifiedAt: readDaysAgo(30) }),
    ],
    ['that failed is not', false, manifestEntry('failed', 300)],
    ['that is deleted is not', false, buildEntry(30 * DAY, { state: 'deleted' })],
    [
      'whose deletion broke off since is due',
      true,
      buildEntry(30 * DAY, { verifiedAt: readDaysAgo(2) }),
      deletion(1),
    ],
    [
      'that was read after its deletion broke off is not',
      false,
      buildEntry(30 * DAY, { verifiedAt: readDaysAgo(1) }),
      deletion(2),
    ],
  ])('%s', (_, expected, entry, changes) => {
    expect(isDue(entry, changes)).toBe(expected);
  });
});

function manifestEntry(state: 'unverified' | 'failed', hours: number): BackupSetEntry {
  const { verifiedAt: _, ...entry } = buildEntry(hours, { state });
  return entry;
}

describe('the order of due sets', () => {
  it('begins with those never read, then those read longest ago', () => {
    const never = manifestEntry('unverified', 30);
    const lately = buildEntry(400 * DAY, { verifiedAt: readDaysAgo(8) });
    const longAgo = buildEntry(20 * DAY, { verifiedAt: readDaysAgo(19) });
    expect(due([lately, longAgo, never].map((entry) => manifestOf(entry)))).toEqual([
      never.id,
      longAgo.id,
      lately.id,
    ]);
  });

  it('leaves out what is deleted tonight', () => {
    const old = buildEntry(400 * DAY, { verifiedAt: readDaysAgo(8) });
    expect(due([manifestOf(old)], [old.id])).toEqual([]);
  });
});
