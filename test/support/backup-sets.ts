import * as fc from 'fast-check';
import type { RetentionPolicy } from '../../functions/backup/retention/set-wish.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import type { BackupPolicy } from '../../functions/records/configuration/backup-policy.ts';

/** Backup sets and policies as tests need them. */

export const BACKUP_TIME = new Date('2026-11-21T12:00:00.000Z');
const HOUR_MS = 3_600_000;

/** A moment so many hours before the tests' now; negative is yet to come. */
export const hoursAgo = (hours: number): Date => new Date(BACKUP_TIME.getTime() - hours * HOUR_MS);

const idOf = (taken: Date): string =>
  `${taken.getTime() / 1000}_${taken.toISOString().slice(0, 10).replaceAll('-', '_')}_18.10.0-ee`;

/** A verified daily set taken so many hours ago. */
export const buildEntry = (hours: number, changes: Partial<BackupSetEntry> = {}): BackupSetEntry => {
  const taken = hoursAgo(hours);
  return {
    id: idOf(taken),
    policy: 'daily',
    kind: 'tar',
    state: 'verified',
    skip: [],
    takenAt: taken.toISOString(),
    verifiedAt: new Date(taken.getTime() + HOUR_MS).toISOString(),
    needs: [],
    legalHold: false,
    ...changes,
  };
};

export const buildRetention = (
  changes: Partial<BackupPolicy['retention']> = {},
): BackupPolicy['retention'] => ({
  days: 10,
  count: 2,
  gfs: { daily: 0, weekly: 0, monthly: 0 },
  reportOnlyDays: 30,
  ...changes,
});

/** A policy of a year ago, so that it deletes. */
export const buildRetentionPolicy = (
  changes: Partial<BackupPolicy['retention']> = {},
  others: Partial<Omit<RetentionPolicy, 'retention'>> = {},
): RetentionPolicy => ({
  retention: buildRetention(changes),
  timeZone: 'Europe/Berlin',
  since: hoursAgo(366 * 24).toISOString(),
  ...others,
});

/** A verified set of the night as its manifest has it. */
export const buildSet = (changes: Partial<BackupSet> = {}): BackupSet => ({
  version: 1,
  id: '1795230000_2026_11_21_18.10.0-ee',
  environment: 'production',
  policy: 'daily',
  kind: 'tar',
  state: 'verified',
  skip: [],
  execution: {
    arn: 'arn:aws:states:eu-central-1:111122223333:execution:backup:daily-1795230000',
    name: 'daily-1795230000',
    startedAt: '2026-11-21T03:00:00.000Z',
  },
  gitlabVersion: '18.10.0-ee',
  startedAt: '2026-11-21T03:00:00.000Z',
  takenAt: '2026-11-21T03:02:00.000Z',
  endedAt: '2026-11-21T04:52:00.000Z',
  timings: {},
  parts: [],
  needs: [],
  size: 104_000_000_000,
  verification: {
    verdict: 'verified',
    at: '2026-11-21T04:51:00.000Z',
    record: 'backup/sets/production/1795230000_2026_11_21_18.10.0-ee/verifications/x.json',
    reasons: [],
    found: 0,
  },
  copies: [],
  ...changes,
});

const state = fc.constantFrom<BackupSetEntry['state']>(
  'verified',
  'verified',
  'verified',
  'running',
  'unverified',
  'incomplete',
  'corrupt',
  'not-checked',
  'failed',
  'deleted',
);

/** Up to forty sets of two policies, and one that is gone, of the last two months, some building on others. */
export const anySets: fc.Arbitrary<BackupSetEntry[]> = fc
  .uniqueArray(
    fc.record({
      hours: fc.integer({ min: 0, max: 60 * 24 }),
      policy: fc.constantFrom('daily', 'hourly', 'gone'),
      state,
      skip: fc.constantFrom<string[]>([], ['repositories'], ['registry']),
      legalHold: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      lockHours: fc.integer({ min: -400, max: 200 }),
      base: fc.option(fc.nat(39), { freq: 3 }),
    }),
    { maxLength: 40, selector: ({ hours }) => hours },
  )
  .map((rows) =>
    rows
      .toSorted((a, b) => b.hours - a.hours)
      .map(({ hours, lockHours, base, ...row }, index, all) => {
        const older = base === null || index === 0 ? undefined : all[base % index];
        return buildEntry(hours, {
          ...row,
          lockedUntil: hoursAgo(-lockHours).toISOString(),
          needs: older ? [buildEntry(older.hours).id] : [],
        });
      }),
  );

export const anyRetentionPolicy: fc.Arbitrary<RetentionPolicy> = fc
  .record({
    days: fc.integer({ min: 1, max: 40 }),
    count: fc.integer({ min: 1, max: 6 }),
    gfs: fc.record({ daily: fc.nat(5), weekly: fc.nat(4), monthly: fc.nat(3) }),
    reportOnlyDays: fc.constantFrom(0, 30, 365),
    since: fc.constantFrom(hoursAgo(80 * 24).toISOString(), hoursAgo(10 * 24).toISOString(), undefined),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
  })
  .map(({ since, timeZone, ...retention }) => ({ retention, since, timeZone }));
