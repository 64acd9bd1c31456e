import * as z from 'zod';
import type { BudgetFact } from '../../records/upgrade/kubernetes-facts.ts';
import { collectListed } from './kubernetes-listed.ts';
import { listOf, Metadata, part, text, textMap, texts, whole } from './kubernetes-object.ts';
import { walkThrough } from './kubernetes-walk.ts';

/** A number or a percentage. */
const Amount = z.union([z.string(), z.int()]).nullish();

const Budget = z.object({
  metadata: Metadata,
  spec: part({
    minAvailable: Amount,
    maxUnavailable: Amount,
    selector: z
      .object({
        matchLabels: textMap,
        matchExpressions: listOf(z.object({ key: text, operator: text, values: texts })),
      })
      .nullish(),
  }),
  status: part({
    disruptionsAllowed: whole(),
    currentHealthy: whole(),
    desiredHealthy: whole(),
    expectedPods: whole(),
  }),
});

/** The fact of a budget. In policy/v1 no selector selects nothing, an empty one everything in the namespace. */
export const foldBudget = ({ metadata, spec, status }: z.output<typeof Budget>): BudgetFact => {
  const { selector, minAvailable, maxUnavailable } = spec;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    matchLabels: selector?.matchLabels ?? {},
    matchExpressions: selector?.matchExpressions ?? [],
    selectsNothing: !selector,
    ...(minAvailable === null || minAvailable === undefined ? {} : { minAvailable: String(minAvailable) }),
    ...(maxUnavailable === null || maxUnavailable === undefined
      ? {}
      : { maxUnavailable: String(maxUnavailable) }),
    disruptionsAllowed: status.disruptionsAllowed,
    healthy: status.currentHealthy,
    wanted: status.desiredHealthy,
    pods: status.expectedPods,
  };
};

/** PodDisruptionBudgets: what makes an eviction fail. */
export const collectBudgets = collectListed({
  name: 'budgets',
  topic: 'budgets',
  walks: [walkThrough('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget')],
  schema: Budget,
  fold: foldBudget,
});
