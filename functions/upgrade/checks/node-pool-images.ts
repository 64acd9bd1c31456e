import type { NodePoolFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';
import { pinsImageId } from './rules/node-pools.ts';

/** An id names one image, a dated alias one release of images, which was made before the new version was. */
export const nodePoolImages = defineCheck({
  code: 'node-pool-images',
  title: 'No node pool is pinned to one image, which does not follow a new version',
  reads: ['nodePools'],
  judge: ({ nodePools }, { to }) =>
    nodePools.filter(isPinned).map((pool) => ({
      result: 'warn',
      subject: `node pool ${pool.name}`,
      message: `Its node class ${pool.nodeClass} takes ${pool.ami}: ${
        pinsImageId(pool)
          ? `nodes keep the kubelet of that image, so they do not follow to ${to}.`
          : `a release of images from before ${to} may have none for it, and then no new node comes up.`
      }`,
      remedy: {
        text: `Name an image or a release that is made for ${to} once the control plane is there, or an alias such as al2023@latest where surprises are welcome.`,
        command: `kubectl edit ec2nodeclasses.karpenter.k8s.aws ${pool.nodeClass}`,
        link: 'https://karpenter.sh/docs/tasks/managing-amis/',
      },
      evidence: [`node class ${pool.nodeClass}: ${pool.ami}`],
    })),
});

const isPinned = (pool: NodePoolFact): boolean => pinsImageId(pool) || /@v\d/.test(pool.ami);
