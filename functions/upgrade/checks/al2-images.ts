import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import type { NodeFact, NodePoolFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck, type Verdict } from '../check.ts';
import { isAl2, isWithoutAl2, LEAVE_AL2 } from './rules/amazon-linux-2.ts';
import { poolNodes } from './rules/node-pools.ts';
import { count, listSome, namePool } from './rules/subject.ts';

interface Al2 {
  readonly subject: string;
  readonly nodes: number;
  readonly evidence: readonly string[];
}

/**
 * Amazon Linux 2 wherever it shows: in a group's type of image, in what its nodes say of themselves (custom images
 * and groups of one's own), and in what Karpenter was told to take.
 */
export const al2Images = defineCheck({
  code: 'al2-images',
  title: 'No node runs Amazon Linux 2, for which there are no images any more',
  reads: ['nodeGroups', 'nodes', 'nodePools'],
  judgesPartly: true,
  since: '1.32',
  judge: ({ nodeGroups, nodes, nodePools }, { to }) => {
    const hits = [...hitsOfGroups(nodeGroups), ...hitsOfPools(nodePools), ...hitsOfNodes(nodes)];
    return [...Map.groupBy(hits, ({ subject }) => subject)].map(([subject, same]): Verdict => {
      const isUsed = same.some((hit) => hit.nodes > 0);
      const gone = isWithoutAl2(to);
      return {
        result: gone && isUsed ? 'block' : 'warn',
        subject,
        message: gone
          ? `It takes Amazon Linux 2, and there is no EKS image of it for ${to}: its nodes cannot follow${isUsed ? '' : ', as soon as it has some'}.`
          : `It takes Amazon Linux 2: ${to} is the last version with an EKS image of it, and none gets fixes since November 2025.`,
        remedy: LEAVE_AL2,
        evidence: same.flatMap(({ evidence }) => evidence),
      };
    });
  },
});

const hitsOfGroups = (groups: readonly NodeGroupFact[]): Al2[] =>
  groups
    .filter(({ amiType }) => amiType.startsWith('AL2_'))
    .map(({ name, amiType, desiredSize }) => ({
      subject: namePool({ origin: 'managed', group: name }),
      nodes: desiredSize,
      evidence: [`type of image ${amiType}`],
    }));

/** What a pool would take; that it did, its nodes tell. Alias `al2@latest` or `al2@v20241024`, and the amiFamily `AL2` of before aliases. */
const hitsOfPools = (pools: readonly NodePoolFact[]): Al2[] =>
  pools
    .filter(({ ami }) => ami.split(', ').some((term) => /^al2(?:@|$)/i.test(term)))
    .map(({ name, nodeClass, ami }) => ({
      subject: namePool({ origin: 'karpenter', group: name }),
      nodes: 0,
      evidence: [`node class ${nodeClass} takes ${ami}`],
    }));

/** Nodes of Fargate run Amazon Linux 2 too, and are no business of the user. */
const hitsOfNodes = (nodes: readonly NodeFact[]): Al2[] =>
  poolNodes(nodes.filter(({ osImage, origin }) => origin !== 'fargate' && isAl2(osImage))).map((pool) => ({
    subject: pool.subject,
    nodes: pool.nodes.length,
    evidence: [
      `${count(pool.nodes.length, 'node')} with Amazon Linux 2`,
      ...listSome(pool.nodes.map(({ name, osImage }) => `${name}: ${osImage}`)),
    ],
  }));
