import { type KubernetesMinor, shiftMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFact } from '../../records/upgrade/aws-facts.ts';
import { itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, RollbackCheck, UpgradePlan } from '../../records/upgrade/plan.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { isRunning } from '../updates/update-status.ts';
import { pathDown } from './addon-path.ts';
import { moveAddons } from './addon-steps.ts';
import { findArrival } from './bake.ts';
import { listUncheckedAmis, moveNodes, refuseSelfManaged, versionRun } from './node-steps.ts';
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
import { CHECK_NAMES, listCured } from './rollback-check.ts';
import { CONTROL_PLANE_MINUTES, REFRESH_MINUTES } from './step-minutes.ts';

/** EKS user guide, "Roll back a cluster": within 7 days of the end of the upgrade. */
const WAY_BACK_DAYS = 7;

/**
 * Plans the way back by one minor: nodes down first, then add-ons, then the control plane, since neither may be newer
 * than the API server and EKS takes none of them back by itself. Only what EKS offers: its conditions are asked here,
 * and its insights before anything moves and again before the control plane does.
 */
export const makeRollbackPlan = (subject: PlanSubject): PlanVerdict => {
  const { facts, settings, environment } = subject;
  const cluster = clusterIn(facts);
  const unread = findUnread(facts);
  if (unread !== undefined || !cluster) return refusePlan(unread ?? 'the cluster could not be read');
  const target = shiftMinor(cluster.version, -1);
  const problem = findProblem(subject, cluster, target);
  if (problem !== undefined) return refusePlan(problem);

  const nodes = moveNodes(facts, target, (group) => versionRun(facts, group));
  const addons = moveAddons(itemsOf(facts).addons, target, settings.addonConflicts, (addon) =>
    pathDown(addon, cluster.version, target),
  );
  // What Karpenter and Auto Mode do with nodes follows the control plane; there is nothing to watch before it.
  const down = [...nodes.steps.filter(({ kind }) => kind === 'node-group'), ...addons.steps];
  const steps = [
    refreshStep(target, listCured(facts, target, down)),
    ...down,
    ...(down.length === 0 ? [] : [lastRefreshStep(target)]),
    controlPlaneStep(cluster.version, target),
  ];
  const draft = {
    version: 1 as const,
    cluster: cluster.name,
    environment,
    direction: 'rollback' as const,
    from: cluster.version,
    to: target,
    owner: settings.owner,
    steps,
    minutes: steps.reduce((sum, { minutes }) => sum + minutes, 0),
    needs: listNeeds(facts, steps),
    refused: [...refuseNewerNodes(subject, target), ...nodes.refused, ...addons.refused],
    unchecked: listUncheckedAmis(steps),
    manual: fargateWork(subject, target),
  };
  return { ok: true, plan: { ...draft, id: identifyPlan(draft) } };
};

const findProblem = (
  { facts, now }: PlanSubject,
  cluster: ClusterFact,
  target: KubernetesMinor,
): string | undefined => {
  const { updates, versions } = itemsOf(facts);
  if (cluster.status !== 'ACTIVE') return `the cluster is ${cluster.status}; it has to be ACTIVE to go back`;
  const running = updates.find(isRunning);
  if (running) return `the update ${running.id} (${running.type}) runs; wait for it before going back`;
  const arrival = findArrival(updates, cluster.version);
  if (!arrival) {
    return `EKS knows of no upgrade of this cluster to ${cluster.version}, and only an upgrade can be taken back`;
  }
  const wayBackEnds = new Date(arrival.createdAt.getTime() + WAY_BACK_DAYS * DAY_MS);
  if (now >= wayBackEnds) {
    return `the way back was open for ${WAY_BACK_DAYS} days, until ${wayBackEnds.toISOString()}`;
  }
  const unknown = findVersionProblem(facts, target);
  if (unknown !== undefined) return unknown;
  const isExtended = versions.find(({ version }) => version === target)?.status === 'extended';
  return isExtended && cluster.supportType !== 'EXTENDED'
    ? `${target} is in extended support, so the cluster needs the support type EXTENDED first: ` +
        `aws eks update-cluster-config --name ${cluster.name} --upgrade-policy supportType=EXTENDED`
    : undefined;
};

/** Asked before anything moves, so that nothing is taken down for a control plane that then may not follow. */
const refreshStep = (minor: KubernetesMinor, cured: RollbackCheck[]): PlanStep => {
  const names = cured.map((check) => CHECK_NAMES[check]);
  const note = cured.length === 0 ? '' : `; what it says of ${names.join(', ')} is cured by the next steps`;
  return {
    kind: 'refresh-insights',
    id: `refresh-insights/back-to-${minor}`,
    title: `EKS judges anew whether the cluster can go back to ${minor}${note}`,
    minor,
    minutes: REFRESH_MINUTES,
    ...(cured.length > 0 && { cured }),
  };
};

/** An insight is as old as its refresh: what was cured shows only now, and now nothing is let pass. */
const lastRefreshStep = (minor: KubernetesMinor): PlanStep => ({
  kind: 'refresh-insights',
  id: `refresh-insights/back-to-${minor}/last`,
  title: `EKS judges anew, with everything else down, whether the control plane can go back to ${minor}`,
  minor,
  minutes: REFRESH_MINUTES,
});

const controlPlaneStep = (from: KubernetesMinor, to: KubernetesMinor): PlanStep => ({
  kind: 'control-plane',
  id: `control-plane/back-to-${to}`,
  title: `control plane back from ${from} to ${to}`,
  minor: to,
  minutes: CONTROL_PLANE_MINUTES,
  from,
  to,
});

/** Nodes of one's own or of Karpenter that are newer than the control plane would be: a kubelet must never be. */
const refuseNewerNodes = ({ facts }: PlanSubject, target: KubernetesMinor): UpgradePlan['refused'] => {
  const isNewer = ({ kubelet }: { kubelet?: KubernetesMinor | undefined }): boolean =>
    kubelet !== undefined && Number(kubelet.slice(2)) > Number(target.slice(2));
  const own = refuseSelfManaged({
    ...facts,
    nodes: { items: itemsOf(facts).nodes.filter(isNewer), unread: [] },
  });
  const karpenter = itemsOf(facts).nodes.filter((node) => node.origin === 'karpenter' && isNewer(node));
  return [
    ...own.map(({ subject }) => ({
      subject,
      reason: `a kubelet may not be newer than the API server: replace these nodes by ones of ${target} first`,
    })),
    ...(karpenter.length === 0
      ? []
      : [
          {
            subject: 'Karpenter nodes',
            reason: `${karpenter.length} are newer than ${target}: pin their node class to an AMI of ${target} first`,
          },
        ]),
  ];
};

const fargateWork = ({ facts }: PlanSubject, target: KubernetesMinor): UpgradePlan['manual'] =>
  itemsOf(facts).fargate.map(({ name }) => ({
    subject: `Fargate profile ${name}`,
    what: `delete its pods that run newer than ${target} before the control plane goes back`,
  }));
