import { describe, expect, it } from 'vitest';
import { Input } from '../../../functions/backup/judge-freshness.contract.ts';
import { run } from '../../../functions/backup/judge-freshness.ts';
import type { MetricValue } from '../../../functions/clients/metrics.ts';
import { openOutbox } from '../../../functions/clients/outbox.ts';
import { openPauses } from '../../../functions/clients/pauses.ts';
import {
  DRILL_METRIC,
  type LastDrill,
  lastDrillKey,
  lastDrillKind,
} from '../../../functions/records/backup/last-drill.ts';
import { verifiedBackupKind } from '../../../functions/records/verified-backup.ts';
import { BACKUP_TIME, hoursAgo } from '../../support/backup-sets.ts';
import { buildBackupSettings, parseKept } from '../../support/backup-upkeep.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createFakeNotifier } from '../../support/target-events.ts';
import { calmInvocation } from '../../support/target-world.ts';

const HOUR = 3_600;
const DRILLED = { restore: { scratch: { namespace: 'gitlab-drill' }, drill: {} } };

const createSite = (drilled: readonly string[] = ['production'], others: readonly string[] = []) => {
  const ledger = createMemoryLedger();
  const clock = createFixedClock(BACKUP_TIME.toISOString());
  const environments = parseKept(
    Object.fromEntries([
      ...drilled.map((name) => [name, { ...buildBackupSettings(name, { daily: {} }), ...DRILLED }]),
      ...others.map((name) => [name, buildBackupSettings(name, { daily: {} })]),
    ]),
  );
  const look = async (): Promise<Record<string, number>> => {
    const values: MetricValue[] = [];
    const deps = {
      environments,
      ledger,
      clock,
      pauses: openPauses(ledger, clock),
      outbox: openOutbox(ledger, createFakeNotifier(), clock),
      metrics: { put: async (_: string, given: readonly MetricValue[]) => void values.push(...given) },
    };
    const ended = run(Input.parse({}), deps, calmInvocation());
    await ended.catch(() => undefined);
    const ages = values.filter(({ name }) => name === DRILL_METRIC.name);
    return Object.fromEntries(ages.map(({ dimensions, value }) => [dimensions['Environment'], value]));
  };
  const note = (last: Omit<LastDrill, 'version' | 'environment'>, environment = 'production') =>
    ledger.claim(lastDrillKind, lastDrillKey(environment), { version: 1, environment, ...last });
  return { ledger, clock, look, note };
};

const ended = (hours: number, outcome: 'passed' | 'failed') => ({
  id: 'drill-1',
  set: { environment: 'production', policy: 'daily', id: '1795230000_2026_11_21_18.10.0-ee' },
  outcome,
  endedAt: hoursAgo(hours).toISOString(),
});

describe('the age of the last drill', () => {
  it('counts from the first look on while none has run', async () => {
    const site = createSite();
    expect(await site.look()).toEqual({ production: 0 });
    site.clock.advance(30 * HOUR * 1_000);
    expect(await site.look()).toEqual({ production: 30 * HOUR });
  });

  it('counts from the last one that passed, whatever failed since', async () => {
    const site = createSite();
    await site.note({
      since: hoursAgo(900).toISOString(),
      ended: ended(2, 'failed'),
      passed: ended(40, 'passed'),
    });
    expect(await site.look()).toEqual({ production: 40 * HOUR });
  });

  it('is not asked for where no drill is configured', async () => {
    const site = createSite(['production'], ['staging']);
    expect(await site.look()).toEqual({ production: 0 });
    expect(site.ledger.objects.has(lastDrillKey('staging'))).toBe(false);
  });

  it('is given for the others when one record can not be read, and for that one it is missing', async () => {
    const site = createSite(['broken', 'production']);
    await site.ledger.claim(verifiedBackupKind, lastDrillKey('broken'), {
      version: 1,
      environment: 'broken',
      set: 'x',
      takenAt: hoursAgo(1).toISOString(),
      verifiedAt: hoursAgo(1).toISOString(),
      by: 'x',
    });
    await site.note({ since: hoursAgo(5).toISOString() });
    expect(await site.look()).toEqual({ production: 5 * HOUR });
  });
});
