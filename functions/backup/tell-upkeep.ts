import pMap from 'p-map';
import type * as z from 'zod';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import type { BackupSet } from '../records/backup/set.ts';
import {
  type UpkeepPlan,
  upkeepPlanKey,
  upkeepPlanKind,
  upkeepToldKey,
  upkeepToldKind,
} from '../records/backup/upkeep.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { DefectError } from '../runtime/errors.ts';
import { makeLambda } from '../runtime/lambda.ts';
import type { SetStore } from './sets/set-store.ts';
import { listVerified } from './sets/verified-sets.ts';
import * as contract from './tell-upkeep.contract.ts';
import { composeUpkeepNotice } from './telling/upkeep-notice.ts';
import { type KeptEnvironment, listKept } from './upkeep/kept-environments.ts';
import { findNews, noteTold, sumUpNight } from './upkeep/night-result.ts';
import { wireSets } from './wiring.ts';

/** Manifests read at the same time. */
const CONCURRENCY = 16;

interface Deps {
  readonly environments: readonly KeptEnvironment[];
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'read' | 'listAll'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Told = Output['environments'][number];

/**
 * Tells what of a night needs a person, in one message an environment: found by holding its plan against the manifests as
 * they are now, so that it does not matter which execution read or deleted a set. Noted after it was told, so that whoever
 * dies in between tells it again under the same id, which the outbox keeps back.
 *
 * @throws DefectError `plan.missing` when this execution wrote no plan.
 */
export const run = async ({ execution, environments }: Input, deps: Deps): Promise<Output> => {
  const told: Told[] = [];
  for (const environment of environments) told.push(await tellNight(environment, execution, deps));
  return { environments: told };
};

const tellNight = async (environment: string, execution: Input['execution'], deps: Deps): Promise<Told> => {
  const { ledger, clock, outbox } = deps;
  const plan = (await ledger.read(upkeepPlanKind, upkeepPlanKey(environment, execution.name)))?.value;
  if (!plan) {
    throw new DefectError(
      'plan.missing',
      `There is no plan of ${execution.name} for ${environment} in the ledger.`,
    );
  }
  const kept = deps.environments.find((one) => one.environment === environment);
  const result = sumUpNight(plan, await readSets(plan, deps), kept?.settings.verifyEveryDays);
  const before = (await ledger.read(upkeepToldKind, upkeepToldKey(environment)))?.value;
  const news = findNews(result, before, plan.dryRun);
  const [newest] = listVerified(await deps.sets.listAll(environment));
  const now = clock.now();
  const notice = composeUpkeepNotice({ environment, result, news, newest, execution }, now);
  if (notice) await outbox.tell(notice);
  await updateRecord(
    ledger,
    upkeepToldKind,
    upkeepToldKey(environment),
    (current) => noteTold(current, environment, result, news, now),
    clock,
  );
  return {
    environment,
    verified: result.verified.length,
    lost: result.lost.length,
    deleted: result.deleted.length,
    wouldDelete: result.wouldDelete.length,
    notices: notice ? [notice.id] : [],
  };
};

/** What was due, and what was to go. */
const readSets = async (
  { environment, due, decisions }: UpkeepPlan,
  { sets }: Deps,
): Promise<Map<string, BackupSet>> => {
  const ids = new Set([
    ...due.map(({ set }) => set.id),
    ...decisions.flatMap(({ set, action }) => (action === 'delete' ? [set] : [])),
  ]);
  const read = await pMap(ids, (id) => sets.read({ environment, id }), { concurrency: CONCURRENCY });
  return new Map(read.flatMap((set) => (set ? [[set.id, set] as const] : [])));
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      environments: listKept(readConfiguration()),
      ledger,
      sets: wireSets(ledger),
      outbox: openOutbox(ledger, connectNotifier(TOPIC_ARN), systemClock),
      clock: systemClock,
    };
  },
  run,
});
