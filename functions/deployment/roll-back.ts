import type * as z from 'zod';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { type Rollout, rolloutKey, rolloutKind, targetLock } from '../records/rollout.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../records/target-state.ts';
import type { Clock } from '../runtime/clock.ts';
import { DefectError, RefusedError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { executionOf } from './annotations.ts';
import { addHold } from './hold.ts';
import { buildImagePatch } from './image-patch.ts';
import { pinnedImage } from './pinned-image.ts';
import * as contract from './roll-back.contract.ts';
import { decideRollback } from './rollback-decision.ts';
import { containerName, type NamedTarget } from './target-assessment.ts';
import { wireTargets } from './wiring.ts';

/** How often a change made by somebody else in the same moment is read again before Step Functions retries. */
const PATCH_ATTEMPTS = 4;

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly cluster: (environment: string) => Promise<Pick<Kubernetes, 'readWorkload' | 'patchWorkload'>>;
  readonly findTarget: (name: string) => NamedTarget;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Holds the digest that failed, then puts the previous image back, if the target allows it and our image still
 * stands there. The hold comes first: a step killed in between must not let the next sweep deploy it again.
 *
 * @throws TransientError `workload.contended` when others changed the workload each time; those of the clients.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { order, execution, reasons } = input;
  const target = deps.findTarget(order.target);
  const stored = await deps.ledger.read(rolloutKind, rolloutKey(order.name));
  if (!stored) throw new DefectError('rollout.missing', `There is no record of the rollout ${order.name}.`);
  await holdDigest(input, deps);

  const lockName = targetLock(target.name);
  // Renewed, not just looked at: a redriven execution has to take the lock anew, with another token than it had.
  const { ok: isOurs, lock } = await deps.locks.acquire(lockName, execution.arn);
  const lost: Output = {
    outcome: 'overtaken',
    code: 'lock.lost',
    reasons: [...reasons, 'another execution has taken over'],
  };
  if (!isOurs) return lost;
  const kubernetes = await deps.cluster(target.environment);
  for (let attempt = 1; attempt <= PATCH_ATTEMPTS; attempt++) {
    const workload = await kubernetes.readWorkload(target.workload, signal);
    const current = workload?.containers.find(({ name }) => name === containerName(target))?.image;
    if (
      current === stored.value.previousImage &&
      workload?.annotations[executionOf(target.name)] === execution.name
    ) {
      return markRolledBack(input, deps);
    }
    const decision = decideRollback({
      rollback: target.rollback,
      previousImage: stored.value.previousImage,
      ourImage: pinnedImage(order),
      currentImage: current,
      pause: await deps.pauses.judge({
        capability: 'deployment',
        environment: target.environment,
        target: target.name,
      }),
    });
    if (!decision.rollBack || !workload) {
      const code = decision.rollBack ? 'gone' : decision.code;
      const why = decision.rollBack ? 'the workload is gone' : `not rolled back: ${decision.reason}`;
      return { outcome: OUTCOMES[code] ?? 'failed', code, reasons: [...reasons, why] };
    }
    const patch = buildImagePatch({
      workload,
      target: target.name,
      container: containerName(target),
      image: stored.value.previousImage,
      fence: lock.token,
      execution: execution.name,
      cause: `Drydock: rolled back from ${order.tag} (${input.code}) by ${execution.name}`,
      restart: false,
    });
    if (!patch.ok) throw new RefusedError(patch.code, patch.reason);
    if (!(await deps.locks.isHeld(lockName, execution.arn, lock.token))) return lost;
    const patched = await kubernetes.patchWorkload(target.workload, patch.patch, signal);
    if (patched.ok) return markRolledBack(input, deps);
    if (patched.reason !== 'conflict' && patched.reason !== 'gone') {
      throw new RefusedError(`kubernetes.${patched.reason}`, patched.message);
    }
  }
  throw new TransientError(
    'workload.contended',
    `Somebody changed the workload of ${order.target} each of ${PATCH_ATTEMPTS} times; trying again.`,
  );
};

/** Reasons not to roll back that are ends of their own; all others leave a failed release for a person. */
const OUTCOMES: Readonly<Record<string, 'gone' | 'overtaken'>> = { gone: 'gone', changed: 'overtaken' };

const holdDigest = async ({ order, code, reasons }: Input, deps: Deps): Promise<void> => {
  const hold = {
    digest: order.digest,
    tag: order.tag,
    since: deps.clock.now().toISOString(),
    why: reasons[0] ?? code,
    rollout: order.name,
  };
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(order.target),
    (state = emptyTargetState(order.target)) => addHold(state, hold),
    deps.clock,
  );
};

const markRolledBack = async ({ order, reasons }: Input, deps: Deps): Promise<Output> => {
  const at = deps.clock.now().toISOString();
  const mark = (rollout: Rollout | undefined) =>
    rollout && {
      ...rollout,
      settledAt: rollout.settledAt ?? at,
      rolledBackAt: rollout.rolledBackAt ?? at,
      reasons,
    };
  await updateRecord(deps.ledger, rolloutKind, rolloutKey(order.name), mark, deps.clock);
  return { outcome: 'rolling-back', code: 'rolling-back', reasons };
};

export const handler = makeLambda({ contract, deps: ({ LEDGER_BUCKET }) => wireTargets(LEDGER_BUCKET), run });
