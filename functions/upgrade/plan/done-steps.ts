import { compareMinors } from '../../records/kubernetes-version.ts';
import type { StepState, UpgradeRun } from '../../records/upgrade/plan.ts';
import { change } from './decision.ts';
import { isAtVersion, isStepDone, type Observed } from './step-progress.ts';

/** Marks what is done by now. A bake begins to count when its control plane is first seen there. */
export const markDone = ({ plan, steps: before }: UpgradeRun, observed: Observed, now: Date): StepState[] => {
  const at = now.toISOString();
  const steps = plan.steps.map((step): StepState => {
    const state = before.find(({ id }) => id === step.id) ?? { id: step.id, state: 'waiting', message: '' };
    if (state.state === 'done' || state.state === 'skipped') return state;
    if (!isStepDone(step, state, plan, observed, now)) return state;
    // A step that nobody here began was done before, or by somebody else.
    if (state.startedAt === undefined) return { ...state, state: 'skipped', message: 'done already' };
    return { ...state, state: 'done', endedAt: at, message: '' };
  });
  const next = steps.findIndex(({ state }) => state !== 'done' && state !== 'skipped');
  const isBake = plan.steps[next]?.kind === 'bake' && steps[next]?.startedAt === undefined;
  return isBake && observed.cluster.status === 'ACTIVE'
    ? change(steps, next, { state: 'running', startedAt: at, message: '' })
    : steps;
};

/** Has somebody gone where this plan does not lead, or taken back what it had done? */
export const findStray = (
  { plan }: UpgradeRun,
  steps: readonly StepState[],
  observed: Observed,
): string | undefined => {
  const [low, high] = [plan.from, plan.to].toSorted(compareMinors);
  const { version } = observed.cluster;
  if (low === undefined || high === undefined) return undefined;
  if (compareMinors(version, low) < 0 || compareMinors(version, high) > 0) {
    return `the control plane is at ${version}, and the plan goes from ${plan.from} to ${plan.to}: somebody moved it`;
  }
  const undone = plan.steps.find(
    (step) =>
      steps.some(({ id, state }) => id === step.id && (state === 'done' || state === 'skipped')) &&
      isAtVersion(step, plan, observed) === false,
  );
  return undone && `this was done and is not so any more, so somebody took it back: ${undone.title}`;
};
