import type { NodePoolFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';

/**
 * Disruption budgets of node pools that let no node go, ever: its nodes never follow a new version. A budget with a
 * schedule holds for a while only; one with reasons counts when drift, by which a new version rolls nodes, is among
 * them. Source: Karpenter documentation, "NodePool Disruption Budgets".
 */
export const nodePoolBudgets = defineCheck({
  code: 'node-pool-budgets',
  title: 'Every node pool lets its nodes be replaced at some time',
  reads: ['nodePools'],
  judge: ({ nodePools }, { to }) =>
    nodePools
      .filter(({ budgets }) => budgets.some(allowsNone))
      .map(({ name, budgets }) => ({
        result: 'warn',
        subject: `node pool ${name}`,
        message: `Its disruption budget allows 0 nodes at any time, so no node follows to ${to}: they stay behind until the version skew blocks a later step.`,
        remedy: {
          text: 'Allow some nodes, at least for the reason Drifted or in a window of time.',
          command: `kubectl edit nodepools.karpenter.sh ${name}`,
          link: 'https://karpenter.sh/docs/concepts/disruption/#nodepool-disruption-budgets',
        },
        evidence: budgets
          .filter(allowsNone)
          .map(({ nodes, reasons }) =>
            reasons.length === 0 ? `budget ${nodes}` : `budget ${nodes} for ${reasons.join(', ')}`,
          ),
      })),
});

const allowsNone = ({ nodes, schedule, reasons }: NodePoolFact['budgets'][number]): boolean =>
  schedule === undefined && /^0+%?$/.test(nodes) && (reasons.length === 0 || reasons.includes('Drifted'));
