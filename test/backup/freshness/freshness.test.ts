import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FreshnessFacts, judgeFreshness } from '../../../functions/backup/freshness/freshness.ts';
import type { VerifiedBackup } from '../../../functions/records/verified-backup.ts';
import { anySets, BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { counterexample } from '../../support/counterexample.ts';

const facts = (changes: Partial<FreshnessFacts> = {}): FreshnessFacts => ({
  policy: 'daily',
  limitHours: 26,
  since: hoursAgo(1000).toISOString(),
  sets: [],
  ...changes,
});
const judge = (changes: Partial<FreshnessFacts>) => judgeFreshness(facts(changes), BACKUP_TIME);
const named = (hours: number): VerifiedBackup => ({
  version: 1,
  environment: 'production',
  set: 'vault-1',
  takenAt: hoursAgo(hours).toISOString(),
  verifiedAt: hoursAgo(0).toISOString(),
  by: 'AWS Backup',
});
const since = (hours: number) => ({ since: hoursAgo(hours).toISOString() });
const readNow = { verifiedAt: hoursAgo(0).toISOString() };

describe('freshness is', () => {
  it.each<[string, string, boolean, number | undefined, Partial<FreshnessFacts>]>([
    ['ok, with a verified set of 3 hours', 'ok', false, 3, { sets: [buildEntry(3)] }],
    ['ok, at the limit', 'ok', false, 26, { sets: [buildEntry(26)] }],
    [
      'ok, at the limit, though others could not be read',
      'ok',
      false,
      26,
      { unread: 'AccessDenied', sets: [buildEntry(26)] },
    ],
    ['late, a second after it', 'late', true, 26 + 1 / 3600, { sets: [buildEntry(26 + 1 / 3600)] }],
    ['late, of an old set that was verified just now', 'late', true, 40, { sets: [buildEntry(40, readNow)] }],
    [
      'late, when whatever came after was not verified',
      'late',
      true,
      40,
      {
        sets: [
          buildEntry(40),
          buildEntry(1, { state: 'incomplete' }),
          buildEntry(2, { state: 'unverified' }),
        ],
      },
    ],
    [
      'ok, by the newest of several',
      'ok',
      false,
      2,
      { sets: [buildEntry(40), buildEntry(2), buildEntry(9)] },
    ],
    ['ok, with a backup of another tool', 'ok', false, 5, { sets: [buildEntry(40)], named: named(5) }],
    ['late, with an old one of another tool', 'late', true, 40, { sets: [buildEntry(50)], named: named(40) }],
    ['never, when nothing ever ran', 'never', true, 27, since(27)],
    ['never, and no alarm yet at the limit from the first deploy', 'never', false, 26, since(26)],
    [
      'never, when whatever ran is not verified',
      'never',
      true,
      30,
      { ...since(30), sets: [buildEntry(1, { state: 'corrupt' })] },
    ],
    ['unknown, when nobody noted since when', 'unknown', true, undefined, { since: undefined }],
    ['unknown, when the watch is yet to begin', 'unknown', true, undefined, since(-1)],
    ['unknown, when sets could not be read', 'unknown', true, undefined, { unread: 'AccessDenied' }],
    [
      'ok, when one that could be read is young enough',
      'ok',
      false,
      3,
      { unread: 'AccessDenied', sets: [buildEntry(3)] },
    ],
    [
      'unknown, when those that could be read are old',
      'unknown',
      true,
      undefined,
      { unread: 'AccessDenied', sets: [buildEntry(40)] },
    ],
    ['ok and new, when its clock is 5 minutes ahead', 'ok', false, 0, { sets: [buildEntry(-5 / 60)] }],
    [
      'unknown, when its clock is 6 minutes ahead',
      'unknown',
      true,
      undefined,
      { sets: [buildEntry(-6 / 60)] },
    ],
    [
      'unknown, when a set of tomorrow hides an old one',
      'unknown',
      true,
      undefined,
      { sets: [buildEntry(-24), buildEntry(40)] },
    ],
    ['ok, by the one before a set of tomorrow', 'ok', false, 3, { sets: [buildEntry(-24), buildEntry(3)] }],
    [
      'late while backups are paused',
      'late',
      true,
      40,
      { sets: [buildEntry(40)], paused: 'paused (all) by ada' },
    ],
  ])('%s', (_, state, alarming, hours, changes) => {
    expect(judge(changes)).toMatchObject({ state, alarming });
    expect(judge(changes).ageSeconds).toBe(hours === undefined ? undefined : Math.round(hours * 3600));
  });

  it.each<[string, string, Partial<FreshnessFacts>]>([
    ['late since the limit had passed', hoursAgo(40 - 26).toISOString(), { sets: [buildEntry(40)] }],
    ['ok since what is in it', hoursAgo(3).toISOString(), { sets: [buildEntry(3)] }],
    ['never since it is watched', hoursAgo(30).toISOString(), since(30)],
    ['unknown since now', BACKUP_TIME.toISOString(), { unread: 'AccessDenied' }],
  ])('%s', (_, expected, changes) => {
    expect(judge(changes).since).toBe(expected);
  });

  it.each<[string, Partial<FreshnessFacts>, RegExp]>([
    [
      'which set is how old',
      { sets: [buildEntry(40)] },
      /^The last verified backup, \d{10}_\S+, is of 2026-11-19T20:00:00.000Z: it is 40 h old, and 26 h are allowed\.$/,
    ],
    [
      'since when there was none',
      since(30),
      /no verified backup in the 30 h since it is watched; within 26 h/,
    ],
    [
      'when the first is due',
      since(20),
      /no verified backup yet; the first must be there until 2026-11-21T18:00:00.000Z/,
    ],
    ['what could not be read', { unread: 'AccessDenied' }, /^Not all sets could be looked at: AccessDenied$/],
    [
      'who paused it',
      { sets: [buildEntry(3)], paused: 'paused (all) by ada' },
      /allowed\. Backups are paused \(all\) by ada\.$/,
    ],
  ])('told with %s', (_, changes, text) => {
    expect(judge(changes).text).toMatch(text);
  });
});

describe('freshness, whatever there is', () => {
  const anyTimes = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 40, maxLength: 40 });

  it('does not depend on when sets were verified, nor on their order', () => {
    const same = fc.property(anySets, anyTimes, (sets, times) => {
      const other = sets
        .map((set, index) => ({ ...set, verifiedAt: hoursAgo(times[index] ?? 0).toISOString() }))
        .toReversed();
      expect(judge({ sets: other })).toEqual(judge({ sets }));
    });
    expect(counterexample(same)).toBeUndefined();
  });

  it('does not depend on sets that are not verified', () => {
    const same = fc.property(anySets, (sets) => {
      expect(judge({ sets: sets.filter(({ state }) => state === 'verified') })).toEqual(judge({ sets }));
    });
    expect(counterexample(same)).toBeUndefined();
  });

  it('is green only when a verified set is within the limit', () => {
    const green = fc.property(anySets, fc.integer({ min: 1, max: 1000 }), (sets, limitHours) => {
      const isThere = sets.some(
        ({ state, takenAt }) => state === 'verified' && new Date(takenAt) >= hoursAgo(limitHours),
      );
      return (judge({ sets, limitHours }).state === 'ok') === isThere;
    });
    expect(counterexample(green)).toBeUndefined();
  });

  it('gets no younger as time passes', () => {
    const older = fc.property(anySets, fc.nat(5000), (sets, minutes) => {
      const later = new Date(BACKUP_TIME.getTime() + minutes * 60_000);
      const [one, other] = [judge({ sets }), judgeFreshness(facts({ sets }), later)];
      return (
        (other.ageSeconds ?? 0) - (one.ageSeconds ?? 0) === minutes * 60 && (!one.alarming || other.alarming)
      );
    });
    expect(counterexample(older)).toBeUndefined();
  });
});
