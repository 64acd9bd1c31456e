import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { agree, count, listSome } from './rules/subject.ts';

/** The annotation counts for Karpenter and Auto Mode only; a managed node group drains such a node all the same. */
export const doNotDisruptNodes = defineCheck({
  code: 'do-not-disrupt-nodes',
  title: 'No node forbids that it is replaced',
  reads: ['nodes'],
  judge: ({ nodes }, { to }) =>
    poolNodes(
      nodes.filter(
        ({ doNotDisrupt, origin }) => doNotDisrupt && (origin === 'karpenter' || origin === 'auto'),
      ),
    ).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `${count(pool.nodes.length, 'node')} ${agree(pool.nodes.length, 'is', 'are')} marked do-not-disrupt: ${agree(pool.nodes.length, 'it does', 'they do')} not follow to ${to} by drift.`,
      remedy: {
        text: 'Take the mark away when its reason is gone.',
        command: `kubectl annotate nodes -l karpenter.sh/nodepool=${pool.group} karpenter.sh/do-not-disrupt-`,
        link: 'https://karpenter.sh/docs/concepts/disruption/#node-level-controls',
      },
      evidence: listSome(pool.nodes.map(({ name }) => name)),
    })),
});
