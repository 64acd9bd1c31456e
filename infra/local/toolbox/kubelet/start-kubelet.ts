import { setTimeout as delay } from 'node:timers/promises';
import {
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from '@kubernetes/client-node';
import { keepNode, type NodeIdentity } from './node.ts';
import { describePodStatus, running } from './pod-status.ts';
import { type PodSurroundings, type RunningPod, runPod } from './run-pod.ts';
import { serveLogs } from './serve-logs.ts';
import { serveVolumeClaims } from './volume-claims.ts';

export interface StartKubelet extends Omit<PodSurroundings, 'core' | 'report'> {
  /** Of a cluster administrator: this kubelet has no identity of its own. */
  readonly kubeconfig: string;
  readonly node: NodeIdentity;
}

export interface LocalKubelet {
  stop(): Promise<void>;
}

const RETRY_MS = 500;

/**
 * A kubelet for one node of its own, which kwok leaves alone: pods of Jobs on it run, all others are said to run. It
 * writes real statuses through the API and serves logs to the API server; scheduler and Job controller do the rest.
 */
export const startKubelet = async (options: StartKubelet): Promise<LocalKubelet> => {
  const { kubeconfig, node } = options;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const pods = new Map<string, RunningPod>();
  const names = new Map<string, string>();
  const over = new AbortController();

  /** An API server that is away comes back, and until then a real kubelet holds on to what it has to say. */
  const report: PodSurroundings['report'] = async (pod, status) => {
    const { namespace = '', name = '', uid } = pod.metadata ?? {};
    while (!over.signal.aborted) {
      try {
        await core.patchNamespacedPodStatus(
          { namespace, name, body: { metadata: { uid }, status } },
          setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
        );
        return;
      } catch (error) {
        // Gone, or another one has its name.
        if (isAnswer(error, 404) || isAnswer(error, 409)) return;
        await delay(RETRY_MS);
      }
    }
  };

  const take = (pod: V1Pod): void => {
    const {
      uid = '',
      namespace = '',
      name = '',
      deletionTimestamp,
      ownerReferences = [],
    } = pod.metadata ?? {};
    if (pod.spec?.nodeName !== node.name || over.signal.aborted) return;
    if (deletionTimestamp) return void remove(pod);
    if (pods.has(uid) || pod.status?.startTime) return;
    if (!ownerReferences.some(({ kind }) => kind === 'Job')) return void pretend(pod);
    names.set(`${namespace}/${name}`, uid);
    pods.set(uid, runPod(pod, { ...options, core, report }));
  };

  /** What no Job owns has nothing to do here. */
  const pretend = (pod: V1Pod): Promise<void> => {
    const startedAt = options.now();
    const all = [...(pod.spec?.containers ?? [])];
    const states = new Map(all.map(({ name }) => [name, running(startedAt)]));
    for (const { name } of pod.spec?.initContainers ?? []) {
      states.set(name, {
        terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: startedAt },
      });
    }
    return report(pod, describePodStatus(pod, { phase: 'Running', startedAt, at: startedAt, states }));
  };

  const removing = new Set<string>();
  const remove = async (pod: V1Pod): Promise<void> => {
    const { uid = '', namespace = '', name = '' } = pod.metadata ?? {};
    if (removing.has(uid)) return;
    removing.add(uid);
    await pods.get(uid)?.stop();
    // Anything else than done is asked again by the next event of it.
    await core
      .deleteNamespacedPod({ namespace, name, body: { gracePeriodSeconds: 0, preconditions: { uid } } })
      .catch(() => removing.delete(uid));
  };

  const logs = await serveLogs({
    find: (namespace, name, container) => {
      const pod = pods.get(names.get(`${namespace}/${name}`) ?? '');
      return pod?.log(container) ?? `pod "${name}" does not run here`;
    },
  });
  const [registered, claims] = await Promise.all([
    keepNode(config, node, logs.port),
    serveVolumeClaims(config, node.name),
  ]);
  const informer = makeInformer(config, '/api/v1/pods', () => core.listPodForAllNamespaces());
  informer.on('add', take);
  informer.on('update', take);
  informer.on('delete', ({ metadata }) => pods.delete(metadata?.uid ?? ''));
  /** Lists and watches, again and again where the API server is away. */
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        return await informer.start();
      } catch {
        await delay(RETRY_MS);
      }
    }
  };
  informer.on('error', () => void delay(RETRY_MS).then(watch));
  await watch();
  return {
    stop: async () => {
      over.abort();
      registered.stop();
      await informer.stop();
      await claims.stop();
      await Promise.all([...pods.values()].map((pod) => pod.stop()));
      await logs.stop();
    },
  };
};

const isAnswer = (error: unknown, status: number): boolean =>
  error instanceof Error && 'code' in error && error.code === status;
