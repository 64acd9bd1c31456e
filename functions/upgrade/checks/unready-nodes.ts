import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { agree, count, listSome } from './rules/subject.ts';

export const unreadyNodes = defineCheck({
  code: 'unready-nodes',
  title: 'Every node is ready',
  reads: ['nodes'],
  judge: ({ nodes }) =>
    poolNodes(nodes.filter(({ ready }) => !ready)).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `${count(pool.nodes.length, 'node')} ${agree(pool.nodes.length, 'is', 'are')} not ready: an upgrade that begins like this cannot tell its own harm from what was there before.`,
      remedy: {
        text: 'Find out why, or take the node away, before this step.',
        command: 'kubectl get nodes -o wide && kubectl describe nodes',
      },
      evidence: listSome(pool.nodes.map(({ name }) => name)),
    })),
});
