import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { agree, count, listSome } from './rules/subject.ts';

export const driftedNodes = defineCheck({
  code: 'drifted-nodes',
  title: 'No node still waits to be replaced because of an earlier change',
  reads: ['nodes'],
  judge: ({ nodes }) =>
    poolNodes(nodes.filter(({ drifted }) => drifted)).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `${count(pool.nodes.length, 'node')} ${agree(pool.nodes.length, 'has', 'have')} drifted and wait${agree(pool.nodes.length, 's', '')} to be replaced: what holds them back now holds back this step's nodes too.`,
      remedy: {
        text: 'Find out what holds them back: budgets, do-not-disrupt pods, missing capacity. The events of the node claims say it.',
        command: `kubectl describe nodeclaims -l karpenter.sh/nodepool=${pool.group}`,
        link: 'https://karpenter.sh/docs/concepts/disruption/#drift',
      },
      evidence: listSome(pool.nodes.map(({ name }) => name)),
    })),
});
