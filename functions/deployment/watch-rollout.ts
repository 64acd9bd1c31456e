import type * as z from 'zod';
import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import { type Rollout, rolloutKey, rolloutKind, targetLock } from '../records/rollout.ts';
import { targetStateKey, targetStateKind } from '../records/target-state.ts';
import { withTicks } from '../rules/ticking.ts';
import type { Clock } from '../runtime/clock.ts';
import { DefectError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { supersedes } from './order.ts';
import { pinnedImage } from './pinned-image.ts';
import { judgeRollout, type RolloutVerdict } from './rollout-verdict.ts';
import { orderTags } from './tag-policy.ts';
import { containerName, type NamedTarget } from './target-assessment.ts';
import * as contract from './watch-rollout.contract.ts';
import { wireTargets } from './wiring.ts';

/** How often a quiet rollout is judged again, and how soon a newer order ends the watch. Milliseconds. */
const TICK_MS = 1_000;
/** Pause before an API server that does not answer is asked again. Milliseconds. */
const UNREACHABLE_MS = 2_000;

interface Deps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly locks: Pick<Locks, 'acquire'>;
  readonly clock: Clock;
  readonly cluster: (environment: string) => Promise<Pick<Kubernetes, 'watchRollout'>>;
  readonly findTarget: (name: string) => NamedTarget;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Watches one rollout, or the way back from it, for one poll: it ends at once when the verdict is in or a newer
 * order waits, and asks to be called again otherwise. An API server that is down is waited for until the deadline.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal, remainingMs }: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const { order, execution, phase } = input;
  const target = deps.findTarget(order.target);
  const held = await deps.locks.acquire(targetLock(target.name), execution.arn);
  if (!held.ok) {
    const reason = `another execution has taken over ${target.name} (${held.lock.owner})`;
    return { outcome: 'overtaken', code: 'lock.lost', reasons: [reason] };
  }
  const stored = await deps.ledger.read(rolloutKind, rolloutKey(order.name));
  if (!stored) throw new DefectError('rollout.missing', `There is no record of the rollout ${order.name}.`);

  const pollMs = Math.min(target.watch.pollSeconds * 1_000, Math.max(TICK_MS, remainingMs() - 2 * TICK_MS));
  const until = deps.clock.now().getTime() + pollMs;
  const expectations = expect(phase, stored.value, target);
  let seen: string[] = [];
  while (deps.clock.now().getTime() < until && !signal.aborted) {
    const watch = new AbortController();
    try {
      const kubernetes = await deps.cluster(target.environment);
      const observations = kubernetes.watchRollout(target.workload, AbortSignal.any([signal, watch.signal]));
      for await (const observation of withTicks(observations, TICK_MS, deps.clock)) {
        const now = deps.clock.now();
        const verdict = judgeRollout({ ...observation, observedAt: now.toISOString() }, expectations);
        if (verdict.state !== 'progressing') return settle(phase, verdict, stored.value);
        seen = [...verdict.reasons];
        const newer = await findNewerOrder(input, target, stored.value, deps);
        if (newer) return newer;
        if (now.getTime() >= until) break;
      }
    } catch (error) {
      if (!(error instanceof TransientError) || signal.aborted) throw error;
      seen = [error.message];
      const overdue =
        deps.clock.now().getTime() -
        Date.parse(expectations.startedAt) -
        expectations.deadlineSeconds * 1_000;
      if (overdue > 0) return { outcome: 'not-checked', code: error.code, reasons: seen };
      await deps.clock.sleep(UNREACHABLE_MS, signal);
    } finally {
      watch.abort();
    }
  }
  return { outcome: 'progressing', code: 'progressing', reasons: seen };
};

/** What the watched image is, since when it should be coming up, and how long that may take. */
const expect = (phase: Input['phase'], rollout: Rollout, target: NamedTarget) => ({
  container: containerName(target),
  image: phase === 'rollout' ? pinnedImage(rollout.order) : rollout.previousImage,
  startedAt: (phase === 'rollout' ? rollout.patchedAt : rollout.rolledBackAt) ?? rollout.startedAt,
  deadlineSeconds: target.watch.deadlineSeconds,
  steadySeconds: target.watch.steadySeconds,
  graces: target.watch.graces,
});

const OUTCOMES = {
  rollout: { progressing: 'progressing', healthy: 'rolled-out', failed: 'failed' },
  rollback: { progressing: 'progressing', healthy: 'rolled-back', failed: 'rollback-failed' },
} as const;

/** The end of a way back tells why it was taken; that the old image is healthy again is what its outcome says. */
const settle = (
  phase: Input['phase'],
  { state, code, reasons }: RolloutVerdict,
  { reasons: failures }: Rollout,
): Output => {
  const outcome = state === 'overtaken' || state === 'gone' ? state : OUTCOMES[phase][state];
  if (phase === 'rollout') return { outcome, code, reasons: [...reasons] };
  return { outcome, code, reasons: state === 'healthy' ? [...failures] : [...failures, ...reasons] };
};

/**
 * Is a newer order waiting? Then a release that is still coming up need not be waited for; a way back is ended as
 * well, since the newer image replaces both.
 */
const findNewerOrder = async (
  { order, phase }: Input,
  target: NamedTarget,
  rollout: Rollout,
  deps: Deps,
): Promise<Output | undefined> => {
  const state = await deps.ledger.read(targetStateKind, targetStateKey(target.name));
  const waiting = state?.value.desired;
  if (!waiting || !supersedes(waiting, order, (a, b) => orderTags(target.policy, a, b))) return undefined;
  const newer = `${waiting.tag} (${waiting.digest}) is newer and waits`;
  if (phase === 'rollout') return { outcome: 'superseded', code: 'superseded', reasons: [newer] };
  const unseen = `the image that was put back was not watched to its end, since ${newer}`;
  return { outcome: 'rolled-back', code: 'superseded', reasons: [unseen, ...rollout.reasons] };
};

export const handler = makeLambda({ contract, deps: ({ LEDGER_BUCKET }) => wireTargets(LEDGER_BUCKET), run });
