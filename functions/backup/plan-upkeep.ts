import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import {
  DUE_PAGE,
  MAX_DUE_SETS,
  type UpkeepPlan,
  upkeepPlanKey,
  upkeepPlanKind,
} from '../records/backup/upkeep.ts';
import { HOUR_MS } from '../rules/utc-days.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './plan-upkeep.contract.ts';
import type { SetStore } from './sets/set-store.ts';
import { composeForsakenNotice } from './telling/forsaken-notice.ts';
import { compareLongestAgo } from './upkeep/due-sets.ts';
import { findForsaken } from './upkeep/forsaken-environments.ts';
import { type KeptEnvironment, listKept } from './upkeep/kept-environments.ts';
import { type Survey, surveyEnvironment } from './upkeep/survey.ts';
import { nameVerification } from './upkeep/verification-name.ts';
import { wireSets } from './wiring.ts';

/** A night that reads for longer leaves the rest to the next one, and goes on to delete and to tell. */
const READING_MS = 12 * HOUR_MS;

interface Deps {
  readonly environments: readonly KeptEnvironment[];
  readonly ledger: Ledger;
  readonly sets: SetStore;
  readonly executions: Pick<Executions, 'describe'>;
  readonly outbox: Pick<Outbox, 'republish' | 'tell'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Plans a night's upkeep, once an execution, and gives the sets to read again page by page: the plans themselves lie in
 * the ledger, one an environment. Sends what was written down and not sent, too.
 *
 * @throws RefusedError `backup.unknown` when no environment of this name is backed up.
 */
export const run = async (
  { execution, request, from }: Input,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const environments = choose(request.environment, deps.environments);
  if (from === 0) {
    // No upkeep waits for an old message; the alarm on this topic's own errors tells.
    const warn = (error: unknown): void => log.warn(error instanceof Error ? error.message : String(error));
    await deps.outbox.republish().catch(warn);
    if (request.environment === undefined && !request.dryRun) await tellForsaken(execution, deps).catch(warn);
  }
  const plans = await readPlans(execution.name, environments, deps);
  const complete =
    plans.length === environments.length ? plans : await makePlans(execution, request, environments, deps);
  const due = complete
    .flatMap((plan) => plan.due)
    .toSorted((a, b) => compareLongestAgo({ ...a, id: a.set.id }, { ...b, id: b.set.id }));
  const isOver = deps.clock.now().getTime() - Date.parse(execution.startedAt) > READING_MS;
  const page = isOver ? [] : due.slice(from, from + DUE_PAGE);
  const next = from + page.length;
  return {
    environments: environments.map(({ environment }) => environment),
    sets: page.map(({ set }) => ({ name: nameVerification(execution.name, set), set })),
    outcome: !isOver && next < due.length ? 'more' : 'all',
    from: next,
    due: due.length,
  };
};

const tellForsaken = async (
  execution: Input['execution'],
  { environments, ledger, outbox, clock }: Deps,
): Promise<void> => {
  const kept = environments.map(({ environment }) => environment);
  for (const one of await findForsaken(kept, ledger)) {
    await outbox.tell(composeForsakenNotice(one, execution, clock.now()));
  }
};

const choose = (
  name: string | undefined,
  environments: readonly KeptEnvironment[],
): readonly KeptEnvironment[] => {
  if (name === undefined) return environments;
  const found = environments.filter(({ environment }) => environment === name);
  if (found.length > 0) return found;
  const known = environments.map(({ environment }) => environment).join(', ') || 'none';
  throw new RefusedError(
    'backup.unknown',
    `drydock.yaml has no backup of an environment ${name}; it has: ${known}.`,
  );
};

const readPlans = async (
  execution: string,
  environments: readonly KeptEnvironment[],
  { ledger }: Deps,
): Promise<UpkeepPlan[]> => {
  const read = await Promise.all(
    environments.map(({ environment }) => ledger.read(upkeepPlanKind, upkeepPlanKey(environment, execution))),
  );
  return read.flatMap((one) => (one ? [one.value] : []));
};

/** A plan that was written already stays, so that a repeat verifies and deletes what was planned first. */
const makePlans = async (
  execution: Input['execution'],
  { dryRun }: Input['request'],
  environments: readonly KeptEnvironment[],
  deps: Deps,
): Promise<UpkeepPlan[]> => {
  const surveys: Survey[] = [];
  for (const kept of environments) surveys.push(await surveyEnvironment(kept, dryRun, deps));
  const room = new Set(
    surveys
      .flatMap(({ environment, due }) => due.map((entry) => ({ ...entry, environment })))
      .toSorted(compareLongestAgo)
      .slice(0, MAX_DUE_SETS)
      .map(({ environment, id }) => `${environment}/${id}`),
  );
  for (const { due, ...survey } of surveys) {
    const { environment } = survey;
    const tonight = due.filter(({ id }) => room.has(`${environment}/${id}`));
    const plan: UpkeepPlan = {
      version: 1,
      ...survey,
      execution,
      plannedAt: deps.clock.now().toISOString(),
      due: tonight.map(({ id, policy, state, verifiedAt }) => ({
        set: { environment, policy, id },
        state,
        ...(verifiedAt === undefined ? {} : { verifiedAt }),
      })),
      postponed: due.length - tonight.length,
    };
    await deps.ledger.claim(upkeepPlanKind, upkeepPlanKey(environment, execution.name), plan);
  }
  return readPlans(execution.name, environments, deps);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      environments: listKept(readConfiguration()),
      ledger,
      sets: wireSets(ledger),
      executions: openExecutions(),
      outbox: openOutbox(ledger, connectNotifier(TOPIC_ARN), systemClock),
      clock: systemClock,
    };
  },
  run,
});
