import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { count, listSome } from './rules/subject.ts';

export const driftedNodes = defineCheck({
  code: 'drifted-nodes',
  title: 'No node still waits to be replaced because of an earlier change',
  reads: ['nodes'],
  judge: ({ nodes }) =>
    poolNodes(nodes.filter(({ drifted }) => drifted)).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `${count(pool.nodes.length, 'node')} ${pool.nodes.length === 1 ? 'has' : 'have'} drifted and wait${pool.nodes.length === 1 ? 's' : ''} to be replaced: what holds them back now holds back this step's nodes too.`,
      remedy: {
        text: 'Find out what holds them back: budgets, do-not-disrupt pods, missing capacity. The events of the node claims say it.',
        command: `kubectl describe nodeclaims -l karpenter.sh/nodepool=${pool.group}`,
        link: 'https://karpenter.sh/docs/concepts/disruption/#drift',
      },
      evidence: listSome(pool.nodes.map(({ name }) => name)),
    })),
});
