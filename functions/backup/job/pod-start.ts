import type { Pod } from '../../records/workload.ts';
import { sayWords } from './foreign-words.ts';
import type { JobFailure } from './job-failure.ts';

/** Why the pod of a backup does not run yet. */
interface PodWait extends JobFailure {
  /** Since when, ISO 8601. */
  readonly since: string;
  /** So long it may heal by itself. */
  readonly graceSeconds: number;
}

interface Sign extends Pick<PodWait, 'reason' | 'graceSeconds' | 'remedy'> {
  /** Reasons of a waiting container, as the kubelet writes them. */
  readonly waits: readonly string[];
  readonly says: string;
}

/** Why a container waits: k8s.io/kubernetes, pkg/kubelet/{images/types.go,container/sync_result.go,kuberuntime}. */
const SIGNS: readonly Sign[] = [
  {
    reason: 'image-pull',
    waits: [
      'ImagePullBackOff',
      'ErrImagePull',
      'ErrImageNeverPull',
      'InvalidImageName',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
    says: 'its image can not be pulled',
    // A registry that is away comes back in minutes.
    graceSeconds: 300,
    remedy: 'See whether the nodes reach the registry, and whether the image of the toolbox is there.',
  },
  {
    reason: 'container-config',
    waits: ['CreateContainerConfigError'],
    says: 'a Secret or ConfigMap that it needs is missing',
    graceSeconds: 120,
    remedy: 'Make what is named there, or mend its name in the values of the chart.',
  },
  {
    reason: 'container-start',
    waits: ['CreateContainerError', 'RunContainerError', 'PostStartHookError'],
    says: 'its container can not be started',
    graceSeconds: 120,
    remedy: 'Read the events of the pod, with kubectl describe pod.',
  },
];

/**
 * Cluster Autoscaler or Karpenter brings a node in minutes; a volume that a lost node holds is let go after six
 * (kube-controller-manager, maxWaitForUnmountDuration) and has to be attached anew.
 */
const NODE_GRACE_SECONDS = 900;

/** Says what the pod waits for; undefined when it does not wait. */
export const findPodWait = (pod: Pod): PodWait | undefined => {
  if (pod.phase !== 'Pending') return undefined;
  const scheduled = pod.conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'True') {
    return {
      reason: 'unschedulable',
      message: `No node takes its pod${sayWords(scheduled?.message ?? '')}.`,
      remedy:
        'Give the node group room for what gitlab.toolbox.backups.cron.resources asks for, or change its nodeSelector and tolerations.',
      since: pod.createdAt,
      graceSeconds: NODE_GRACE_SECONDS,
    };
  }
  const since = scheduled.at ?? pod.createdAt;
  for (const { name, state } of pod.containers) {
    const sign = SIGNS.find(({ waits }) => state.type === 'waiting' && waits.includes(state.reason));
    if (!sign) continue;
    const { reason, graceSeconds, remedy, says } = sign;
    const message = `In its container ${name}, ${says} (${state.reason})${sayWords(state.message)}.`;
    return { reason, message, remedy, since, graceSeconds };
  }
  return {
    reason: 'not-started',
    message: 'Its pod has a node, and its containers do not start.',
    remedy:
      'Mostly a Secret of a volume is missing (s3cfg, rails-secret), or its volume is held by another pod; kubectl describe pod tells which.',
    since,
    graceSeconds: NODE_GRACE_SECONDS,
  };
};
