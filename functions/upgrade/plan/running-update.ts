import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { StepState, UpgradeRun } from '../../records/upgrade/plan.ts';
import { change, type Decision, type Look, stop, wait } from './decision.ts';
import { pollSeconds } from './poll-interval.ts';
import { isUpdateOf } from './step-progress.ts';

/** Something is at work: ours is waited for, a stranger's ends the run, as nobody can tell what it leads to. */
export const followRunning = (
  run: UpgradeRun,
  steps: StepState[],
  index: number,
  running: readonly UpdateFact[],
  { now }: Look,
): Decision => {
  const at = findStepAtWork(run, steps, index, running);
  const state = steps[at];
  const step = run.plan.steps[at];
  const isOurs = (update: UpdateFact): boolean =>
    update.id === state?.update || (step !== undefined && isUpdateOf(update, step));
  const stranger = running.find((update) => !isOurs(update));
  if (stranger && run.plan.owner === 'drydock') return stop(steps, [describeStranger(stranger)]);
  const [update] = running;
  const startedAt = state?.startedAt ?? now.toISOString();
  const message = `update ${update?.id} runs (${update?.status})`;
  const followed = change(steps, at, {
    state: 'running',
    startedAt,
    message,
    ...(update && isOurs(update) ? { update: update.id } : {}),
  });
  return { action: wait(pollSeconds(startedAt, now), message, false), steps: followed };
};

/**
 * Which step is at work: the next one, or, where that only refreshes insights, one behind it that an earlier execution
 * had come to. Not beyond a bake, though: nobody is to be there yet.
 */
const findStepAtWork = (
  { plan }: UpgradeRun,
  steps: readonly StepState[],
  index: number,
  running: readonly UpdateFact[],
): number => {
  if (plan.steps[index]?.kind !== 'refresh-insights') return index;
  const bake = plan.steps.findIndex(({ kind }, at) => at > index && kind === 'bake');
  const found = plan.steps.findIndex(
    (step, at) =>
      at > index &&
      (bake < 0 || at < bake) &&
      steps[at]?.state !== 'done' &&
      running.some((update) => isUpdateOf(update, step)),
  );
  return found < 0 ? index : found;
};

const describeStranger = ({ id, type, status, about, params, createdAt }: UpdateFact): string => {
  const what = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return (
    `somebody else updates ${about ?? 'the cluster'}: ${type} ${id}, ${status}` +
    `${createdAt === undefined ? '' : `, since ${createdAt}`}${what.length > 0 ? ` (${what.join(', ')})` : ''}; ` +
    'CloudTrail names who asked for it'
  );
};
