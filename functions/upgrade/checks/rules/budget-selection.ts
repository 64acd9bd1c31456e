import type { BudgetFact, WorkloadFact } from '../../../records/upgrade/kubernetes-facts.ts';

/**
 * Does a PodDisruptionBudget select the pods of a workload? As the API server decides it for policy/v1: the same
 * namespace, every label and every expression; an empty selector takes all, no selector takes none. An operator that
 * nobody knows selects nothing.
 */
export const selectsPodsOf = (
  budget: Pick<BudgetFact, 'namespace' | 'matchLabels' | 'matchExpressions' | 'selectsNothing'>,
  { namespace, podLabels }: Pick<WorkloadFact, 'namespace' | 'podLabels'>,
): boolean =>
  !budget.selectsNothing &&
  budget.namespace === namespace &&
  Object.entries(budget.matchLabels).every(([key, value]) => labelOf(podLabels, key) === value) &&
  budget.matchExpressions.every(({ key, operator, values }) =>
    satisfies(operator, values, labelOf(podLabels, key)),
  );

const labelOf = (labels: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/** A label that is not there satisfies `NotIn`, as in the API server. */
const satisfies = (operator: string, values: readonly string[], value: string | undefined): boolean => {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  return false;
};

/** Kinds whose pods come back when they are evicted, and whose number of pods is their number of replicas. */
const REPLICATED: ReadonlySet<WorkloadFact['kind']> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicationController',
  'Pod',
]);

/** Workloads with pods right now that a drain evicts; it leaves a DaemonSet's, and those of a Job end. */
export const evictedBy = (workloads: readonly WorkloadFact[]): WorkloadFact[] =>
  workloads.filter(({ kind, replicas }) => REPLICATED.has(kind) && replicas > 0);
