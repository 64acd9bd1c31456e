import { compareMinors } from '../../records/kubernetes-version.ts';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { PlanStep, StepState, UpgradeRun } from '../../records/upgrade/plan.ts';
import { change, type Decision, type Look, stop, wait } from './decision.ts';
import { judgeInsights } from './insight-verdict.ts';
import { pollSeconds } from './poll-interval.ts';
import { bakeEnd, isAtVersion, listOthers, type Observed } from './step-progress.ts';

/** Hours after which nodes that others replace no longer count as on their way. */
const WATCH_HOURS = 24;
/** How long EKS may call an update successful and show the old version, or judge a cluster anew. */
const SETTLE_MINUTES = 30;

type RefreshStep = Extract<PlanStep, { kind: 'refresh-insights' }>;

/** The first step that is not done. */
interface Current {
  readonly step: PlanStep;
  readonly state: StepState;
  /** The update that this step led to, when it was started. */
  readonly last: UpdateFact | undefined;
}

/** The first step that is not done, with nothing at work and all well. */
export const takeUp = (
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
    return judgeRefresh(run, steps, index, { step, startedAt: state.startedAt }, observed, now);
  }
  if (last) return awaitVersion(run, steps, { step, state }, observed, now);
  if (step.kind === 'node-group' && step.launchTemplate && isAtVersion(step, run.plan, observed)) {
    return awaitKubelets(run, steps, index, { step, state }, observed, now);
  }
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
  { step, startedAt }: { readonly step: RefreshStep; readonly startedAt: string },
  { refresh, insights }: Observed,
  now: Date,
): Decision => {
  if (refresh === 'failed')
    return stop(steps, ['EKS could not judge the cluster anew (insights refresh failed)']);
  const isLate = now.getTime() - Date.parse(startedAt) > SETTLE_MINUTES * 60_000;
  if (refresh === 'outdated') {
    return isLate
      ? stop(steps, [
          'EKS could not judge the cluster anew: it shows a refresh from before it was asked for one',
        ])
      : { action: { kind: 'start', step }, steps };
  }
  if (refresh !== 'completed' || insights === undefined) {
    if (isLate) {
      const what = refresh === 'completed' ? 'what it found cannot be read' : 'it has not come to an end';
      return stop(steps, [`EKS was to judge the cluster anew, and after ${SETTLE_MINUTES} minutes ${what}`]);
    }
    return { action: wait(pollSeconds(startedAt, now), 'EKS judges the cluster anew', false), steps };
  }
  const { objections, expected } = judgeInsights(insights, step, run);
  if (objections.length > 0) return stop(change(steps, index, { state: 'failed' }), objections);
  const message = expected.join('; ');
  const done = change(steps, index, { state: 'done', endedAt: now.toISOString(), message });
  const said = ['EKS has judged the cluster anew', ...expected].join('; ');
  return { action: wait(1, said, false), steps: done };
};

const awaitVersion = (
  run: UpgradeRun,
  steps: StepState[],
  { step, state }: Pick<Current, 'step' | 'state'>,
  observed: Observed,
  now: Date,
): Decision => {
  const minutes = (now.getTime() - Date.parse(state.startedAt ?? now.toISOString())) / 60_000;
  if (minutes <= step.minutes + SETTLE_MINUTES) {
    return { action: wait(30, `waits for EKS to show: ${step.title}`, false), steps };
  }
  const isThere = isAtVersion(step, run.plan, observed) === true;
  const wrong = isThere ? describeKubelets(step, observed) : undefined;
  return stop(steps, [
    wrong ?? `EKS calls the update ${state.update} successful, and it does not show: ${step.title}`,
  ]);
};

/** Somebody has moved a group to that version of its template already: what its nodes run decides. */
const awaitKubelets = (
  run: UpgradeRun,
  steps: StepState[],
  index: number,
  { step, state }: Pick<Current, 'step' | 'state'>,
  observed: Observed,
  now: Date,
): Decision => {
  const startedAt = state.startedAt ?? now.toISOString();
  const begun = change(steps, index, { state: 'running', startedAt, message: 'its nodes are looked at' });
  return awaitVersion(run, begun, { step, state: { ...state, startedAt } }, observed, now);
};

/** What is wrong with the nodes that a launch template has brought; undefined when nothing is known to be. */
const describeKubelets = (step: PlanStep, observed: Observed): string | undefined => {
  if (step.kind !== 'node-group' || !step.launchTemplate) return undefined;
  const { version } = step.launchTemplate;
  const others = listOthers(step, observed);
  if (!others)
    return `what the nodes of ${step.nodeGroup} run could not be read, so nobody knows: ${step.title}`;
  const [first] = others;
  return (
    first &&
    `${others.length} nodes of ${step.nodeGroup} run ${first.kubelet ?? 'an unknown version'} and not ${step.to} ` +
      `(${first.name}): version ${version} of its launch template has no AMI for ${step.to}, and its owner has to make one that has`
  );
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
