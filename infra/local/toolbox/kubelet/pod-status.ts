import { createHash } from 'node:crypto';
import type {
  V1ContainerState,
  V1ContainerStatus,
  V1Pod,
  V1PodCondition,
  V1PodStatus,
} from '@kubernetes/client-node';

/** How the containers of a pod stand, by their names. */
export type ContainerStates = ReadonlyMap<string, V1ContainerState>;

/** What a pod is said to be, beside the states of its containers. */
export interface PodStanding {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly startedAt: Date;
  /** When it came to stand so. */
  readonly at: Date;
  readonly states: ContainerStates;
  /** Of the pod itself, of one that was evicted. */
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly V1PodCondition[];
}

export const waiting = (reason: string, message?: string): V1ContainerState => ({
  waiting: { reason, ...(message === undefined ? {} : { message }) },
});

export const running = (startedAt: Date): V1ContainerState => ({ running: { startedAt } });

/** A container that has ended; the reason is the kubelet's usual one where no other is given. */
export const terminated = (
  exitCode: number,
  times: { readonly startedAt: Date; readonly finishedAt: Date },
  reason?: string,
): V1ContainerState => ({
  terminated: { exitCode, reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'), ...times },
});

/** The status of a pod as a kubelet writes it, whole: conditions that others wrote are kept. */
export const describePodStatus = (pod: V1Pod, standing: PodStanding): V1PodStatus => {
  const { phase, startedAt, at, states, reason, message, conditions = [] } = standing;
  const main = (pod.spec?.containers ?? []).map(({ name, image = '' }) => describe(pod, name, image, states));
  const init = (pod.spec?.initContainers ?? []).map(({ name, image = '' }) =>
    describe(pod, name, image, states),
  );
  const isReady = main.every(({ ready }) => ready);
  const isInitialized = init.every(({ state }) => state?.terminated?.exitCode === 0);
  const own = [
    condition('Initialized', isInitialized, at),
    condition('Ready', isReady, at, phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady'),
    condition('ContainersReady', isReady, at, phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady'),
    ...conditions,
  ];
  const kept = (pod.status?.conditions ?? []).filter(({ type }) => !own.some((each) => each.type === type));
  return {
    phase,
    startTime: startedAt,
    hostIP: '127.0.0.1',
    podIP: '10.0.99.1',
    podIPs: [{ ip: '10.0.99.1' }],
    conditions: [...kept, ...own],
    containerStatuses: main,
    initContainerStatuses: init,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
};

const describe = (pod: V1Pod, name: string, image: string, states: ContainerStates): V1ContainerStatus => {
  const state = states.get(name) ?? waiting('PodInitializing');
  const identity = createHash('sha256').update(`${pod.metadata?.uid}/${name}`).digest('hex');
  return {
    name,
    image,
    imageID: `sha256:${createHash('sha256').update(image).digest('hex')}`,
    ...(state.waiting ? {} : { containerID: `containerd://${identity}` }),
    ready: state.running !== undefined,
    started: state.running !== undefined,
    restartCount: 0,
    state,
  };
};

const condition = (type: string, isTrue: boolean, at: Date, otherwise?: string): V1PodCondition => ({
  type,
  status: isTrue ? 'True' : 'False',
  lastTransitionTime: at,
  ...(isTrue || otherwise === undefined ? {} : { reason: otherwise }),
});
