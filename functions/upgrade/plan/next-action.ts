import type { StepState, UpgradeRun } from '../../records/upgrade/plan.ts';
import { explainUpdate } from '../updates/update-error.ts';
import { isRunning } from '../updates/update-status.ts';
import { change, type Decision, type Look, stop, wait } from './decision.ts';
import { findStray, markDone } from './done-steps.ts';
import { takeUp } from './next-step.ts';
import { followRunning } from './running-update.ts';
import type { Observed } from './step-progress.ts';

/** Minutes that a cluster may be less healthy before it counts: pods move, and one look proves nothing. */
const GRACE_MINUTES = 10;
/**
 * Decides what comes next in a run: the one rule of carrying out, resuming and watching. What is done is told by what
 * is observed; nothing is started beside a running update, while health is worse than before, or where a person or EKS
 * has changed course.
 */
export const nextAction = (run: UpgradeRun, observed: Observed, look: Look): Decision => {
  const steps = markDone(run, observed, look.now);
  const stray = findStray(run, steps, observed);
  if (stray !== undefined) return stop(steps, [stray]);
  const index = steps.findIndex(({ state }) => state !== 'done' && state !== 'skipped');
  const step = run.plan.steps[index];
  const state = steps[index];
  const running = observed.updates.filter(isRunning);
  if (running.length > 0) return followRunning(run, steps, index, running, look);
  const last =
    state?.update === undefined ? undefined : observed.updates.find(({ id }) => id === state.update);
  if (step && last && last.status !== 'Successful') {
    const failed = change(steps, index, { state: 'failed', message: `update ${last.id} ${last.status}` });
    return stop(failed, explainUpdate(last, look.held));
  }
  const unwell = judgeHealth(run, steps, look);
  if (unwell) return unwell;
  if (!step || !state) return { action: { kind: 'done' }, steps };
  return takeUp(run, steps, index, { step, state, last }, observed, look);
};

/** In front of a step the cluster has to be as well as before; a while it may be worse, since pods move. */
const judgeHealth = (run: UpgradeRun, steps: StepState[], { health, now }: Look): Decision | undefined => {
  if (health.state === 'ok') return undefined;
  const worseSince = run.worseSince ?? now.toISOString();
  const minutes = (now.getTime() - Date.parse(worseSince)) / 60_000;
  const word = health.state === 'worse' ? 'less healthy than before' : 'not to be judged';
  if (minutes >= GRACE_MINUTES) {
    return { ...stop(steps, [`the cluster is ${word} since ${worseSince}`, ...health.reasons]), worseSince };
  }
  const message = `the cluster is ${word}: ${health.reasons.join('; ')}`;
  return { action: wait(60, message, false), steps, worseSince };
};
