import { type Executions, openExecutions } from '../clients/executions.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import { findTarget, type NamedTarget } from '../records/configuration/lookup.ts';
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
import { emptyTargetState, targetStateKey, targetStateKind } from '../records/target-state.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { nameRollout } from './rollout-name.ts';
import { composeNotice } from './rollout-notice.ts';
import { orderTags } from './tag-policy.ts';
import { noteTarget } from './target-history.ts';
import { settleTarget } from './target-settlement.ts';

/** The collaborators that ending a rollout needs. */
export interface RolloutEndDeps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly outbox: Outbox;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
  readonly rolloutMachine: string;
  /** Undefined when drydock.yaml no longer has the target. */
  readonly findTarget: (name: string) => NamedTarget | undefined;
}

/** Which rollout ended, how, and why. */
export interface RolloutEnding {
  readonly order: RolloutOrder;
  readonly execution: Execution;
  readonly outcome: RolloutOutcome;
  readonly reasons: readonly string[];
}

/**
 * Ends a rollout: writes the end down, frees the target, starts the order that waited for it, and tells the end once.
 * Everything here may run twice. The lock is freed before `desired` is read, so that no order falls in between. It is
 * told last, so that a topic that refuses us keeps no target from its next release; until then the rollout counts as
 * open, so that the sweep tells what nobody told.
 */
export const endRollout = async (
  ending: RolloutEnding,
  deps: RolloutEndDeps,
): Promise<{ outcome: RolloutOutcome; started?: string }> => {
  const { order, execution } = ending;
  const at = deps.clock.now().toISOString();
  const rollout = await updateRecord(
    deps.ledger,
    rolloutKind,
    rolloutKey(order.name),
    (current: Rollout | undefined) => current && closeRollout(current, ending, at),
    deps.clock,
  );
  // What an earlier run of this wrote down is the end, also when the execution died over telling it.
  const outcome = rollout?.outcome ?? ending.outcome;
  const reasons = rollout?.reasons ?? ending.reasons.map(describeCause);
  const target = deps.findTarget(order.target);
  const compareTags = (a: string, b: string): number => (target ? orderTags(target.policy, a, b) : 0);
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(order.target),
    (current = emptyTargetState(order.target)) =>
      settleTarget(current, { order, outcome, rollout, at }, compareTags),
    deps.clock,
  );
  await noteTarget(
    deps.ledger,
    { ...order, at, execution },
    { outcome, code: outcome, reason: reasons.join('; ') },
  );
  const started = await freeTarget(order, execution.arn, deps);
  const environment = target?.environment ?? 'unknown';
  const notice = composeNotice({ order, execution, outcome, reasons, rollout, environment, at });
  if (notice) await deps.outbox.tell(notice);
  await deps.ledger.remove(openRolloutKey(order.name));
  return started === undefined ? { outcome } : { outcome, started };
};

/** The first end stays, but for that of an execution that was stopped and then redriven to a real end. */
const closeRollout = (current: Rollout, { outcome, reasons }: RolloutEnding, at: string): Rollout => {
  const isEnded = current.endedAt !== undefined && (current.outcome !== 'aborted' || outcome === 'aborted');
  return isEnded ? current : { ...current, endedAt: at, outcome, reasons: reasons.map(describeCause) };
};

/**
 * Frees a target of a rollout that has ended, and starts the order that found the lock taken. That order stays noted
 * until its execution has the lock, so a Lambda killed here loses nothing. The name of the new execution comes from
 * the waiting order and from who ended: a second start by the same end finds the first, and the start by another end
 * is not taken for it.
 *
 * @param owner ARN of the execution that held the lock.
 */
export const freeTarget = async (
  ended: Pick<RolloutOrder, 'target' | 'name'>,
  owner: string,
  deps: Pick<RolloutEndDeps, 'ledger' | 'locks' | 'executions' | 'rolloutMachine'>,
): Promise<string | undefined> => {
  await deps.locks.release(targetLock(ended.target), owner);
  const state = await deps.ledger.read(targetStateKind, targetStateKey(ended.target));
  const waiting = state?.value.desired;
  if (!waiting || waiting.name === ended.name) return undefined;
  const name = nameRollout(waiting.target, waiting.digest, `${waiting.name}\n${ended.name}`);
  await deps.executions.start({
    machine: deps.rolloutMachine,
    name,
    input: { order: { ...waiting, name } },
  });
  return name;
};

/** Wires what ending a rollout needs, from the environment that its three callers share. */
export const wireRolloutEnd = (env: {
  LEDGER_BUCKET: string;
  TOPIC_ARN: string;
  ROLLOUT_MACHINE_ARN: string;
}): RolloutEndDeps & { readonly executions: Executions } => {
  const ledger = connectLedger(env.LEDGER_BUCKET);
  const configuration = readConfiguration();
  return {
    ledger,
    locks: openLocks(ledger, systemClock),
    outbox: openOutbox(ledger, connectNotifier(env.TOPIC_ARN), systemClock),
    executions: openExecutions(),
    clock: systemClock,
    rolloutMachine: env.ROLLOUT_MACHINE_ARN,
    findTarget: (name: string) => findTarget(configuration, name),
  };
};
