import { compareMinors } from '../../records/kubernetes-version.ts';
import type {
  AddonFact,
  ClusterFact,
  InsightFact,
  NodeGroupFact,
  UpdateFact,
} from '../../records/upgrade/aws-facts.ts';
import type { NodeFact } from '../../records/upgrade/kubernetes-facts.ts';
import type { PlanStep, StepState, UpgradePlan } from '../../records/upgrade/plan.ts';
import { compareAddonVersions } from '../../rules/addon-versions.ts';
import { isRunning } from '../updates/update-status.ts';
import { findArrival } from './bake.ts';

/** What EKS and the cluster say now. */
export interface Observed {
  readonly cluster: ClusterFact;
  readonly addons: readonly Pick<AddonFact, 'name' | 'version' | 'status' | 'issues'>[];
  readonly nodeGroups: readonly NodeGroupFact[];
  /** Of the cluster, and of whatever is at work or next. */
  readonly updates: readonly UpdateFact[];
  /** Absent: they could not be read, or nobody asked. */
  readonly nodes?: readonly NodeFact[];
  /** `outdated`: the last one began before this run asked for one, so that it proves nothing. */
  readonly refresh?: 'in-progress' | 'completed' | 'failed' | 'none' | 'outdated';
  /** Read when a refresh has completed. */
  readonly insights?: readonly InsightFact[];
}

type Plan = Pick<UpgradePlan, 'direction' | 'steps'>;

/** Is this update the one that a step asks for, whoever asked? */
export const isUpdateOf = (update: UpdateFact, step: PlanStep): boolean => {
  const { type, about, params } = update;
  if (step.kind === 'control-plane') {
    const isOfVersion = type === 'VersionUpdate' || type === 'VersionRollback';
    return about === undefined && isOfVersion && params['Version'] === step.to;
  }
  if (step.kind === 'addon') return about === step.addon && params['AddonVersion'] === step.to;
  if (step.kind !== 'node-group' || about !== step.nodeGroup) return false;
  return step.launchTemplate
    ? params['LaunchTemplateVersion'] === step.launchTemplate.version
    : params['Version'] === step.to;
};

/** Is this update about the same thing as a step, whatever it does to it? */
export const isAboutSubjectOf = ({ about }: UpdateFact, step: PlanStep): boolean =>
  (step.kind === 'control-plane' && about === undefined) ||
  (step.kind === 'addon' && about === step.addon) ||
  (step.kind === 'node-group' && about === step.nodeGroup);

/**
 * Is a step done? Told by EKS and by the nodes, not by what an execution remembers, so that another execution goes on
 * where this one ended. Only a refresh of insights leaves no trace, and to repeat one does no harm.
 */
export const isStepDone = (
  step: PlanStep,
  state: StepState | undefined,
  plan: Plan,
  observed: Observed,
  now: Date,
): boolean => {
  if (observed.updates.some((update) => isRunning(update) && isAboutSubjectOf(update, step))) return false;
  if (step.kind === 'refresh-insights') {
    return state?.state === 'done' || isBehindControlPlane(step, plan, observed);
  }
  if (step.kind === 'bake') return isBaked(step, plan, observed, now, state);
  if (step.kind !== 'watch-nodes') {
    return (
      isAtRest(step, observed) && isAtVersion(step, plan, observed) === true && runsVersion(step, observed)
    );
  }
  return (
    observed.nodes !== undefined &&
    observed.nodes.every(
      ({ origin, kubelet }) =>
        origin !== step.origin || (kubelet !== undefined && compareMinors(kubelet, step.to) >= 0),
    )
  );
};

/** Is the thing that a step changes at the version that it asks for? Undefined for steps that change nothing. */
export const isAtVersion = (step: PlanStep, plan: Plan, observed: Observed): boolean | undefined => {
  if (step.kind === 'control-plane')
    return hasArrived(plan, compareMinors(observed.cluster.version, step.to));
  if (step.kind === 'addon') {
    const addon = observed.addons.find(({ name }) => name === step.addon);
    return addon !== undefined && hasArrived(plan, compareAddonVersions(addon.version, step.to));
  }
  if (step.kind !== 'node-group') return undefined;
  const group = observed.nodeGroups.find(({ name }) => name === step.nodeGroup);
  if (!group) return false;
  if (step.launchTemplate) return Number(group.launchTemplate?.used) >= Number(step.launchTemplate.version);
  return group.version !== undefined && hasArrived(plan, compareMinors(group.version, step.to));
};

/** Do the nodes of a step by a launch template run what it is to bring? Others EKS answers for: it chose their AMI. */
const runsVersion = (step: PlanStep, observed: Observed): boolean =>
  step.kind !== 'node-group' || step.launchTemplate === undefined || listOthers(step, observed)?.length === 0;

/** Nodes of the group of a step that run another version than it is to bring; undefined when they were not read. */
export const listOthers = (
  step: Extract<PlanStep, { kind: 'node-group' }>,
  { nodes }: Pick<Observed, 'nodes'>,
): NodeFact[] | undefined =>
  nodes?.filter(
    ({ origin, group, kubelet }) => origin === 'managed' && group === step.nodeGroup && kubelet !== step.to,
  );

/** EKS shows a new version before it is through with the update. */
const isAtRest = (step: PlanStep, observed: Observed): boolean => {
  if (step.kind === 'control-plane') return isClusterAtRest(observed);
  const statuses = [
    ...observed.addons.filter(({ name }) => step.kind === 'addon' && name === step.addon),
    ...observed.nodeGroups.filter(({ name }) => step.kind === 'node-group' && name === step.nodeGroup),
  ];
  return statuses.every(({ status }) => status !== 'UPDATING');
};

const isClusterAtRest = ({ cluster }: Observed): boolean => cluster.status === 'ACTIVE';

/** At the version that is asked for, or beyond it in the direction of the plan: a later step went there. */
const hasArrived = ({ direction }: Pick<Plan, 'direction'>, difference: number): boolean =>
  direction === 'upgrade' ? difference >= 0 : difference <= 0;

/** Has the control plane gone where this step was to prepare it for? */
const isBehindControlPlane = (step: PlanStep, plan: Plan, observed: Observed): boolean =>
  hasArrived(plan, compareMinors(observed.cluster.version, step.minor));

const isBaked = (
  step: PlanStep,
  plan: Plan,
  observed: Observed,
  now: Date,
  state: StepState | undefined,
): boolean => {
  if (compareMinors(observed.cluster.version, step.minor) > 0) return true;
  const ends = bakeEnd(step, plan, observed, state);
  return ends !== undefined && now >= ends;
};

/**
 * When a bake is over: counted from when the control plane was first seen at rest there; an execution that was not
 * there counts from when EKS began to move it. Undefined while it has not arrived.
 */
export const bakeEnd = (
  step: PlanStep,
  plan: Plan,
  observed: Observed,
  state: StepState | undefined,
): Date | undefined => {
  if (compareMinors(observed.cluster.version, step.minor) !== 0 || !isClusterAtRest(observed))
    return undefined;
  const seen = state?.startedAt === undefined ? undefined : new Date(state.startedAt);
  const movesItself = plan.steps.some(({ kind, minor }) => kind === 'control-plane' && minor === step.minor);
  const arrived = movesItself ? seen : (findArrival(observed.updates, step.minor)?.createdAt ?? seen);
  return arrived && new Date(arrived.getTime() + step.minutes * 60_000);
};
