import type { Pod, PodContainer } from '../records/workload.ts';

/** How long, in seconds, a new pod may look broken before the rollout has failed; see drydock.yaml. */
export interface Graces {
  readonly imagePullBackOffSeconds: number;
  readonly crashLoopBackOffSeconds: number;
  readonly createContainerConfigErrorSeconds: number;
  readonly oomKilledSeconds: number;
  readonly unschedulableSeconds: number;
}

/**
 * Used where nothing else was said. Pulls: a registry hiccup heals within a minute. Crashes: a second start often
 * finds the peer that the first one missed. Missing ConfigMap: the same release may bring it moments later. Memory:
 * as crashes. No node: the Cluster Autoscaler or Karpenter needs minutes to bring one.
 */
export const DEFAULT_GRACES: Graces = {
  imagePullBackOffSeconds: 60,
  crashLoopBackOffSeconds: 60,
  createContainerConfigErrorSeconds: 30,
  oomKilledSeconds: 60,
  unschedulableSeconds: 300,
};

export type PodFailureCode =
  | 'invalid-image-name'
  | 'image-pull'
  | 'container-config'
  | 'container-start'
  | 'oom-killed'
  | 'crash-loop'
  | 'unschedulable';

export interface PodFailure {
  readonly code: PodFailureCode;
  readonly pod: string;
  /** Undefined when the pod has no node yet. */
  readonly container: string | undefined;
  /** What is wrong, for a person: the kubelet's word first, then its message. */
  readonly what: string;
  /** Has it looked broken for longer than its grace? */
  readonly isOverdue: boolean;
}

interface Sign {
  readonly code: PodFailureCode;
  /** Reasons of a waiting container, as the kubelet writes them. */
  readonly reasons: readonly string[];
  readonly says: string;
  readonly grace: (graces: Graces) => number;
}

/** Why a container waits: k8s.io/kubernetes, pkg/kubelet/{images/types.go,container/sync_result.go,kuberuntime}. */
const SIGNS: readonly Sign[] = [
  {
    code: 'invalid-image-name',
    reasons: ['InvalidImageName'],
    says: 'the image name cannot be read',
    // Heals only by another patch, so there is nothing to wait for.
    grace: () => 0,
  },
  {
    code: 'image-pull',
    reasons: [
      'ImagePullBackOff',
      'ErrImagePull',
      'ErrImageNeverPull',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
    says: 'the image cannot be pulled',
    grace: (graces) => graces.imagePullBackOffSeconds,
  },
  {
    code: 'container-config',
    reasons: ['CreateContainerConfigError'],
    says: 'a ConfigMap, Secret or setting that it needs is missing',
    grace: (graces) => graces.createContainerConfigErrorSeconds,
  },
  {
    code: 'container-start',
    reasons: ['CreateContainerError', 'RunContainerError', 'PostStartHookError'],
    says: 'the container cannot be started',
    grace: (graces) => graces.createContainerConfigErrorSeconds,
  },
  {
    code: 'crash-loop',
    reasons: ['CrashLoopBackOff'],
    says: 'it crashes again and again',
    grace: (graces) => graces.crashLoopBackOffSeconds,
  },
];

/** Between two crashes a container runs for a moment; after that many restarts it still counts as crashing. */
const RESTARTS_OF_A_CRASH_LOOP = 3;

/**
 * Looks for what is wrong with one pod.
 *
 * @param now ISO 8601.
 * @param startedAt when the change was made: a clock that runs ahead must not use up the grace.
 */
export const findPodFailure = (
  pod: Pod,
  now: string,
  startedAt: string,
  graces: Graces,
): PodFailure | undefined => {
  const scheduled = pod.conditions.find(({ type }) => type === 'PodScheduled');
  const isOlderThan = (seconds: number, since: string): boolean =>
    Date.parse(now) - Math.max(Date.parse(since), Date.parse(startedAt)) >= seconds * 1_000;

  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const isOverdue = isOlderThan(graces.unschedulableSeconds, pod.createdAt);
    const what = `no node takes it (Unschedulable): ${shorten(scheduled.message)}`;
    return { code: 'unschedulable', pod: pod.name, container: undefined, what, isOverdue };
  }
  const since = scheduled?.status === 'True' && scheduled.at ? scheduled.at : pod.createdAt;
  for (const container of pod.containers) {
    const found = findContainerFailure(container, graces);
    if (!found) continue;
    const { code, what, grace } = found;
    return { code, pod: pod.name, container: container.name, what, isOverdue: isOlderThan(grace, since) };
  }
  return undefined;
};

const findContainerFailure = (
  container: PodContainer,
  graces: Graces,
): { code: PodFailureCode; what: string; grace: number } | undefined => {
  const { state, last } = container;
  if (container.ready) return undefined;
  const ended = state.type === 'terminated' ? state : last;
  const isDown = state.type === 'terminated' || state.reason === 'CrashLoopBackOff';
  if (isDown && ended?.reason === 'OOMKilled') {
    const what = `it was killed for using more memory than its limit (OOMKilled, ${restarts(container)})`;
    return { code: 'oom-killed', what, grace: graces.oomKilledSeconds };
  }
  const sign = SIGNS.find(({ reasons }) => state.type === 'waiting' && reasons.includes(state.reason));
  const isCrashing = !container.init && container.restarts >= RESTARTS_OF_A_CRASH_LOOP && ended !== undefined;
  if (sign?.code === 'crash-loop' || (!sign && isCrashing)) {
    const exit = ended?.exitCode === undefined ? '' : `, last exit code ${ended.exitCode}`;
    const said = shorten(ended?.message || state.message);
    const what = `it crashes again and again (CrashLoopBackOff, ${restarts(container)}${exit})${said && `: ${said}`}`;
    return { code: 'crash-loop', what, grace: graces.crashLoopBackOffSeconds };
  }
  if (!sign) return undefined;
  const said = shorten(state.message);
  return {
    code: sign.code,
    what: `${sign.says} (${state.reason})${said && `: ${said}`}`,
    grace: sign.grace(graces),
  };
};

const restarts = ({ restarts: count }: PodContainer): string =>
  count === 1 ? '1 restart' : `${count} restarts`;

/** Longest foreign message that a reason repeats: what matters stands at its beginning. */
const MAX_MESSAGE = 300;

/** One line of a foreign message. */
export const shorten = (message: string): string => {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE - 1)}…`;
};
