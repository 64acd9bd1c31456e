import {
  compareMinors,
  type KubernetesMinor,
  listSteps,
  shiftMinor,
} from '../../records/kubernetes-version.ts';
import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';
import { type Addon, pathAfter, pathBefore, STAY, supports } from './addon-path.ts';
import { moveAddons } from './addon-steps.ts';
import { isBakeOver } from './bake.ts';
import { closesWayBack } from './closing-step.ts';
import {
  listFargateWork,
  listUncheckedAmis,
  moveNodes,
  refuseSelfManaged,
  versionRun,
} from './node-steps.ts';
import { identifyPlan } from './plan-id.ts';
import { listNeeds } from './plan-needs.ts';
import {
  clusterIn,
  findUnread,
  findVersionProblem,
  type PlanSubject,
  type PlanVerdict,
  refusePlan,
} from './plan-subject.ts';
import { CONTROL_PLANE_MINUTES, REFRESH_MINUTES } from './step-minutes.ts';

/** What is left of add-ons, and what was found on the way, while the plan walks from minor to minor. */
interface Walk {
  readonly addons: readonly Addon[];
  readonly steps: readonly PlanStep[];
  readonly refused: UpgradePlan['refused'];
}

/**
 * Plans the way up, minor by minor: fresh insights, add-ons that must move first, the control plane, the bake, the
 * other add-ons, nodes, kube-proxy last. A cluster whose control plane is there already and whose rest is behind gets
 * the rest, so that an upgrade that died in the middle goes on. Pure: equal facts make an equal plan.
 */
export const makePlan = (subject: PlanSubject, target: KubernetesMinor): PlanVerdict => {
  const { facts, settings, environment } = subject;
  const cluster = clusterIn(facts);
  const unread = findUnread(facts);
  if (unread !== undefined || !cluster) return refusePlan(unread ?? 'the cluster could not be read');
  const problem = findTargetProblem(subject, cluster.version, target);
  if (problem !== undefined) return refusePlan(problem);

  const way = listSteps(cluster.version, target);
  const start: Walk = {
    addons: itemsOf(facts).addons,
    steps: [],
    refused: refuseSelfManaged(facts),
  };
  const rest = finishMinor(start, subject, cluster.version, way.length === 0);
  if (way.length === 0 && !isBehind(subject, cluster.version, rest.steps)) {
    return {
      ok: false,
      outcome: 'nothing-to-do',
      reason: `${cluster.name} and its nodes are at ${target} already`,
    };
  }
  const walked = way.reduce((walk, minor) => climb(walk, subject, minor), rest);
  const draft = {
    version: 1 as const,
    cluster: cluster.name,
    environment,
    direction: 'upgrade' as const,
    from: cluster.version,
    to: target,
    owner: settings.owner,
    steps: [...walked.steps],
    ...closesWayBack(walked.steps),
    minutes: walked.steps.reduce((sum, { minutes }) => sum + minutes, 0),
    needs: listNeeds(facts, walked.steps),
    refused: [...walked.refused],
    unchecked: listUncheckedAmis(walked.steps),
    manual: listFargateWork(facts, target),
  };
  return { ok: true, plan: { ...draft, id: identifyPlan(draft) } };
};

const findTargetProblem = (
  { facts }: PlanSubject,
  current: KubernetesMinor,
  target: KubernetesMinor,
): string | undefined => {
  if (compareMinors(target, current) < 0) {
    return (
      `the cluster is at ${current}, and ${target} lies below: to go back one minor, ask with ` +
      '"rollback": true and without a target'
    );
  }
  return compareMinors(target, current) === 0 ? undefined : findVersionProblem(facts, target);
};

/** One minor up, with everything that belongs to it. */
const climb = (walk: Walk, subject: PlanSubject, minor: KubernetesMinor): Walk => {
  const from = shiftMinor(minor, -1);
  const before = moveAddons(walk.addons, minor, subject.settings.addonConflicts, (addon) =>
    // kube-proxy may be three minors older than the API server and never newer, so it has no way to go before it.
    isProxy(addon) ? STAY : pathBefore(addon, from, minor),
  );
  const steps: PlanStep[] = [
    ...walk.steps,
    {
      kind: 'refresh-insights',
      id: `refresh-insights/${minor}`,
      title: `EKS judges the cluster anew against ${minor}`,
      minor,
      minutes: REFRESH_MINUTES,
    },
    ...before.steps,
    {
      kind: 'control-plane',
      id: `control-plane/${minor}`,
      title: `control plane from ${from} to ${minor}`,
      minor,
      minutes: CONTROL_PLANE_MINUTES,
      from,
      to: minor,
    },
    ...bakeStep(subject, minor),
  ];
  const climbed = { addons: before.addons, steps, refused: [...walk.refused, ...before.refused] };
  return settleMinor(climbed, subject, minor, () => from);
};

const isProxy = ({ name }: Addon): boolean => name === 'kube-proxy';

const bakeStep = ({ settings }: PlanSubject, minor: KubernetesMinor): PlanStep[] =>
  settings.bakeHours === 0
    ? []
    : [
        {
          kind: 'bake',
          id: `bake/${minor}`,
          title: `${settings.bakeHours} hours at ${minor} with the way back open; health is compared`,
          minor,
          minutes: settings.bakeHours * 60,
        },
      ];

/** What an earlier upgrade to the present minor left undone. */
const finishMinor = (walk: Walk, subject: PlanSubject, current: KubernetesMinor, isLast: boolean): Walk => {
  const bake = isBakeOver(subject, current) ? [] : bakeStep(subject, current);
  const settled = settleMinor(walk, subject, current, (group) => versionRun(subject.facts, group));
  const movesNodes = settled.steps.some(({ kind }) => kind === 'node-group');
  if (isLast) return { ...settled, steps: [...bake, ...settled.steps] };
  // On the way further up only what EKS insists on is made up for: nodes of the minor of their control plane.
  const steps = settled.steps.filter(({ kind }) => kind === 'node-group' || kind === 'watch-nodes');
  return movesNodes ? { ...walk, refused: settled.refused, steps: [...bake, ...steps] } : walk;
};

/** After the control plane: add-ons, nodes, and kube-proxy, which may never be newer than the API server, last. */
const settleMinor = (
  walk: Walk,
  subject: PlanSubject,
  minor: KubernetesMinor,
  versionOf: (group: NodeGroupFact) => KubernetesMinor | undefined,
): Walk => {
  const move = (addons: readonly Addon[]) =>
    moveAddons(addons, minor, subject.settings.addonConflicts, (addon) => pathAfter(addon, minor));
  const others = move(walk.addons.filter((addon) => !isProxy(addon)));
  const proxy = move(walk.addons.filter(isProxy));
  const nodes = moveNodes(subject.facts, minor, versionOf);
  const [repeated, fresh] = partBySeen(nodes.steps, walk.steps);
  const refused = [...nodes.refused, ...repeated.map(refuseRepeated)];
  const known = new Set(walk.refused.map((one) => one.subject));
  return {
    addons: [...others.addons, ...proxy.addons],
    steps: [...walk.steps, ...others.steps, ...fresh, ...proxy.steps],
    refused: [...walk.refused, ...refused.filter((one) => !known.has(one.subject))],
  };
};

type NodeGroupStep = Extract<PlanStep, { kind: 'node-group' }>;

/** A version of a launch template holds an AMI of one minor, so it serves one step of the way. */
const partBySeen = (
  steps: readonly PlanStep[],
  before: readonly PlanStep[],
): [NodeGroupStep[], PlanStep[]] => {
  const isSeen = (step: NodeGroupStep): boolean =>
    step.launchTemplate !== undefined &&
    before.some((one) => one.kind === 'node-group' && one.nodeGroup === step.nodeGroup && one.launchTemplate);
  const repeated = steps.flatMap((step) => (step.kind === 'node-group' && isSeen(step) ? [step] : []));
  return [repeated, steps.filter((step) => !repeated.some(({ id }) => id === step.id))];
};

const refuseRepeated = ({ nodeGroup, to }: NodeGroupStep): UpgradePlan['refused'][number] => ({
  subject: `node group ${nodeGroup}`,
  reason: `its launch template has an AMI for one minor, and ${to} needs another: upgrade one minor at a time`,
});

/** Is there more to finish than newer defaults of add-ons, which come out every few weeks and are no upgrade? */
const isBehind = ({ facts }: PlanSubject, current: KubernetesMinor, steps: readonly PlanStep[]): boolean => {
  const { nodes, addons } = itemsOf(facts);
  const isKubeletBehind = (origin: string): boolean =>
    nodes.some((node) => node.origin === origin && node.kubelet !== undefined && node.kubelet !== current);
  return steps.some((step) => {
    if (step.kind === 'node-group') return true;
    if (step.kind === 'watch-nodes') return isKubeletBehind(step.origin);
    const addon = step.kind === 'addon' ? addons.find(({ name }) => name === step.addon) : undefined;
    if (!addon) return false;
    return (
      !supports(addon, addon.version, current) || (addon.name === 'kube-proxy' && isOldProxy(addon, current))
    );
  });
};

const isOldProxy = ({ version }: Addon, current: KubernetesMinor): boolean =>
  !version.startsWith(`v${current}.`);
