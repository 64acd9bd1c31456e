import type { KubernetesMinor } from '../../../records/kubernetes-version.ts';
import type { Remedy } from '../../../records/upgrade/finding.ts';
import type { StepContext } from '../../check.ts';
import { isAl2, isWithoutAl2, LEAVE_AL2 } from './amazon-linux-2.ts';
import { eksCommand } from './command.ts';
import type { Pool } from './node-pools.ts';

const GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide';

/** How the nodes of a pool are brought to a version: everybody who makes nodes has another way. */
export const moveNodes = (
  { origin, group, nodes }: Pick<Pool, 'origin' | 'group' | 'nodes'>,
  version: KubernetesMinor,
  step: StepContext,
): Remedy => {
  // EKS updates a managed group within its type of image, and for that there may be none.
  if (origin === 'managed' && isWithoutAl2(version) && nodes.some(({ osImage }) => isAl2(osImage))) {
    return LEAVE_AL2;
  }
  const remedies: Readonly<Record<Pool['origin'], () => Remedy>> = {
    managed: () => ({
      text: `Update the node group to ${version} first; one with an image of its own by a new version of its launch template.`,
      command: eksCommand(
        'update-nodegroup-version',
        { 'nodegroup-name': group, 'kubernetes-version': version },
        step,
      ),
      link: `${GUIDE}/update-managed-node-group.html`,
    }),
    karpenter: () => ({
      text: `Let Karpenter replace the nodes by ${version}: it does when its node class takes the newest image and its disruption budgets allow it.`,
      command: `kubectl get nodeclaims -l karpenter.sh/nodepool=${group} -o wide`,
      link: 'https://karpenter.sh/docs/concepts/disruption/',
    }),
    auto: () => ({
      text: `Auto Mode replaces the nodes by ${version} itself; look at what keeps it from doing so.`,
      command: `kubectl get nodeclaims -l karpenter.sh/nodepool=${group} -o wide`,
      link: `${GUIDE}/automode.html`,
    }),
    fargate: () => ({
      text: `Restart what runs there: Fargate makes a node of version ${version} for each new pod. Fill in namespace and name.`,
      command: 'kubectl -n NAMESPACE rollout restart deployment NAME',
      link: `${GUIDE}/fargate-pod-patching.html`,
    }),
    hybrid: () => ({
      text: `Upgrade the hybrid nodes to ${version}, on each of them after it was drained.`,
      command: `nodeadm upgrade ${version} -c file://nodeConfig.yaml`,
      link: `${GUIDE}/hybrid-nodes-upgrade.html`,
    }),
    'self-managed': () => ({
      text: `Replace the nodes by ones of version ${version}: new image, new group or instance refresh, then drain the old ones.`,
      link: `${GUIDE}/update-workers.html`,
    }),
  };
  return remedies[origin]();
};
