import { defineCheck } from '../check.ts';
import { evictedBy, selectsPodsOf } from './rules/budget-selection.ts';
import { nameWorkload } from './rules/subject.ts';

/** Source: Kubernetes, "API-initiated eviction": a pod under several budgets is never evicted, error 500. */
export const overlappingBudgets = defineCheck({
  code: 'overlapping-budgets',
  title: 'No pod is under more than one disruption budget',
  reads: ['budgets', 'workloads'],
  judge: ({ budgets, workloads }, { to }) =>
    evictedBy(workloads).flatMap((workload) => {
      const over = budgets.filter((budget) => selectsPodsOf(budget, workload)).map(({ name }) => name);
      if (over.length < 2) return [];
      return [
        {
          result: 'block',
          subject: nameWorkload(workload),
          message: `${over.length} disruption budgets select its pods, and Kubernetes evicts no such pod at all: the update of its node group to ${to} ends with PodEvictionFailure.`,
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
