import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, RollbackCheck } from '../../records/upgrade/plan.ts';

/** What to call each for a person. */
export const CHECK_NAMES: Readonly<Record<RollbackCheck, string>> = {
  'kubelet-skew': 'kubelet version skew',
  'kube-proxy-skew': 'kube-proxy version skew',
  'addon-compatibility': 'add-on version compatibility',
};

/**
 * The check that an insight of rollback readiness shows, told by the words that the guide uses for it ("kubelet version
 * skew, kube-proxy version skew, and add-on version compatibility": EKS user guide, "Rollback readiness checks"); the
 * API has no other mark. An insight that these words do not fit is none of them, so it is judged like any other.
 */
export const checkOf = ({ category, name }: InsightFact): RollbackCheck | undefined => {
  if (category !== 'ROLLBACK_READINESS') return undefined;
  const words = name.toLowerCase();
  if (words.includes('skew')) {
    if (words.includes('kubelet')) return 'kubelet-skew';
    return /kube-?proxy/.test(words) ? 'kube-proxy-skew' : undefined;
  }
  return /add-?on/.test(words) && words.includes('compatib') ? 'addon-compatibility' : undefined;
};

/**
 * What the steps of a way back put right before the control plane moves. Kubelets only when every node that is newer
 * than `target` is in a group that a step takes down: what nobody here cures is to stop the run before it moves
 * anything. Nodes of Auto Mode do not count: EKS takes them back itself, inside the move of the control plane.
 */
export const listCured = (
  facts: ClusterFacts,
  target: KubernetesMinor,
  steps: readonly PlanStep[],
): RollbackCheck[] => {
  const groups = new Set(steps.flatMap((step) => (step.kind === 'node-group' ? [step.nodeGroup] : [])));
  const addons = new Set(steps.flatMap((step) => (step.kind === 'addon' ? [step.addon] : [])));
  const stays = itemsOf(facts).nodes.some(
    ({ origin, group, kubelet }) =>
      origin !== 'auto' &&
      kubelet !== undefined &&
      compareMinors(kubelet, target) > 0 &&
      !(origin === 'managed' && groups.has(group)),
  );
  return [
    ...(groups.size > 0 && !stays ? (['kubelet-skew'] as const) : []),
    ...(addons.has('kube-proxy') ? (['kube-proxy-skew'] as const) : []),
    ...(addons.size > 0 ? (['addon-compatibility'] as const) : []),
  ];
};
