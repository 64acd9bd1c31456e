import { compareMinors } from '../../records/kubernetes-version.ts';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { PlanStep, StepState, UpgradeRun } from '../../records/upgrade/plan.ts';
import type { HealthVerdict } from '../health.ts';
import { explainUpdate, type HeldPod } from '../update-error.ts';
import { isRunning } from '../update-status.ts';
import { judgeInsights } from './insight-verdict.ts';
import { pollSeconds } from './poll-interval.ts';
import { bakeEnd, isAtVersion, isStepDone, isUpdateOf, type Observed } from './step-progress.ts';

/** What one look at a run needs beside what EKS says. */
export interface Look {
  readonly now: Date;
  readonly health: HealthVerdict;
  readonly handOverHours: number;
  /** May something be changed now? Not while paused, nor outside the window. */
  readonly mayWrite: { readonly ok: true } | { readonly ok: false; readonly reason: string };
  /** Pods that a budget holds, when an update failed over them. */
  readonly held?: readonly HeldPod[];
}

export type Action =
  | { readonly kind: 'start'; readonly step: PlanStep }
  | {
      readonly kind: 'wait';
      readonly seconds: number;
      readonly message: string /** Nothing is under way. */;
      readonly idle: boolean;
    }
  | {
      readonly kind: 'stop';
      readonly outcome: 'stopped' | 'handed-over';
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'done' };

export interface Decision {
  readonly action: Action;
  readonly steps: StepState[];
  /** Since when health is worse or unknown; absent when all is well. */
  readonly worseSince?: string;
}

/** Minutes that a cluster may be less healthy before it counts: pods move, and one look proves nothing. */
const GRACE_MINUTES = 10;
/** Hours after which nodes that others replace no longer count as on their way. */
const WATCH_HOURS = 24;
/** How long EKS may call an update successful and show the old version. */
const SETTLE_MINUTES = 30;

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

const stop = (
  steps: StepState[],
  reasons: readonly string[],
  outcome: 'stopped' | 'handed-over' = 'stopped',
): Decision => ({ action: { kind: 'stop', outcome, reasons }, steps });

const change = (steps: StepState[], index: number, changes: Partial<StepState>): StepState[] =>
  steps.map((state, at) => (at === index ? { ...state, ...changes } : state));

/** Marks what is done by now. A bake begins to count when its control plane is first seen there. */
const markDone = ({ plan, steps: before }: UpgradeRun, observed: Observed, now: Date): StepState[] => {
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
const findStray = (
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

/** Something is at work: ours is waited for, a stranger's ends the run, as nobody can tell what it leads to. */
const followRunning = (
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

const wait = (seconds: number, message: string, idle: boolean): Action => ({
  kind: 'wait',
  seconds,
  message,
  idle,
});

const describeStranger = ({ id, type, status, about, params, createdAt }: UpdateFact): string => {
  const what = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return (
    `somebody else updates ${about ?? 'the cluster'}: ${type} ${id}, ${status}` +
    `${createdAt === undefined ? '' : `, since ${createdAt}`}${what.length > 0 ? ` (${what.join(', ')})` : ''}; ` +
    'CloudTrail names who asked for it'
  );
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

interface Current {
  readonly step: PlanStep;
  readonly state: StepState;
  /** The update that this step led to, when it was started. */
  readonly last: UpdateFact | undefined;
}

/** The first step that is not done, with nothing at work and all well. */
const takeUp = (
  run: UpgradeRun,
  steps: StepState[],
  index: number,
  { step, state, last }: Current,
  observed: Observed,
  look: Look,
): Decision => {
  const { now } = look;
  if (step.kind === 'bake') {
    const ends = bakeEnd(step, run.plan, observed, state);
    const left = ends === undefined ? 300 : Math.ceil((ends.getTime() - now.getTime()) / 1_000);
    const message = `bakes until ${ends?.toISOString() ?? 'the control plane is at rest'}`;
    return { action: wait(Math.max(1, Math.min(300, left)), message, false), steps };
  }
  if (step.kind === 'watch-nodes') return watchNodes(steps, index, { step, state }, observed, look);
  const missing = findMissing(step, observed);
  if (missing !== undefined) return stop(steps, [missing]);
  if (observed.cluster.status !== 'ACTIVE') return awaitRest(steps, observed);
  if (step.kind === 'refresh-insights' && state.startedAt !== undefined) {
    return judgeRefresh(run, steps, index, { step, state }, observed, now);
  }
  if (last) return awaitVersion(steps, { step, state }, now);
  if (step.kind !== 'refresh-insights' && run.plan.owner === 'external') {
    return handOver(steps, index, { step, state }, look);
  }
  if (!look.mayWrite.ok) return { action: wait(900, look.mayWrite.reason, true), steps };
  return { action: { kind: 'start', step }, steps };
};

const findMissing = (step: PlanStep, { addons, nodeGroups }: Observed): string | undefined => {
  if (step.kind === 'addon' && !addons.some(({ name }) => name === step.addon)) {
    return `the add-on ${step.addon} is no longer there; make a new plan`;
  }
  return step.kind === 'node-group' && !nodeGroups.some(({ name }) => name === step.nodeGroup)
    ? `the node group ${step.nodeGroup} is no longer there; make a new plan`
    : undefined;
};

/** A cluster that EKS works on without naming an update. */
const awaitRest = (steps: StepState[], { cluster: { status } }: Observed): Decision =>
  status === 'UPDATING' || status === 'PENDING'
    ? { action: wait(60, `the cluster is ${status}`, false), steps }
    : stop(steps, [`the cluster is ${status}, and only an ACTIVE one can be changed`]);

const judgeRefresh = (
  run: UpgradeRun,
  steps: StepState[],
  index: number,
  { step, state }: Pick<Current, 'step' | 'state'>,
  { refresh, insights }: Observed,
  now: Date,
): Decision => {
  if (refresh === 'failed')
    return stop(steps, ['EKS could not judge the cluster anew (insights refresh failed)']);
  if (refresh !== 'completed' || insights === undefined) {
    return { action: wait(pollSeconds(state.startedAt, now), 'EKS judges the cluster anew', false), steps };
  }
  const errors = judgeInsights(insights, step.minor, run);
  if (errors.length > 0) return stop(change(steps, index, { state: 'failed' }), errors);
  const done = change(steps, index, { state: 'done', endedAt: now.toISOString(), message: '' });
  return { action: wait(1, 'EKS has judged the cluster anew', false), steps: done };
};

const awaitVersion = (
  steps: StepState[],
  { step, state }: Pick<Current, 'step' | 'state'>,
  now: Date,
): Decision => {
  const minutes = (now.getTime() - Date.parse(state.startedAt ?? now.toISOString())) / 60_000;
  return minutes > step.minutes + SETTLE_MINUTES
    ? stop(steps, [`EKS calls the update ${state.update} successful, and it does not show: ${step.title}`])
    : { action: wait(30, `waits for EKS to show: ${step.title}`, false), steps };
};

const watchNodes = (
  steps: StepState[],
  index: number,
  { step, state }: Pick<Current, 'step' | 'state'>,
  { nodes }: Observed,
  { now }: Look,
): Decision => {
  const startedAt = state.startedAt ?? now.toISOString();
  const behind = (nodes ?? []).filter(
    ({ origin, kubelet }) =>
      step.kind === 'watch-nodes' &&
      origin === step.origin &&
      (kubelet === undefined || compareMinors(kubelet, step.to) < 0),
  );
  const names = behind.slice(0, 5).map(({ name, kubelet }) => `${name} (${kubelet ?? 'unknown'})`);
  const message =
    nodes === undefined
      ? 'the nodes could not be read'
      : `${behind.length} nodes are behind: ${names.join(', ')}`;
  const hours = (now.getTime() - Date.parse(startedAt)) / 3_600_000;
  if (hours >= WATCH_HOURS) return stop(steps, [`after ${WATCH_HOURS} hours ${message}; ${step.title}`]);
  const watched = change(steps, index, { state: 'running', startedAt, message });
  return { action: wait(pollSeconds(startedAt, now), message, false), steps: watched };
};

/** Somebody else's definition is changed by somebody else: all there is to do is to look. */
const handOver = (
  steps: StepState[],
  index: number,
  { step, state }: Pick<Current, 'step' | 'state'>,
  { now, handOverHours }: Look,
): Decision => {
  const startedAt = state.startedAt ?? now.toISOString();
  const hours = (now.getTime() - Date.parse(startedAt)) / 3_600_000;
  if (hours >= handOverHours) {
    return stop(steps, [`the change did not come in ${handOverHours} hours: ${step.title}`], 'handed-over');
  }
  const message = `waits for the owner of the cluster: ${step.title}`;
  const waiting = change(steps, index, { state: 'running', startedAt, message });
  return { action: wait(hours < 12 ? 300 : 900, message, true), steps: waiting };
};
