import { type Executions, openExecutions } from '../clients/executions.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import type { Execution } from '../records/execution.ts';
import {
  openRolloutKey,
  type Rollout,
  type RolloutOrder,
  type RolloutOutcome,
  rolloutKey,
  rolloutKind,
  targetLock,
} from '../records/rollout.ts';
import {
  emptyTargetState,
  type TargetState,
  targetStateKey,
  targetStateKind,
} from '../records/target-state.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { nameRollout } from './rollout-name.ts';
import { composeNotice } from './rollout-notice.ts';
import { noteTarget } from './target-history.ts';

/** The collaborators that ending a rollout needs. */
export interface RolloutEndDeps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly outbox: Outbox;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
  readonly rolloutMachine: string;
  /** The environment of a target; undefined when drydock.yaml no longer has the target. */
  readonly environmentOf: (target: string) => string | undefined;
}

/** Which rollout ended, how, and why. */
export interface RolloutEnding {
  readonly order: RolloutOrder;
  readonly execution: Execution;
  readonly outcome: RolloutOutcome;
  readonly reasons: readonly string[];
}

/**
 * Ends a rollout: writes the end down, tells it once, frees the target, and starts the order that waited for it.
 * Everything here may run twice; the lock is freed before `desired` is read, so that no order falls in between.
 */
export const endRollout = async (
  ending: RolloutEnding,
  deps: RolloutEndDeps,
): Promise<{ outcome: RolloutOutcome; started?: string }> => {
  const { order, execution, outcome } = ending;
  const reasons = ending.reasons.map(describeCause);
  const at = deps.clock.now().toISOString();
  const rollout = await updateRecord(
    deps.ledger,
    rolloutKind,
    rolloutKey(order.name),
    (current: Rollout | undefined) =>
      current && (current.endedAt ? undefined : { ...current, endedAt: at, outcome, reasons }),
    deps.clock,
  );
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(order.target),
    (current = emptyTargetState(order.target)) => settleState(current, order, outcome, at),
    deps.clock,
  );
  await noteTarget(
    deps.ledger,
    { ...order, at, execution },
    { outcome, code: outcome, reason: reasons.join('; ') },
  );
  const environment = deps.environmentOf(order.target) ?? 'unknown';
  const notice = composeNotice({ order, execution, outcome, reasons, rollout, environment, at });
  if (notice) await deps.outbox.tell(notice);
  await deps.ledger.remove(openRolloutKey(order.name));
  await deps.locks.release(targetLock(order.target), execution.arn);
  const started = await startWaiting(order, deps);
  return started === undefined ? { outcome } : { outcome, started };
};

/**
 * A healthy release is what runs now, and ends every hold: a newer one came. Whatever waits for the very digest
 * that just had its turn waits no longer, unless somebody asked for new pods of it.
 */
const settleState = (
  { rolling, desired, ...state }: TargetState,
  order: RolloutOrder,
  outcome: RolloutOutcome,
  at: string,
): TargetState => {
  const { image, tag, digest, name } = order;
  const settled: TargetState = {
    ...state,
    ...(rolling && rolling.rollout !== name ? { rolling } : {}),
    ...(desired && (desired.digest !== digest || desired.redeploy) ? { desired } : {}),
  };
  if (outcome !== 'rolled-out') return settled;
  return { ...settled, running: { image, tag, digest, since: at, rollout: name }, holds: [] };
};

/**
 * Starts the order that found the lock taken. It stays noted until its execution has the lock, so a Lambda killed
 * here loses nothing; its name comes from the waiting order, so a second start finds the first.
 */
const startWaiting = async (ended: RolloutOrder, deps: RolloutEndDeps): Promise<string | undefined> => {
  const state = await deps.ledger.read(targetStateKind, targetStateKey(ended.target));
  const waiting = state?.value.desired;
  if (!waiting || waiting.name === ended.name) return undefined;
  const order = { ...waiting, name: nameRollout(waiting.target, waiting.digest, waiting.name) };
  await deps.executions.start({ machine: deps.rolloutMachine, name: order.name, input: { order } });
  return order.name;
};

/** Wires what ending a rollout needs, from the environment that its three callers share. */
export const wireRolloutEnd = (env: {
  LEDGER_BUCKET: string;
  TOPIC_ARN: string;
  ROLLOUT_MACHINE_ARN: string;
}): RolloutEndDeps & { readonly executions: Executions } => {
  const ledger = connectLedger(env.LEDGER_BUCKET);
  const targets = readConfiguration().deployment?.targets ?? {};
  return {
    ledger,
    locks: openLocks(ledger, systemClock),
    outbox: openOutbox(ledger, connectNotifier(env.TOPIC_ARN), systemClock),
    executions: openExecutions(),
    clock: systemClock,
    rolloutMachine: env.ROLLOUT_MACHINE_ARN,
    environmentOf: (target: string) => targets[target]?.environment,
  };
};
