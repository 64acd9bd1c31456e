import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseSet } from '../../../functions/backup/sets/set-entry.ts';
import { listSet, MAX_LISTED_SETS, openSetIndex } from '../../../functions/backup/sets/set-list.ts';
import { judgeStateChange } from '../../../functions/backup/sets/set-state.ts';
import { nameVerifiedBackup } from '../../../functions/backup/sets/verified-sets.ts';
import type { BackupSet, BackupSetState } from '../../../functions/records/backup/set.ts';
import { type BackupSetEntry, BackupSetIndex } from '../../../functions/records/backup/set-index.ts';
import { anySets, BACKUP_TIME, buildEntry, buildSet, hoursAgo } from '../../support/backup-sets.ts';
import { counterexample } from '../../support/counterexample.ts';

const index = openSetIndex('production', 'daily', BACKUP_TIME);

describe('a set', () => {
  it.each<[BackupSetState, BackupSetState, boolean]>([
    ['running', 'unverified', true],
    ['running', 'verified', false],
    ['running', 'deleted', false],
    ['unverified', 'verified', true],
    ['verified', 'corrupt', true],
    ['corrupt', 'verified', true],
    ['verified', 'failed', false],
    ['verified', 'verified', true],
    ['failed', 'verified', false],
    ['failed', 'deleted', true],
    ['deleted', 'verified', false],
    ['deleted', 'deleted', true],
  ])('that is %s may become %s: %s', (from, to, ok) => {
    expect(judgeStateChange(from, to).ok).toBe(ok);
  });
});

describe('the entry of a set', () => {
  const object = { bucket: 'b', key: 'k', etag: '"1"', size: 1, lastModified: hoursAgo(1).toISOString() };
  const takenAt = hoursAgo(9).toISOString();
  const locked = (hours: number) => ({ ...object, lockedUntil: hoursAgo(-hours).toISOString() });

  it('is as old as what is in it, however late that was read', () => {
    const legalHold = { by: 'ada', why: 'audit', since: takenAt };
    expect(summariseSet(buildSet({ takenAt, legalHold }))).toMatchObject({
      takenAt,
      verifiedAt: '2026-11-21T04:51:00.000Z',
      legalHold: true,
      duration: 6_720_000,
    });
  });

  it.each<[string, number, number, number]>([
    ['of its archive', 48, 24, 0],
    ['of its copy', 24, 48, 0],
    ['of its recovery point', 24, 25, 48],
  ])('is locked as long as the lock %s lasts, when that is the longest', (_, archive, copy, point) => {
    const parts: BackupSet['parts'] = [
      { kind: 'archive', takenAt, contents: [], object: locked(archive) },
      {
        kind: 'recovery-point',
        takenAt,
        arn: 'arn:aws:backup:1',
        vault: 'v',
        resource: 'r',
        resourceType: 'RDS',
        lockedUntil: hoursAgo(-point).toISOString(),
      },
    ];
    const copies: BackupSet['copies'] = [
      { region: 'eu-west-1', bucket: 'c', state: 'verified', startedAt: takenAt, object: locked(copy) },
    ];
    expect(summariseSet(buildSet({ parts, copies })).lockedUntil).toBe(hoursAgo(-48).toISOString());
  });

  it('counts a set that has no time yet from its begin', () => {
    const { takenAt: _, ...running } = buildSet({ state: 'running', verification: undefined });
    expect(summariseSet(running).takenAt).toBe(running.startedAt);
  });
});

describe('an index', () => {
  it('has each set once, as it was noted last, in order of their ids', () => {
    const [a, b] = [buildEntry(2, { state: 'unverified' }), buildEntry(1)];
    const noted = [b, a, { ...a, state: 'verified' as const }].reduce(listSet, index);
    expect(noted.sets).toEqual([{ ...a, state: 'verified' }, b]);
  });

  it('loses a set that was deleted', () => {
    const [a, b] = [buildEntry(2), buildEntry(1)];
    expect([a, b, { ...a, state: 'deleted' as const }].reduce(listSet, index).sets).toEqual([b]);
  });

  it('that is full leaves out the oldest, counts it, and keeps the last verified and the last whole one', () => {
    const whole = buildEntry(MAX_LISTED_SETS + 20);
    const verified = buildEntry(MAX_LISTED_SETS + 10, { skip: ['db'] });
    const others = Array.from({ length: MAX_LISTED_SETS - 2 }, (_, hours) =>
      buildEntry(MAX_LISTED_SETS - hours, { state: 'corrupt' }),
    );
    const full = { ...index, sets: [whole, verified, ...others] };
    const noted = listSet(full, buildEntry(0, { state: 'unverified' }));
    expect(noted.sets).toHaveLength(MAX_LISTED_SETS);
    expect(noted.left).toBe(1);
    expect(noted.sets.slice(0, 2)).toEqual([whole, verified]);
    expect(noted.sets).not.toContain(others[0]);
    expect(noted.sets.at(-1)?.state).toBe('unverified');
  });

  it('that is full has less than 4 MB', () => {
    const entry = buildEntry(1, {
      skip: ['registry', 'artifacts'],
      needs: [buildEntry(2).id],
      size: 2 ** 41,
      duration: 10 ** 7,
      lockedUntil: hoursAgo(-24).toISOString(),
    });
    const full = BackupSetIndex.parse({
      ...index,
      sets: Array.from({ length: MAX_LISTED_SETS }, () => entry),
    });
    expect(JSON.stringify(full, null, 2).length).toBeLessThan(4_000_000);
  });

  it('is the same in whatever order sets are noted', () => {
    const orders = anySets.chain((sets) =>
      fc.tuple(fc.constant(sets), fc.shuffledSubarray(sets, { minLength: sets.length })),
    );
    const same = fc.property(orders, ([sets, mixed]) => {
      expect(mixed.reduce(listSet, index)).toEqual(sets.reduce(listSet, index));
    });
    expect(counterexample(same, 100)).toBeUndefined();
  });
});

describe('the backup that gates go by', () => {
  const alone = ['repositories'];
  it.each<[string, BackupSetEntry[], number | undefined]>([
    ['is the newest verified one', [buildEntry(9), buildEntry(3), buildEntry(5)], 3],
    ['is of any policy', [buildEntry(9), buildEntry(3, { policy: 'monthly' })], 3],
    ['may be a native one', [buildEntry(9), buildEntry(3, { kind: 'native' })], 3],
    ['is none that was found corrupt since', [buildEntry(9), buildEntry(3, { state: 'corrupt' })], 9],
    ['is none that was deleted', [buildEntry(9), buildEntry(3, { state: 'deleted' })], 9],
    ['is none of the database alone', [buildEntry(9), buildEntry(3, { skip: alone })], 9],
    ['may leave out buckets that have versions', [buildEntry(9), buildEntry(3, { skip: ['registry'] })], 3],
    [
      'is the newest by what is in it, not by when it was read',
      [buildEntry(9, { verifiedAt: hoursAgo(0).toISOString() }), buildEntry(3)],
      3,
    ],
    ['is none where none is verified', [buildEntry(1, { state: 'not-checked' })], undefined],
  ])('%s', (_, sets, hours) => {
    const named = nameVerifiedBackup('production', sets);
    expect(named?.takenAt).toBe(hours === undefined ? undefined : hoursAgo(hours).toISOString());
  });
});
