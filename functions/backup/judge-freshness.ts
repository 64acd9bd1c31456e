import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Metrics, type MetricValue, openMetrics } from '../clients/metrics.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { type Freshness, freshnessKey, freshnessKind } from '../records/backup/freshness.ts';
import { FRESHNESS_METRIC, freshnessDimensions } from '../records/backup/freshness-metric.ts';
import { type VerifiedBackup, verifiedBackupKey, verifiedBackupKind } from '../records/verified-backup.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { measureDrillAge } from './freshness/drill-age.ts';
import { judgeEnvironmentFreshness, type PolicyFacts } from './freshness/environment-freshness.ts';
import { compareFreshness } from './freshness/freshness-change.ts';
import { watchPolicy } from './freshness/policy-watch.ts';
import { chooseTold } from './freshness/told-changes.ts';
import * as contract from './judge-freshness.contract.ts';
import { composeFreshnessNotice } from './telling/freshness-notice.ts';
import { type KeptEnvironment, listKept, type NamedPolicy } from './upkeep/kept-environments.ts';

interface Deps {
  readonly environments: readonly KeptEnvironment[];
  readonly ledger: Ledger;
  readonly pauses: Pick<Pauses, 'judge'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

type Output = z.input<typeof contract.Output>;

/**
 * Looks how old the last verified backup is, of every policy and every environment, and how long ago a restore was last
 * rehearsed: the dead man's alarm, which needs nothing to have run. The metric is written before anybody is told, and an
 * environment that can not be looked at hides no other; its own alarm then goes by the value that is missing.
 *
 * @throws what the first environment threw that could not be looked at or told, after all others were.
 */
export const run = async (
  _input: z.output<typeof contract.Input>,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const failures: unknown[] = [];
  const attempt = async <T>(environment: string | undefined, step: () => Promise<T>): Promise<T[]> => {
    try {
      return [await step()];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.warn(message, environment === undefined ? {} : { environment });
      failures.push(error);
      return [];
    }
  };
  const now = deps.clock.now();
  const looks: Look[] = [];
  for (const kept of deps.environments) {
    looks.push(...(await attempt(kept.environment, () => lookAt(kept, now, deps, log))));
  }
  const drills: MetricValue[] = [];
  for (const { environment, settings } of deps.environments) {
    const measured = await attempt(environment, () =>
      measureDrillAge(environment, settings, deps.ledger, now),
    );
    drills.push(...measured.flat());
  }
  const values = [...looks.flatMap(measure), ...drills];
  await attempt(undefined, () => deps.metrics.put(FRESHNESS_METRIC.namespace, values, now));
  const told: number[] = [];
  for (const look of looks)
    told.push(...(await attempt(look.environment, () => tellChanges(look, now, deps))));
  if (failures.length > 0) throw failures[0];
  const judged = looks.flatMap((look) => look.judged);
  return {
    judged: judged.length,
    alarming: judged.filter(({ alarming }) => alarming).length,
    told: told.reduce((sum, one) => sum + one, 0),
  };
};

interface Look {
  readonly environment: string;
  readonly judged: readonly Freshness[];
}

const lookAt = async (
  { environment, policies }: KeptEnvironment,
  now: Date,
  deps: Deps,
  log: Invocation['log'],
): Promise<Look> => {
  const facts = await Promise.all(policies.map((policy) => gatherFacts(environment, policy, now, deps)));
  const named = await readNamed(environment, deps, log);
  return { environment, judged: judgeEnvironmentFreshness(facts, named, now) };
};

const gatherFacts = async (
  environment: string,
  { name, freshnessHours, skip }: NamedPolicy,
  now: Date,
  { ledger, pauses }: Deps,
): Promise<PolicyFacts> => {
  const index = await watchPolicy(environment, name, ledger, now);
  const pause = await pauses.judge({ capability: 'backup', environment, target: name });
  return {
    policy: name,
    limitHours: freshnessHours,
    skip,
    ...('unread' in index
      ? { since: undefined, sets: [], unread: index.unread }
      : { since: index.since, sets: index.sets }),
    ...(pause.ok ? {} : { paused: pause.reason }),
  };
};

/** Our own sets stand in their index; what counts beside them is the backup of another tool that a person named. */
const readNamed = async (
  environment: string,
  { ledger }: Deps,
  log: Invocation['log'],
): Promise<VerifiedBackup | undefined> => {
  try {
    const record = (await ledger.read(verifiedBackupKind, verifiedBackupKey(environment)))?.value;
    return record?.by === 'drydock' ? undefined : record;
  } catch (error) {
    // Without it the alarm comes too early, never too late.
    log.warn(error instanceof Error ? error.message : String(error), { environment });
    return undefined;
  }
};

const measure = ({ environment, judged }: Look): MetricValue[] =>
  judged.flatMap(({ policy, ageSeconds }) =>
    ageSeconds === undefined
      ? []
      : [
          {
            name: FRESHNESS_METRIC.name,
            dimensions: freshnessDimensions(environment, policy),
            value: ageSeconds,
            unit: 'Seconds' as const,
          },
        ],
  );

/** Noted after it was told: whoever dies in between tells it again under the same id, which the outbox keeps back. */
const tellChanges = async (
  { environment, judged: seen }: Look,
  now: Date,
  { ledger, outbox, clock }: Deps,
): Promise<number> => {
  const key = freshnessKey(environment);
  const before = (await ledger.read(freshnessKind, key))?.value.judged ?? [];
  const { judged, changes } = compareFreshness(before, seen);
  const told = chooseTold(changes);
  for (const change of told) await outbox.tell(composeFreshnessNotice(environment, change, now));
  const record = { version: 1 as const, environment, judgedAt: now.toISOString(), judged };
  await updateRecord(ledger, freshnessKind, key, () => record, clock);
  return told.length;
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      environments: listKept(readConfiguration()),
      ledger,
      pauses: openPauses(ledger, systemClock),
      outbox: openOutbox(ledger, connectNotifier(TOPIC_ARN), systemClock),
      metrics: openMetrics(),
      clock: systemClock,
    };
  },
  run,
});
