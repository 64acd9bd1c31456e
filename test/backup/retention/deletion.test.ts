import { describe, expect, it } from 'vitest';
import { judgeDeletion } from '../../../functions/backup/retention/deletion.ts';
import { summariseSet } from '../../../functions/backup/sets/set-entry.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { BACKUP_TIME, buildSet, hoursAgo } from '../../support/backup-sets.ts';

const PLANNED = summariseSet(buildSet());
const at = hoursAgo(1).toISOString();
const lockedUntil = (hours: number): Partial<BackupSet> => ({
  copies: [
    {
      region: 'eu-west-1',
      bucket: 'c',
      state: 'verified',
      startedAt: at,
      object: {
        bucket: 'c',
        key: 'k',
        etag: '"1"',
        size: 1,
        lastModified: at,
        lockedUntil: hoursAgo(hours).toISOString(),
      },
    },
  ],
});
const deletion = { startedAt: at, why: 'old' };

describe('a set that is planned to go', () => {
  it.each<[string, Partial<BackupSet>, string]>([
    ['goes when nothing happened since', {}, 'goes'],
    ['goes on being deleted after a deletion that broke off', { deletion }, 'goes'],
    ['goes when the lock of its copy has ended', lockedUntil(0), 'goes'],
    ['stays when its copy was locked since', lockedUntil(-1), 'It is locked until 2026-11-21T13:00:00.000Z.'],
    [
      'stays when a person held it since',
      { legalHold: { by: 'ada', why: 'an audit', since: at } },
      'It is under a legal hold by ada: an audit',
    ],
    [
      'stays when it was judged otherwise since',
      { state: 'not-checked' },
      'It was verified when that was planned, and is not-checked now; the next plan decides.',
    ],
    [
      'stays when it was found to be of another time since',
      { takenAt: '2026-11-21T03:01:00.000Z' },
      'It was verified when that was planned, and is verified now; the next plan decides.',
    ],
    ['stays while it is made anew', { state: 'running' }, 'It is being made.'],
    [
      'is not deleted twice',
      { state: 'deleted', deletion: { ...deletion, endedAt: at } },
      'It is deleted already.',
    ],
  ])('%s', (_, changes, expected) => {
    const verdict = judgeDeletion(PLANNED, buildSet(changes), BACKUP_TIME);
    expect(verdict.ok ? 'goes' : verdict.reason).toBe(expected);
  });
});
