import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import { defineCheck } from '../check.ts';
import { isAl2, isWithoutAl2, LEAVE_AL2 } from './rules/amazon-linux-2.ts';
import { bringsOwnImage, type Pool, poolNodes } from './rules/node-pools.ts';
import { agree, count, listSome } from './rules/subject.ts';

/** The image that EKS or Karpenter chooses for the new version brings containerd 2; of Amazon Linux 2 there is none. */
const replaceNodes = ({ nodes }: Pool, to: KubernetesMinor): Remedy =>
  isWithoutAl2(to) && nodes.some(({ osImage }) => isAl2(osImage))
    ? LEAVE_AL2
    : {
        text: 'Replace the nodes right after the control plane; look whether anything on them configures containerd 1.x.',
        link: 'https://github.com/containerd/containerd/blob/main/docs/containerd-2.0.md',
      };

/**
 * 1.35 is the last release that runs on containerd 1.x. Nodes whose image EKS or Karpenter chooses get containerd 2
 * with the image of the new version; for an image of one's own somebody has to see to it. It never blocks: nodes that
 * stay behind within the version skew keep both their kubelet and their containerd, and whether the next image brings
 * containerd 2 nobody can tell from the nodes of today.
 * Source: EKS user guide, release notes of 1.35.
 */
export const containerd1 = defineCheck({
  code: 'containerd-1',
  title: 'No node runs containerd 1.x, which the new kubelet no longer supports',
  reads: ['nodes', 'nodeGroups', 'nodePools'],
  judgesPartly: true,
  since: '1.36',
  judge: ({ nodes, nodeGroups, nodePools }, { to }) =>
    poolNodes(nodes.filter(({ runtime }) => runtime.startsWith('containerd://1.'))).map((pool) => {
      const isOwn = bringsOwnImage(pool, nodeGroups, nodePools);
      const nodes = `${count(pool.nodes.length, 'node')} run${agree(pool.nodes.length, 's', '')} containerd 1.x`;
      return {
        result: 'warn',
        subject: pool.subject,
        message: isOwn
          ? `${nodes} from an image that you choose: the kubelet of ${to} needs containerd 2, so they follow only with an image that brings it.`
          : `${nodes}, which the kubelet of ${to} no longer supports: nodes with containerd 2 have to take the place of ${agree(pool.nodes.length, 'it', 'them')}.`,
        remedy: isOwn
          ? {
              text: 'Take or build an image of the new version with containerd 2.0 or later for the launch template or node class, and replace the nodes by it.',
              link: 'https://github.com/containerd/containerd/blob/main/docs/containerd-2.0.md',
            }
          : replaceNodes(pool, to),
        evidence: listSome(pool.nodes.map(({ name, runtime }) => `${name}: ${runtime}`)),
      };
    }),
});
