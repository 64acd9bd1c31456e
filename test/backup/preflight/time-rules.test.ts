import { describe, expect, it } from 'vitest';
import { overlapsWindow } from '../../../functions/backup/preflight/rds-window.ts';
import { databaseReady } from '../../../functions/backup/preflight/rules/database-ready.ts';
import { databaseWindow } from '../../../functions/backup/preflight/rules/database-window.ts';
import { noMaintenance } from '../../../functions/backup/preflight/rules/no-maintenance.ts';
import { notPaused } from '../../../functions/backup/preflight/rules/not-paused.ts';
import { otherBackup } from '../../../functions/backup/preflight/rules/other-backup.ts';
import { previousSet } from '../../../functions/backup/preflight/rules/previous-set.ts';
import { DATABASE, known, ORDINARY, outcomesOf } from './preflight-facts.ts';

/** 2026-11-21 is a Saturday; it is 03:00 UTC, and a run takes 75 minutes. */

const pause = {
  version: 1,
  scope: 'all',
  paused: true,
  by: 'ada',
  why: 'moving',
  since: '2026-11-20T00:00:00Z',
} as const;
const maintenance = (until: string) =>
  known({
    version: 1 as const,
    cluster: 'production',
    why: 'upgrade to 1.36',
    owner: 'arn:execution',
    since: '2026-11-21T01:00:00Z',
    until,
  });

describe('a backup waits', () => {
  it.each([
    [
      'for a pause',
      notPaused,
      { pause: known({ ok: false as const, pause, reason: 'paused (all) by ada' }) },
      'refuse',
    ],
    [
      'for an upgrade that goes on',
      noMaintenance,
      { maintenance: maintenance('2026-11-21T03:00:01Z') },
      'refuse',
    ],
    [
      'not for an upgrade whose time is over',
      noMaintenance,
      { maintenance: maintenance('2026-11-21T03:00:00Z') },
      'pass',
    ],
    [
      'for the set before',
      previousSet,
      { previousSet: known({ id: 'n', state: 'running' as const, startedAt: '2026-11-20T03:00:00Z' }) },
      'refuse',
    ],
    ['for no set, when it is the first', previousSet, { previousSet: known(undefined) }, 'pass'],
    [
      'for each other backup',
      otherBackup,
      {
        running: known([
          { job: 'a', since: 's', startedBy: 'schedule' as const },
          { job: 'b', since: 's', startedBy: 'drydock' as const, backupId: 'another' },
        ]),
      },
      'refuse, refuse',
    ],
    [
      'not for its own Job, from before it was interrupted',
      otherBackup,
      {
        running: known([
          { job: 'a', since: 's', startedBy: 'drydock' as const, backupId: ORDINARY.backupId },
        ]),
      },
      'pass',
    ],
  ])('%s', (_title, rule, change, outcomes) => {
    expect(outcomesOf(rule, change)).toBe(outcomes);
  });
});

describe('a database of RDS', () => {
  it.each([
    ['available', 'pass'],
    ['storage-optimization', 'pass'],
    ['backing-up', 'warn'],
    ['modifying', 'refuse'],
    ['rebooting', 'refuse'],
    ['maintenance', 'refuse'],
    ['storage-full', 'refuse'],
    ['something-new', 'refuse'],
  ])('that is %s: %s', (status, outcome) => {
    expect(outcomesOf(databaseReady, { database: known({ ...DATABASE, status }) })).toBe(outcome);
  });

  it('that is none of RDS is not checked', () => {
    expect(outcomesOf(databaseReady, { database: known(undefined) })).toBe('not-checked');
  });

  it.each([
    ['in its backup window', { backupWindow: '02:45-03:15' }, 'warn'],
    ['before its backup window, within the run', { backupWindow: '04:14-04:44' }, 'warn'],
    ['before its backup window, after the run', { backupWindow: '04:15-04:45' }, 'pass'],
    ['in its maintenance window, nothing pending', { maintenanceWindow: 'sat:02:45-sat:03:15' }, 'warn'],
    [
      'in its maintenance window, something pending',
      { maintenanceWindow: 'sat:02:45-sat:03:15', pendingMaintenance: ['system-update'] },
      'refuse',
    ],
    [
      'on another day than its maintenance window',
      { maintenanceWindow: 'sun:02:45-sun:03:15', pendingMaintenance: ['system-update'] },
      'pass',
    ],
    ['with a window that can not be read', { maintenanceWindow: 'someday' }, 'not-checked'],
    ['with no maintenance window known', { maintenanceWindow: undefined }, 'not-checked'],
  ])('%s', (_title, change, outcome) => {
    const { maintenanceWindow, ...database } = { ...DATABASE, ...change };
    const given = maintenanceWindow === undefined ? database : { ...database, maintenanceWindow };
    expect(outcomesOf(databaseWindow, { database: known(given) })).toBe(outcome);
  });
});

describe('a window of RDS', () => {
  it.each([
    ['04:00-04:30', '2026-11-21T04:00:00Z', 0, true],
    ['04:00-04:30', '2026-11-21T04:29:00Z', 0, true],
    ['04:00-04:30', '2026-11-21T04:30:00Z', 0, false],
    ['04:00-04:30', '2026-11-21T03:00:00Z', 60, false],
    ['04:00-04:30', '2026-11-21T03:00:00Z', 61, true],
    ['23:45-00:15', '2026-11-21T00:10:00Z', 0, true],
    ['23:45-00:15', '2026-11-21T00:15:00Z', 0, false],
    ['23:45-00:15', '2026-11-21T22:00:00Z', 120, true],
    ['sat:23:45-sun:00:15', '2026-11-22T00:10:00Z', 0, true],
    ['sat:23:45-sun:00:15', '2026-11-21T00:10:00Z', 0, false],
    ['Sun:05:00-Sun:05:30', '2026-11-21T20:00:00Z', 600, true],
    ['24:00-24:30', '2026-11-21T00:00:00Z', 0, undefined],
    ['sun:05:00-05:30', '2026-11-21T00:00:00Z', 0, undefined],
    ['xyz:05:00-xyz:05:30', '2026-11-21T00:00:00Z', 0, undefined],
  ])('%s meets a run from %s of %i minutes: %s', (window, now, minutes, meets) => {
    expect(overlapsWindow(window, new Date(now), minutes)).toBe(meets);
  });
});
