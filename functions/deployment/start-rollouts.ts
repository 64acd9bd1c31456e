import pMap from 'p-map';
import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { planKey, planKind } from '../records/plan.ts';
import { DefectError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './start-rollouts.contract.ts';

/**
 * Executions started at once. StartExecution refills at 150 to 300 a second, by region, and its bucket is shared
 * with everything else in the account (Step Functions quotas, "API action quotas").
 */
const CONCURRENCY = 10;
/** Orders started between two looks at the clock. */
const PAGE = 50;
/** Milliseconds a page may need when StartExecution is throttled; with less left, the machine calls again. */
const PAGE_MS = 10_000;

interface Deps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly rolloutMachine: string;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** Starts one `rollout` execution for each order of the plan; one that runs already is as good as started. */
export const run = async (
  { execution, from }: Input,
  deps: Deps,
  { remainingMs }: Pick<Invocation, 'remainingMs'>,
): Promise<Output> => {
  const plan = await deps.ledger.read(planKind, planKey(execution.name));
  if (!plan) throw new DefectError('plan.missing', `There is no plan for ${execution.name} in the ledger.`);
  const { orders } = plan.value;
  let next = from;
  while (next < orders.length) {
    if (next > from && remainingMs() < PAGE_MS) return { outcome: 'more', from: next };
    const page = orders.slice(next, next + PAGE);
    await pMap(
      page,
      (order) => deps.executions.start({ machine: deps.rolloutMachine, name: order.name, input: { order } }),
      { concurrency: CONCURRENCY },
    );
    next += page.length;
  }
  return { outcome: 'started', from: next };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, ROLLOUT_MACHINE_ARN }) => ({
    ledger: connectLedger(LEDGER_BUCKET),
    executions: openExecutions(),
    rolloutMachine: ROLLOUT_MACHINE_ARN,
  }),
  run,
});
