import * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import type { BudgetFact } from '../../records/upgrade/kubernetes-facts.ts';
import { collectBudgets } from '../collectors/kubernetes-budgets.ts';
import type { HeldPod } from '../updates/update-error.ts';
import type { CollectionTask, FactSources } from './collection.ts';
import { collectAll } from './health-reading.ts';

const PODS = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const Pod = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({ nodeName: z.string().default('') }),
});
/** Pods of one budget that are looked at; a sentence names five. */
const MAX_PODS = 100;

/**
 * Finds the pods that a budget without any allowed disruption keeps on these nodes. What cannot be read is left out:
 * this explains a failure, and hides none.
 *
 * @param nodes names of the nodes that EKS could not empty; none: all nodes.
 */
export const readHeldPods = async (
  sources: FactSources,
  task: CollectionTask,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<HeldPod[]> => {
  const { kubernetes } = sources;
  if (!kubernetes) return [];
  const { budgets } = await collectAll(collectBudgets, sources, task, signal);
  const shut = (budgets?.items ?? []).filter(
    ({ disruptionsAllowed, pods, selectsNothing }) => disruptionsAllowed === 0 && pods > 0 && !selectsNothing,
  );
  const held = await Promise.all(shut.map((budget) => podsOf(kubernetes, budget, signal)));
  return held.flat().flatMap(({ pod, budget, node }) => (isOn(nodes, node) ? [{ pod, budget }] : []));
};

/** EKS may name instances instead of nodes; then every pod that is held is worth naming. */
const isOn = (nodes: readonly string[], node: string): boolean => {
  const names = nodes.filter((one) => !one.startsWith('i-'));
  return names.length === 0 || names.includes(node);
};

const podsOf = async (
  kubernetes: KubernetesReader,
  budget: BudgetFact,
  signal: AbortSignal,
): Promise<(HeldPod & { node: string })[]> => {
  const name = `${budget.namespace}/${budget.name}`;
  try {
    const { items } = await kubernetes.listObjects(
      { resource: PODS, namespace: budget.namespace, labelSelector: selectorOf(budget), limit: MAX_PODS },
      signal,
    );
    return items.flatMap((item) => {
      const pod = Pod.safeParse(item).data;
      if (!pod) return [];
      return [
        { pod: `${pod.metadata.namespace}/${pod.metadata.name}`, budget: name, node: pod.spec.nodeName },
      ];
    });
  } catch (error) {
    if (signal.aborted) throw error;
    return [{ pod: `pods of ${budget.namespace}`, budget: name, node: '' }];
  }
};

/** The selector of a budget as a query. Kubernetes documentation, "Labels and Selectors". */
const selectorOf = ({ matchLabels, matchExpressions }: BudgetFact): string =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values.join(',')})`;
    }),
  ].join(',');
