import type * as z from 'zod';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { targetEntryKey, targetEntryKind } from '../records/decision.ts';
import type { Lock } from '../records/lock.ts';
import { type Rollout, type RolloutOrder, rolloutKey, rolloutKind, targetLock } from '../records/rollout.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../records/target-state.ts';
import type { Clock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { executionOf } from './annotations.ts';
import * as contract from './apply-image.contract.ts';
import { buildImagePatch } from './image-patch.ts';
import { chooseDesired } from './order.ts';
import { pinnedImage } from './pinned-image.ts';
import { openRollout } from './rollout-start.ts';
import { orderTags } from './tag-policy.ts';
import { decideCandidate, type Inspection, inspectTarget, type NamedTarget } from './target-assessment.ts';
import { noteTarget } from './target-history.ts';
import { wireTargets } from './wiring.ts';

/** How often a change made by somebody else in the same moment is read again before Step Functions retries. */
const PATCH_ATTEMPTS = 4;

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly cluster: (
    environment: string,
  ) => Promise<Pick<Kubernetes, 'readWorkload' | 'observeRollout' | 'patchWorkload'>>;
  readonly findTarget: (name: string) => NamedTarget;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Takes the target's lock, decides again under it, and changes just the container's image. A lock that is taken
 * loses no work: the order is left for its holder.
 *
 * @throws TransientError `workload.contended` when others changed the workload each time; those of the clients.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { order, execution } = input;
  const target = deps.findTarget(order.target);
  const lock = await takeTarget(target, input, deps);
  if (!lock.ok) return lock.output;
  await refuseEnded(input, deps);
  // What is inspected does not depend on it, and a round trip to the ledger is most of what either takes.
  const turn = takeTurn(order, deps);

  for (let attempt = 1; attempt <= PATCH_ATTEMPTS; attempt++) {
    const [inspection] = await Promise.all([inspectTarget(target, deps, signal), turn]);
    if (hasWritten(inspection, input)) {
      if (inspection.container?.image === pinnedImage(order)) return markPatched(order, deps);
      await markPatched(order, deps);
      const reason = `somebody set the image to ${inspection.container?.image} after Drydock had set ${order.tag}`;
      return { outcome: 'overtaken', code: 'image-changed', reasons: [reason] };
    }
    const decision = decideCandidate(inspection, order, true);
    const { workload, container } = inspection;
    if (!decision.deploy || !workload || !container) {
      const reason = decision.reason;
      const code = decision.deploy ? 'container.missing' : decision.code;
      await note(input, { outcome: 'not-wanted', code, reason }, deps);
      return { outcome: 'not-wanted', code, reasons: [reason] };
    }
    const patch = buildImagePatch({
      workload,
      target: target.name,
      container: container.name,
      image: pinnedImage(order),
      fence: lock.lock.token,
      execution: execution.name,
      cause: `Drydock: ${order.tag} (${order.digest}) by ${execution.name}`,
      restart: order.redeploy,
    });
    if (!patch.ok) throw new RefusedError(patch.code, patch.reason);
    await openRollout(input, inspection, lock.lock, deps);
    // Last look before the outside write: a Lambda of an aborted execution may still be running.
    if (!(await deps.locks.isHeld(targetLock(order.target), execution.arn, lock.lock.token))) {
      throw new RefusedError(
        'lock.lost',
        `Another execution has taken over ${order.target}; nothing was changed.`,
      );
    }
    const kubernetes = await deps.cluster(target.environment);
    const patched = await kubernetes.patchWorkload(target.workload, patch.patch, signal);
    if (patched.ok) return markPatched(order, deps);
    if (patched.reason === 'gone') return { outcome: 'gone', code: 'gone', reasons: [patched.message] };
    if (patched.reason !== 'conflict')
      throw new RefusedError(`kubernetes.${patched.reason}`, patched.message);
  }
  throw new TransientError(
    'workload.contended',
    `Somebody changed the workload of ${order.target} each of ${PATCH_ATTEMPTS} times; trying again.`,
  );
};

/** Takes the lock, or leaves the order for whoever holds it. */
const takeTarget = async (
  target: NamedTarget,
  { order, execution }: Input,
  deps: Deps,
): Promise<{ ok: true; lock: Lock } | { ok: false; output: Output }> => {
  const name = targetLock(target.name);
  const first = await deps.locks.acquire(name, execution.arn);
  if (first.ok) return { ok: true, lock: first.lock };
  const state = await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(target.name),
    (current = emptyTargetState(target.name)) => ({
      ...current,
      desired: chooseDesired(current.desired, order, (a, b) => orderTags(target.policy, a, b)),
    }),
    deps.clock,
  );
  // The holder may have ended between our two looks. It reads `desired` after it frees the lock, we ask for the
  // lock after we wrote `desired`: whoever comes second sees the other.
  const second = await deps.locks.acquire(name, execution.arn);
  if (second.ok) return { ok: true, lock: second.lock };
  const waiting = state?.desired?.name === order.name ? order : state?.desired;
  const reason =
    waiting === order
      ? `another rollout of ${target.name} is under way and starts this one (${second.lock.owner})`
      : `a newer image (${waiting?.tag}) waits for ${target.name} already`;
  const code = waiting === order ? 'queued' : 'superseded';
  await note({ order, execution }, { outcome: 'queued', code, reason }, deps);
  return { ok: false, output: { outcome: 'queued', code, reasons: [reason] } };
};

/**
 * Refuses the late Lambda of an execution that was stopped before it got here: its end is told, so nobody would watch
 * what it set. Asked after the lock was taken, since whoever ends a rollout notes that first and frees the lock then.
 */
const refuseEnded = async ({ order, execution }: Input, { ledger, locks }: Deps): Promise<void> => {
  const key = targetEntryKey({ target: order.target, execution, outcome: 'aborted' });
  if (!(await ledger.read(targetEntryKind, key))) return;
  await locks.release(targetLock(order.target), execution.arn);
  throw new RefusedError(
    'execution.ended',
    `${execution.name} was stopped, so nothing was changed; push the image again, or wait for the next sweep.`,
  );
};

/** Notes whose turn it is: what waited for the lock and is being rolled out now waits no longer. */
const takeTurn = async (order: RolloutOrder, deps: Deps): Promise<void> => {
  await updateRecord(
    deps.ledger,
    targetStateKind,
    targetStateKey(order.target),
    (current = emptyTargetState(order.target)) => {
      const { desired, ...rest } = current;
      const rolling = { rollout: order.name, digest: order.digest };
      return desired && desired.digest !== order.digest
        ? { ...rest, desired, rolling }
        : { ...rest, rolling };
    },
    deps.clock,
  );
};

/** Was the patch accepted by an earlier run of this very step, which then was killed? */
const hasWritten = ({ workload }: Inspection, { order, execution }: Input): boolean =>
  workload?.annotations[executionOf(order.target)] === execution.name;

const markPatched = async (order: RolloutOrder, deps: Deps): Promise<Output> => {
  const patchedAt = deps.clock.now().toISOString();
  const mark = (rollout: Rollout | undefined) =>
    rollout && { ...rollout, patchedAt: rollout.patchedAt ?? patchedAt };
  await updateRecord(deps.ledger, rolloutKind, rolloutKey(order.name), mark, deps.clock);
  return { outcome: 'applied', code: 'applied', reasons: [`the API server accepted ${order.tag}`] };
};

const note = (
  { order, execution }: Input,
  answer: { outcome: string; code: string; reason: string },
  deps: Deps,
): Promise<void> =>
  noteTarget(deps.ledger, { ...order, at: deps.clock.now().toISOString(), execution }, answer);

export const handler = makeLambda({ contract, deps: ({ LEDGER_BUCKET }) => wireTargets(LEDGER_BUCKET), run });
