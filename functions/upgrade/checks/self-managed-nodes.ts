import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { moveNodes } from './rules/node-remedy.ts';
import { count, listSome } from './rules/subject.ts';

export const selfManagedNodes = defineCheck({
  code: 'self-managed-nodes',
  title: 'Every node belongs to something that can move it: a managed group, Karpenter, Auto Mode or Fargate',
  reads: ['nodes'],
  judge: ({ nodes }, step) =>
    poolNodes(nodes.filter(({ origin }) => origin === 'self-managed' || origin === 'hybrid')).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `EKS has no call that updates them (${count(pool.nodes.length, 'node')}): they stay as they are until somebody replaces them, and Drydock does not touch them.`,
      remedy: moveNodes(pool, step.to, step),
      evidence: listSome(pool.nodes.map(({ name }) => name)),
    })),
});
