import { defineCheck } from '../check.ts';
import { evictedBy, selectsPodsOf } from './rules/budget-selection.ts';
import { drainsManagedNodes } from './rules/node-pools.ts';
import { nameWorkload } from './rules/subject.ts';

/** Source: Kubernetes, "API-initiated eviction": a pod under several budgets is never evicted, error 500. */
export const overlappingBudgets = defineCheck({
  code: 'overlapping-budgets',
  title: 'No pod is under more than one disruption budget',
  reads: ['budgets', 'workloads', 'nodes'],
  judgesPartly: true,
  judge: ({ budgets, workloads, nodes }, { to }) =>
    evictedBy(workloads).flatMap((workload) => {
      const over = budgets.filter((budget) => selectsPodsOf(budget, workload)).map(({ name }) => name);
      if (over.length < 2) return [];
      return [
        {
          result: drainsManagedNodes(nodes) ? 'block' : 'warn',
          subject: nameWorkload(workload),
          message: `${over.length} disruption budgets select its pods, and Kubernetes evicts no such pod at all: ${
            drainsManagedNodes(nodes)
              ? `the update of its node group to ${to} ends with PodEvictionFailure.`
              : `a node with one of them stays behind ${to}.`
          }`,
          remedy: {
            text: 'Leave one of them and delete the others, or change their selectors; the command shows them.',
            command: `kubectl -n ${workload.namespace} get poddisruptionbudget ${over.join(' ')} -o yaml`,
            link: 'https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/',
          },
          evidence: over.map((name) => `PodDisruptionBudget ${workload.namespace}/${name}`),
        },
      ];
    }),
});
