import type * as z from 'zod';
import type { Executions } from '../clients/executions.ts';
import { updateRecord } from '../clients/ledger.ts';
import { DEFERRAL_PREFIX, deferralKind } from '../records/deferral.ts';
import { LOCK_PREFIX, lockKind } from '../records/lock.ts';
import { OPEN_ROLLOUT_PREFIX, rolloutKey, rolloutKind, targetLock } from '../records/rollout.ts';
import { targetStateKey, targetStateKind } from '../records/target-state.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { planAttempt } from './deferral.ts';
import { nameDeployment } from './execution-name.ts';
import * as contract from './repair-records.contract.ts';
import { endRollout, freeTarget, type RolloutEndDeps, wireRolloutEnd } from './rollout-end.ts';

/** Seconds a rollout may be left alone by its ended execution: the failure handler may be at it right now. */
const UNFINISHED_SECONDS = 60;

interface Deps extends RolloutEndDeps {
  readonly executions: Pick<Executions, 'start' | 'describe'>;
  readonly deploymentMachine: string;
}

type Output = z.input<typeof contract.Output>;

/**
 * Repairs what the steps and the failure handler missed: makes deferred attempts that are due, publishes what was
 * never sent, ends rollouts whose execution has ended, and frees the locks of ended owners. A record that cannot be
 * repaired hides no other.
 *
 * @throws what the first such record threw, after all others were looked at.
 */
export const run = async (
  _input: z.output<typeof contract.Input>,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const failures: unknown[] = [];
  const count = async (keys: AsyncIterable<string>, repair: Repair): Promise<number> => {
    let repaired = 0;
    for await (const key of keys) {
      try {
        if (await repair(key, deps)) repaired += 1;
      } catch (error) {
        log.warn(error instanceof Error ? error.message : String(error), { key });
        failures.push(error);
      }
    }
    return repaired;
  };
  const repaired = {
    attempted: await count(deps.ledger.list(DEFERRAL_PREFIX), attemptDeferred),
    ended: await count(deps.ledger.list(OPEN_ROLLOUT_PREFIX), endUnfinished),
    freed: await count(deps.ledger.list(TARGET_LOCKS), freeLock),
    published: await deps.outbox.republish().catch((error: unknown) => {
      failures.push(error);
      return 0;
    }),
  };
  log.info('Repaired', { count: Object.values(repaired).reduce((sum, one) => sum + one, 0) });
  if (failures.length > 0) throw failures[0];
  return repaired;
};

/** Looks at one record; true when there was something to repair. */
type Repair = (key: string, deps: Deps) => Promise<boolean>;

const TARGET_LOCKS = `${LOCK_PREFIX}${targetLock('')}`;

const attemptDeferred: Repair = async (key, deps) => {
  const { ledger, executions, clock, deploymentMachine: machine } = deps;
  const deferral = (await ledger.read(deferralKind, key))?.value;
  if (!deferral || clock.now().getTime() < Date.parse(deferral.nextAttemptAt)) return false;
  const { event, attempts } = deferral;
  // The name carries the attempt; the event keeps its id, so that its answer removes this very record.
  const name = nameDeployment({ ...event, id: `${event.id}-attempt-${attempts + 1}` });
  if ((await executions.start({ machine, name, input: { event } })) === 'already') {
    await countFailedAttempt(key, name, deps);
  }
  return true;
};

/** An attempt that died before it could say so counts as well: its name is taken, and the next has another. */
const countFailedAttempt = async (key: string, name: string, deps: Deps): Promise<void> => {
  const { ledger, clock, deploymentMachine } = deps;
  if (await isAtWork(`${deploymentMachine.replace(':stateMachine:', ':execution:')}:${name}`, deps)) return;
  const now = clock.now();
  let isGivenUp = false;
  await updateRecord(
    ledger,
    deferralKind,
    key,
    (earlier) => {
      if (!earlier) return undefined;
      const reason = 'its attempt ended without a word';
      const next = planAttempt(earlier, earlier.event, { execution: name, reason, now });
      isGivenUp = next === undefined;
      return next;
    },
    clock,
  );
  if (isGivenUp) await ledger.remove(key);
};

const endUnfinished: Repair = async (key, deps) => {
  const opened = (await deps.ledger.read(rolloutKind, key))?.value;
  if (!opened || (await isAtWork(opened.execution.arn, deps))) return false;
  const rollout = (await deps.ledger.read(rolloutKind, rolloutKey(opened.order.name)))?.value ?? opened;
  const outcome = rollout.outcome ?? 'aborted';
  const reasons = rollout.outcome
    ? rollout.reasons
    : ['its execution ended without a word; found by the sweep'];
  await endRollout({ order: opened.order, execution: opened.execution, outcome, reasons }, deps);
  return true;
};

/** A rollout may die before it is written down; then only its lock, and the note that it is under way, tell of it. */
const freeLock: Repair = async (key, deps) => {
  const lock = (await deps.ledger.read(lockKind, key))?.value;
  if (!lock?.owner || (await isAtWork(lock.owner, deps))) return false;
  const ended = { target: lock.name.slice(targetLock('').length), name: lock.owner.split(':').at(-1) ?? '' };
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(ended.target),
    (state) => {
      if (state?.rolling?.rollout !== ended.name) return undefined;
      const { rolling: _, ...rest } = state;
      return rest;
    },
    deps.clock,
  );
  await freeTarget(ended, lock.owner, deps);
  return true;
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
