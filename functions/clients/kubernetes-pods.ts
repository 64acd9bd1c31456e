import type {
  V1ContainerState,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Pod,
} from '@kubernetes/client-node';
import type { ContainerState, Pod, PodContainer } from '../records/workload.ts';
import { normaliseCondition } from './kubernetes-normalise.ts';

/** Brings a pod into the shape that our rules read. */
export const normalisePod = ({ metadata, spec, status }: V1Pod): Pod => ({
  name: metadata?.name ?? '',
  createdAt: metadata?.creationTimestamp?.toISOString() ?? '',
  deleting: metadata?.deletionTimestamp !== undefined,
  phase: status?.phase ?? '',
  reason: status?.reason ?? '',
  message: status?.message ?? '',
  revision: metadata?.labels?.['pod-template-hash'] ?? metadata?.labels?.['controller-revision-hash'] ?? '',
  conditions: (status?.conditions ?? []).map(normaliseCondition),
  containers: [
    ...(spec?.initContainers ?? []).map(({ name, image }) =>
      normaliseContainer(name, image, true, status?.initContainerStatuses),
    ),
    ...(spec?.containers ?? []).map(({ name, image }) =>
      normaliseContainer(name, image, false, status?.containerStatuses),
    ),
  ],
});

const normaliseContainer = (
  name: string,
  image: string | undefined,
  init: boolean,
  statuses: readonly V1ContainerStatus[] = [],
): PodContainer => {
  const status = statuses.find((candidate) => candidate.name === name);
  const ended = status?.lastState?.terminated;
  return {
    name,
    init,
    image: image ?? '',
    imageId: status?.imageID ?? '',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state: normaliseState(status?.state),
    ...(ended ? { last: normaliseTerminated(ended) } : {}),
  };
};

const normaliseState = (state: V1ContainerState | undefined): ContainerState => {
  if (state?.terminated) return normaliseTerminated(state.terminated);
  if (state?.running) {
    const { startedAt } = state.running;
    return {
      type: 'running',
      reason: '',
      message: '',
      ...(startedAt ? { startedAt: startedAt.toISOString() } : {}),
    };
  }
  if (!state?.waiting) return { type: 'unknown', reason: '', message: '' };
  return { type: 'waiting', reason: state.waiting.reason ?? '', message: state.waiting.message ?? '' };
};

/**
 * Under these reasons the message is what the application wrote, or with `FallbackToLogsOnError` the end of its log
 * (Kubernetes API, Container.terminationMessagePolicy). It may hold secrets, so it is left where it is; under all
 * other reasons the message is the kubelet's or the runtime's.
 */
const ENDED_BY_ITSELF: ReadonlySet<string> = new Set(['Error', 'Completed', 'OOMKilled', '']);

const normaliseTerminated = (ended: V1ContainerStateTerminated): ContainerState => ({
  type: 'terminated',
  reason: ended.reason ?? '',
  message: ENDED_BY_ITSELF.has(ended.reason ?? '') ? '' : (ended.message ?? ''),
  exitCode: ended.exitCode,
  ...(ended.startedAt ? { startedAt: ended.startedAt.toISOString() } : {}),
  ...(ended.finishedAt ? { finishedAt: ended.finishedAt.toISOString() } : {}),
});
