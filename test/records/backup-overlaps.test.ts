import { describe, expect, test } from 'vitest';
import { findBackupOverlaps } from '../../functions/records/configuration/backup-overlaps.ts';
import { Configuration } from '../../functions/records/configuration.ts';

/** A daily backup at three, unless said otherwise, of a GitLab whose cluster `staging` shares. */
const overlapsOf = (policies: object, upgrade?: object, restore: object = {}) =>
  findBackupOverlaps(
    Configuration.parse({
      version: 1,
      sites: { main: { account: '111122223333', region: 'eu-central-1' } },
      environments: {
        production: { cluster: { name: 'blue' } },
        staging: { cluster: { name: 'blue' } },
        other: { cluster: { name: 'green' } },
      },
      ...(upgrade && { upgrade }),
      backup: {
        environments: {
          production: {
            role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
            destination: { bucket: 'archives' },
            tmpBucket: 'tmp',
            secrets: { bucket: 'secrets', kmsKey: 'alias/secrets' },
            policies,
            restore,
          },
        },
      },
    }),
  );

const daily = (schedule: string, more: object = {}) => ({ daily: { schedule, ...more } });
const THREE = daily('cron(0 3 * * ? *)');
const window = (from: string, to: string, more: object = {}) => ({
  environments: { production: { window: { from, to, ...more } } },
});

test('a site without upgrades has none', () => {
  expect(overlapsOf(daily('cron(0 5 * * ? *)'))).toEqual([]);
});

test('a backup at three, with the check at five, has none', () => {
  expect(overlapsOf(THREE, {})).toEqual([]);
});

test.each([
  ['cron(50 4 * * ? *)', 'UTC', true],
  ['cron(14 5 * * ? *)', 'UTC', true],
  ['cron(15 5 * * ? *)', 'UTC', false],
  ['cron(0 6 * * ? *)', 'Europe/Berlin', true],
  ['cron(0 5 * * ? *)', 'America/New_York', false],
])('a backup at %s %s beside the check at 05:00 UTC is told: %s', (schedule, timeZone, isTold) => {
  expect(overlapsOf(daily(schedule, { timeZone }), {})).toHaveLength(isTold ? 1 : 0);
});

test('what is told of it says when, and what to do', () => {
  expect(overlapsOf(daily('cron(50 4 * * ? *)'), {})).toEqual([
    'The backup of production, policy daily starts within 15 minutes of the daily check of upgrades (upgrade.check.at 05:00 UTC), for example on 2027-01-01 05:00 UTC: the check would report its pod as one that blocks a drain. Move one of them.',
  ]);
});

describe('a window of upgrades', () => {
  test.each<[string, string, object, boolean]>([
    ['02:00', '04:00', {}, true],
    ['03:00', '04:00', {}, true],
    ['01:00', '03:00', {}, false],
    ['03:01', '04:00', {}, false],
    ['22:00', '03:01', {}, true],
    ['22:00', '03:00', {}, false],
    ['04:00', '05:00', { timeZone: 'Europe/Berlin' }, true],
    ['02:00', '04:00', { days: ['sat'] }, true],
  ])('from %s to %s %j meets a backup at three: %s', (from, to, more, isTold) => {
    expect(overlapsOf(THREE, window(from, to, more))).toHaveLength(isTold ? 1 : 0);
  });

  test('of a weekday meets no backup of another one', () => {
    const weekly = daily('cron(0 3 ? * SUN *)', { freshnessHours: 170 });
    const long = { environments: { production: { backupMaxAgeHours: 720, window: at('sat') } } };
    expect(overlapsOf(weekly, long)).toEqual([]);
    const same = { environments: { production: { backupMaxAgeHours: 720, window: at('sun') } } };
    expect(overlapsOf(weekly, same)).toEqual([
      'The backup of production, policy daily starts in the window of upgrades of production (02:00 to 04:00 UTC), for example on 2027-01-03 03:00 UTC: a node that is replaced ends the backup on it. Move one of them.',
    ]);
  });

  const at = (day: string) => ({ from: '02:00', to: '04:00', days: [day] });

  test.each([
    ['staging', 1],
    ['other', 0],
  ])('of %s counts as far as it has the same cluster', (environment, count) => {
    const { environments } = window('02:00', '04:00');
    expect(overlapsOf(THREE, { environments: { [environment]: environments.production } })).toHaveLength(
      count,
    );
  });
});

describe('the gate of an upgrade', () => {
  const allow = (backupMaxAgeHours: number) => ({ environments: { production: { backupMaxAgeHours } } });

  test.each<[string, object, number, boolean]>([
    ['a daily backup', THREE, 24, false],
    ['a daily backup', THREE, 23, true],
    ['a weekly one', daily('cron(0 3 ? * SUN *)', { freshnessHours: 170 }), 24, true],
    ['one at a rate', daily('rate(12 hours)'), 12, false],
  ])('by %s and an age of %s: %i hours at most are missed: %s', (_, policies, hours, isTold) => {
    expect(overlapsOf(policies, allow(hours)).join('\n').includes('its gate stays shut')).toBe(isTold);
  });

  test('is opened by no policy without the database or the repositories', () => {
    const part = { daily: { schedule: 'cron(0 3 * * ? *)', skip: ['repositories'] } };
    expect(overlapsOf(part, {})).toEqual([
      'An upgrade takes a verified backup of at most 24 hours (backupMaxAgeHours), and no policy backs up the whole GitLab of production: at times its gate stays shut. Back up more often, or allow more.',
    ]);
  });

  test('is opened by the one of several that is often enough', () => {
    const both = { ...THREE, weekly: { schedule: 'cron(0 12 ? * SUN *)', freshnessHours: 170 } };
    expect(overlapsOf(both, {})).toEqual([]);
  });
});

describe('a drill', () => {
  const drill = (schedule: string, cluster = 'blue', more: object = {}) => ({
    scratch: { namespace: 'gitlab-drill', cluster },
    drill: { schedule, maxAgeDays: 90, ...more },
  });
  const SUNDAYS = { environments: { staging: { window: { from: '20:00', to: '23:00', days: ['sun'] } } } };

  test.each([
    ['in the window', 'cron(0 21 ? * SUN *)', 'blue', true],
    ['when it has just begun', 'cron(0 20 ? * SUN *)', 'blue', true],
    ['hours before it, and goes on', 'cron(30 16 ? * SUN *)', 'blue', true],
    ['long before it', 'cron(0 16 ? * SUN *)', 'blue', false],
    ['when it is over', 'cron(0 23 ? * SUN *)', 'blue', false],
    ['on another day', 'cron(0 21 ? * TUE *)', 'blue', false],
    ['in the window of another cluster', 'cron(0 21 ? * SUN *)', 'green', false],
  ])('that starts %s (%s on %s) is told: %s', (_, schedule, cluster, isTold) => {
    expect(overlapsOf(THREE, SUNDAYS, drill(schedule, cluster))).toHaveLength(isTold ? 1 : 0);
  });

  test('goes by its own clock, and what is told says whose window it is', () => {
    const berlin = drill('cron(0 22 ? * SUN *)', 'blue', { timeZone: 'Europe/Berlin' });
    expect(overlapsOf(THREE, SUNDAYS, berlin)).toEqual([
      'The restore drill of production would be at work in the window of upgrades of staging (20:00 to 23:00 UTC), for example on 2027-01-03 21:00 UTC: a node that is replaced ends what restores on it, and the drill fails. Move one of them.',
    ]);
    expect(overlapsOf(THREE, undefined, berlin)).toEqual([]);
  });
});
