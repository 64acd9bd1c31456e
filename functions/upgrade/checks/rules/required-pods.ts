import type { BudgetFact } from '../../../records/upgrade/kubernetes-facts.ts';

/**
 * How many of its pods a budget wants to be healthy, all pods there and well. As the disruption controller counts:
 * percentages are rounded up, of the pods that must stay and of those that may go alike; a budget without either
 * bound never allows anything.
 */
export const requiredPods = (
  { minAvailable, maxUnavailable }: Pick<BudgetFact, 'minAvailable' | 'maxUnavailable'>,
  pods: number,
): number => {
  if (maxUnavailable !== undefined) return Math.max(0, pods - scale(maxUnavailable, pods));
  return minAvailable === undefined ? pods : scale(minAvailable, pods);
};

/** `50%` of the pods, rounded up, or the number itself. */
const scale = (bound: string, pods: number): number =>
  bound.endsWith('%') ? Math.ceil((Number(bound.slice(0, -1)) * pods) / 100) : Number(bound);
