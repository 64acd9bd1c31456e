import { describe, expect, it } from 'vitest';
import { Input, Output } from '../../functions/backup/judge-freshness.contract.ts';
import { run } from '../../functions/backup/judge-freshness.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { MetricValue } from '../../functions/clients/metrics.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { freshnessKey, freshnessKind } from '../../functions/records/backup/freshness.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { backupSetIndexKey } from '../../functions/records/backup/set-index.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../functions/records/verified-backup.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildKept, manifestOf } from '../support/backup-upkeep.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { pauseBackups } from '../support/pause-backups.ts';
import { createFakeNotifier } from '../support/target-events.ts';
import { calmInvocation } from '../support/target-world.ts';

const HOUR = 3_600_000;

/** A site of which nothing is known yet. */
const createSite = (environments = buildKept()) => {
  const ledger = createMemoryLedger();
  const clock = createFixedClock(BACKUP_TIME.toISOString());
  const notifier = createFakeNotifier();
  const sets = openSetStore({ ledger, clock, policiesOf: () => ['daily', 'hourly'] });
  const site = {
    ledger,
    clock,
    notifier,
    values: [] as MetricValue[],
    failing: undefined as Error | undefined,
    add: (entry: BackupSetEntry, environment = 'production') => sets.open(manifestOf(entry, { environment })),
    look: async () => {
      site.values = [];
      const deps = {
        environments,
        ledger,
        clock,
        pauses: openPauses(ledger, clock),
        outbox: openOutbox(ledger, notifier, clock),
        metrics: {
          put: async (_namespace: string, values: readonly MetricValue[]) => {
            if (site.failing) throw site.failing;
            site.values.push(...values);
          },
        },
      };
      return Output.parse(await run(Input.parse({}), deps, calmInvocation()));
    },
    told: () => notifier.published.map(({ happened }) => happened),
    ages: () =>
      Object.fromEntries(
        site.values.map(({ dimensions, value }) => [Object.values(dimensions).join('/'), value]),
      ),
  };
  return site;
};

describe('the look at freshness', () => {
  it('alarms when nothing at all has ever run, once the limit has passed since the first look', async () => {
    const site = createSite();
    expect(await site.look()).toEqual({ judged: 2, alarming: 0, told: 0 });
    expect(site.ages()).toEqual({ production: 0, 'production/daily': 0 });
    site.clock.advance(26 * HOUR);
    expect(await site.look()).toMatchObject({ alarming: 0 });
    site.clock.advance(60_000);
    expect(await site.look()).toEqual({ judged: 2, alarming: 2, told: 1 });
    expect(site.told()).toEqual(['Never a verified backup of production, and 26 hours are over.']);
    expect(site.ages()).toEqual({ production: 26 * 3600 + 60, 'production/daily': 26 * 3600 + 60 });
  });

  it('tells a late backup once, and once more when there is a fresh one', async () => {
    const site = createSite();
    await site.add(buildEntry(27));
    for (let times = 0; times < 3; times += 1) {
      await site.look();
      site.clock.advance(900_000);
    }
    expect(site.told()).toEqual(['No verified backup of production in 26 hours.']);
    await site.add(buildEntry(0));
    await site.look();
    await site.look();
    expect(site.told().slice(1)).toEqual(['There is a fresh backup of production again.']);
    expect((await site.ledger.read(freshnessKind, freshnessKey('production')))?.value.judged).toMatchObject([
      { state: 'ok', alarming: false },
      { policy: 'daily', state: 'ok' },
    ]);
  });

  it.each<BackupSetEntry['state']>([
    'running',
    'unverified',
    'incomplete',
    'corrupt',
    'not-checked',
    'failed',
  ])('counts no set that is %s', async (state) => {
    const site = createSite();
    await site.add(buildEntry(40));
    await site.add(buildEntry(1, { state }));
    expect(await site.look()).toMatchObject({ alarming: 2 });
  });

  it('tells of a policy alone when the whole backups are fresh', async () => {
    const site = createSite(
      buildKept({
        production: {
          daily: {},
          hourly: { freshnessHours: 3, schedule: 'rate(1 hour)', skip: ['repositories'] },
        },
      }),
    );
    await site.add(buildEntry(5));
    await site.add(buildEntry(4, { policy: 'hourly', skip: ['repositories'] }));
    await site.look();
    expect(site.told()).toEqual(['No verified backup of production (policy hourly) in 3 hours.']);
    expect(site.ages()).toEqual({
      production: 5 * 3600,
      'production/daily': 5 * 3600,
      'production/hourly': 4 * 3600,
    });
  });

  it('counts a backup of another tool that a person named for the environment, and for no policy', async () => {
    const site = createSite();
    await site.add(buildEntry(40));
    await site.ledger.remove(verifiedBackupKey('production'));
    await site.ledger.claim(verifiedBackupKind, verifiedBackupKey('production'), {
      version: 1,
      environment: 'production',
      set: 'velero-1',
      takenAt: hoursAgo(2).toISOString(),
      verifiedAt: hoursAgo(1).toISOString(),
      by: 'velero',
    });
    await site.look();
    expect(site.ages()).toEqual({ production: 2 * 3600, 'production/daily': 40 * 3600 });
    expect(site.told()).toEqual(['No verified backup of production (policy daily) in 26 hours.']);
  });

  it('is not kept quiet by a pause, and says that there is one', async () => {
    const site = createSite();
    await site.add(buildEntry(30));
    await pauseBackups(site, { by: 'ada', why: 'move', since: hoursAgo(30).toISOString() });
    await site.look();
    expect(site.notifier.published[0]?.reasons[0]).toMatch(
      /Backups are paused \(capability\/backup\) by ada/,
    );
  });

  it('does not tell green what it can not read, and gives no value for it', async () => {
    const site = createSite(buildKept({ production: { daily: {} }, staging: { daily: {} } }));
    await site.add(buildEntry(1));
    await site.add(buildEntry(1), 'staging');
    const key = backupSetIndexKey('production', 'daily');
    await site.ledger.remove(key);
    await site.ledger.claim({ name: 'x', schema: verifiedBackupKind.schema }, key, {
      version: 1,
      environment: 'production',
      set: 'x',
      takenAt: hoursAgo(1).toISOString(),
      verifiedAt: hoursAgo(1).toISOString(),
      by: 'x',
    });
    expect(await site.look()).toMatchObject({ alarming: 2 });
    expect(site.ages()).toEqual({ staging: 3600, 'staging/daily': 3600 });
    expect(site.told()).toEqual(['Whether there is a fresh backup of production can not be told.']);
  });

  it('tells people also when CloudWatch is away, and fails, so that it is looked at again', async () => {
    const site = createSite();
    await site.add(buildEntry(27));
    site.failing = new TransientError('metrics.unreachable', 'CloudWatch did not answer.');
    await expect(site.look()).rejects.toThrow(/CloudWatch/);
    expect(site.told()).toHaveLength(1);
  });

  it('tells again under the same id what it could not note as told, which the outbox keeps back', async () => {
    const site = createSite();
    await site.add(buildEntry(27));
    await site.look();
    await site.ledger.remove(freshnessKey('production'));
    site.clock.advance(900_000);
    await site.look();
    expect(site.told()).toHaveLength(1);
  });
});
