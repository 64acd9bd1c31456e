import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';

/** Minutes for one round of replacing nodes: a start of a node, a drain of up to 15, and the way in between. */
const ROUND_MINUTES = 12;
/** Minutes before and after, in which EKS grows and shrinks the group. EKS, "Managed node group update behavior". */
const SCALE_MINUTES = 10;
/** Minutes that Karpenter or Auto Mode get; they go by budgets of their own. */
const WATCH_MINUTES = 120;

type Refused = UpgradePlan['refused'][number];

export interface NodeMoves {
  readonly steps: readonly PlanStep[];
  readonly refused: readonly Refused[];
}

/** Groups that are not at `minor` yet, each a step by its own update settings, in the order of their names. */
export const moveNodes = (
  facts: ClusterFacts,
  minor: KubernetesMinor,
  versionOf: (group: NodeGroupFact) => KubernetesMinor | undefined,
): NodeMoves => {
  const { nodeGroups, nodes, cluster } = itemsOf(facts);
  const moves = nodeGroups
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((group) => moveGroup(group, minor, versionOf(group)));
  const watched = (['karpenter', 'auto'] as const).filter(
    (origin) =>
      nodes.some((node) => node.origin === origin) || (origin === 'auto' && cluster[0]?.autoMode === true),
  );
  return {
    steps: [...moves.flatMap(({ steps }) => steps), ...watched.map((origin) => watchStep(origin, minor))],
    refused: moves.flatMap(({ refused }) => refused),
  };
};

/**
 * The version that a group really runs. Of one with an AMI of its own that is what its kubelets say, the oldest of them:
 * EKS neither chose the AMI nor looks into it. Undefined where nobody says.
 */
export const versionRun = (facts: ClusterFacts, group: NodeGroupFact): KubernetesMinor | undefined => {
  if (!namesOwnAmi(group)) return group.version;
  const kubelets = itemsOf(facts).nodes.flatMap((node) =>
    node.origin === 'managed' && node.group === group.name ? (node.kubelet ?? []) : [],
  );
  return kubelets.toSorted(compareMinors)[0] ?? group.version;
};

const namesOwnAmi = ({ amiType, launchTemplate }: NodeGroupFact): boolean =>
  launchTemplate?.customAmi === true || amiType === 'CUSTOM';

/** What steps by a launch template rest on: its AMI is an identifier, and nothing says which Kubernetes is in it. */
export const listUncheckedAmis = (steps: readonly PlanStep[]): UpgradePlan['unchecked'] =>
  steps.flatMap((step) =>
    step.kind === 'node-group' && step.launchTemplate
      ? [
          {
            subject: `node group ${step.nodeGroup}`,
            reason:
              `whether version ${step.launchTemplate.version} of its launch template has an AMI for ${step.to} cannot be ` +
              'seen from here: its owner has to provide it, and say so; what its nodes then run is checked behind the step',
          },
        ]
      : [],
  );

const moveGroup = (
  group: NodeGroupFact,
  minor: KubernetesMinor,
  from: KubernetesMinor | undefined,
): NodeMoves => {
  if (from === undefined) {
    const reason =
      'EKS does not say which version it has; bring it to the version of the control plane first';
    return refuseGroup(group, reason);
  }
  if (compareMinors(from, minor) === 0) return { steps: [], refused: [] };
  const common = {
    kind: 'node-group',
    nodeGroup: group.name,
    from,
    to: minor,
    minor,
    minutes: minutesOf(group),
  } as const;
  const title = `node group ${group.name} from ${from} to ${minor}`;
  const template = group.launchTemplate;
  if (namesOwnAmi(group)) {
    // EKS cannot choose an AMI for it: somebody has to make a version of the template with one for this minor.
    const version = template?.newest;
    if (template === undefined || version === undefined || version === template.used) {
      const reason =
        `it uses an AMI of its own: make a version of its launch template with an AMI for ${minor} ` +
        'and plan again';
      return refuseGroup(group, reason);
    }
    const step: PlanStep = {
      ...common,
      id: `node-group/${group.name}/${minor}/template-${version}`,
      title: `${title}, by version ${version} of its launch template ${template.name}`,
      launchTemplate: { id: template.id, version },
    };
    return { steps: [step], refused: [] };
  }
  return { steps: [{ ...common, id: `node-group/${group.name}/${minor}`, title }], refused: [] };
};

const refuseGroup = ({ name }: NodeGroupFact, reason: string): NodeMoves => ({
  steps: [],
  refused: [{ subject: `node group ${name}`, reason }],
});

const watchStep = (origin: 'karpenter' | 'auto', minor: KubernetesMinor): PlanStep => ({
  kind: 'watch-nodes',
  id: `watch-nodes/${origin}/${minor}`,
  title: `nodes of ${origin === 'auto' ? 'Auto Mode' : 'Karpenter'} follow to ${minor}, by budgets of their own`,
  minor,
  minutes: WATCH_MINUTES,
  origin,
  to: minor,
});

const minutesOf = (group: NodeGroupFact): number => {
  const atOnce = Math.max(1, maxUnavailableOf(group));
  return SCALE_MINUTES + ROUND_MINUTES * Math.ceil(group.desiredSize / atOnce);
};

/** Nodes of a group that may be away at once. EKS API, NodegroupUpdateConfig: 1 where nothing is set. */
export const maxUnavailableOf = (group: NodeGroupFact): number => {
  if (group.maxUnavailable !== undefined) return group.maxUnavailable;
  if (group.maxUnavailablePercentage === undefined) return 1;
  return Math.max(1, Math.floor((group.desiredSize * group.maxUnavailablePercentage) / 100));
};

/** Nodes that nobody but their owner can replace, by group. They are named, never passed over in silence. */
export const refuseSelfManaged = (facts: ClusterFacts): Refused[] => {
  const own = itemsOf(facts).nodes.filter(({ origin }) => origin === 'self-managed' || origin === 'hybrid');
  const groups = Map.groupBy(own, ({ origin, group }) => `${origin} nodes${group === '' ? '' : ` ${group}`}`);
  return [...groups].map(([subject, nodes]) => ({
    subject,
    reason:
      `EKS has no call that updates ${nodes.length === 1 ? 'this node' : `these ${nodes.length} nodes`}: ` +
      'replace them by what made them, after the bake of the control plane and before the next minor',
  }));
};

/** What a person does for Fargate: its pods keep their kubelet until they are replaced. */
export const listFargateWork = (facts: ClusterFacts, to: KubernetesMinor): UpgradePlan['manual'] =>
  itemsOf(facts).fargate.map(({ name }) => ({
    subject: `Fargate profile ${name}`,
    what: `restart its workloads after the bake: pods stay at their kubelet until they are replaced by ones of ${to}`,
  }));
