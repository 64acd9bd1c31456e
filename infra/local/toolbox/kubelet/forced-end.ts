import type { V1Container, V1PodCondition } from '@kubernetes/client-node';
import type { PodStanding } from './pod-status.ts';

/** How a pod is ended by force, or never starts. */
export interface ForcedEnd {
  readonly kind: 'evicted' | 'out-of-memory' | 'killed' | 'unpullable';
  /** Its process is killed when a line of its log holds this. */
  readonly atLine: string;
}

/** What a kubelet writes of such an end. Source: k8s.io/kubernetes, pkg/kubelet/eviction, and the kernel's OOM killer. */
export const describeEnd = (
  { kind }: ForcedEnd,
  container: V1Container,
): { containerReason: string; pod: Partial<PodStanding> } => {
  if (kind !== 'evicted')
    return { containerReason: kind === 'out-of-memory' ? 'OOMKilled' : 'Error', pod: {} };
  const message =
    'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. ' +
    `Container ${container.name} was using 80Gi, request is 0, has larger consumption of ephemeral-storage. `;
  const disruption: V1PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message,
    lastTransitionTime: new Date(),
  };
  return { containerReason: 'Error', pod: { reason: 'Evicted', message, conditions: [disruption] } };
};
