import type * as z from 'zod';
import type { Executions } from '../clients/executions.ts';
import { DEFERRAL_PREFIX, deferralKind } from '../records/deferral.ts';
import { LOCK_PREFIX, lockKind } from '../records/lock.ts';
import { OPEN_ROLLOUT_PREFIX, rolloutKey, rolloutKind } from '../records/rollout.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { nameDeployment } from './execution-name.ts';
import * as contract from './repair-records.contract.ts';
import { endRollout, type RolloutEndDeps, wireRolloutEnd } from './rollout-end.ts';

/** Seconds a rollout may be left alone by its ended execution: the failure handler may be at it right now. */
const UNFINISHED_SECONDS = 60;

interface Deps extends RolloutEndDeps {
  readonly executions: Pick<Executions, 'start' | 'describe'>;
  readonly deploymentMachine: string;
}

type Output = z.input<typeof contract.Output>;

/**
 * Repairs what the steps and the failure handler missed: makes deferred attempts that are due, publishes what was
 * never sent, ends rollouts whose execution has ended, and frees the locks of ended owners.
 */
export const run = async (
  _input: z.output<typeof contract.Input>,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const repaired = {
    attempted: await attemptDeferred(deps),
    ended: await endUnfinished(deps),
    freed: await freeLocks(deps),
    // Last, so that a topic that refuses us keeps no target locked.
    published: await deps.outbox.republish(),
  };
  log.info('Repaired', { count: Object.values(repaired).reduce((sum, count) => sum + count, 0) });
  return repaired;
};

const attemptDeferred = async ({ ledger, executions, clock, deploymentMachine }: Deps): Promise<number> => {
  let attempted = 0;
  for await (const key of ledger.list(DEFERRAL_PREFIX)) {
    const deferral = (await ledger.read(deferralKind, key))?.value;
    if (!deferral || clock.now().getTime() < Date.parse(deferral.nextAttemptAt)) continue;
    const { event, attempts } = deferral;
    // The name carries the attempt; the event keeps its id, so that its answer removes this very record.
    const name = nameDeployment({ ...event, id: `${event.id}-attempt-${attempts + 1}` });
    await executions.start({ machine: deploymentMachine, name, input: { event } });
    attempted += 1;
  }
  return attempted;
};

const endUnfinished = async (deps: Deps): Promise<number> => {
  let ended = 0;
  for await (const key of deps.ledger.list(OPEN_ROLLOUT_PREFIX)) {
    const opened = (await deps.ledger.read(rolloutKind, key))?.value;
    if (!opened || (await isAtWork(opened.execution.arn, deps))) continue;
    const rollout = (await deps.ledger.read(rolloutKind, rolloutKey(opened.order.name)))?.value ?? opened;
    const outcome = rollout.outcome ?? 'aborted';
    const reasons = rollout.outcome
      ? rollout.reasons
      : ['its execution ended without a word; found by the sweep'];
    await endRollout({ order: opened.order, execution: opened.execution, outcome, reasons }, deps);
    ended += 1;
  }
  return ended;
};

const freeLocks = async (deps: Deps): Promise<number> => {
  let freed = 0;
  for await (const key of deps.ledger.list(`${LOCK_PREFIX}deployment/`)) {
    const lock = (await deps.ledger.read(lockKind, key))?.value;
    if (!lock?.owner || (await isAtWork(lock.owner, deps))) continue;
    await deps.locks.release(lock.name, lock.owner);
    freed += 1;
  }
  return freed;
};

/** Does this execution still run, or has it ended so recently that its own clean-up may be under way? */
const isAtWork = async (arn: string, { executions, clock }: Deps): Promise<boolean> => {
  const execution = await executions.describe(arn);
  if (!execution) return false;
  if (execution.status === 'running') return true;
  const stoppedAt = execution.stoppedAt?.getTime() ?? 0;
  return clock.now().getTime() - stoppedAt < UNFINISHED_SECONDS * 1_000;
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ ...wireRolloutEnd(env), deploymentMachine: env.DEPLOYMENT_MACHINE_ARN }),
  run,
});
