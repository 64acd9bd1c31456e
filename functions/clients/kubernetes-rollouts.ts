import {
  AppsV1Api,
  CoreV1Api,
  type CoreV1Event,
  type KubeConfig,
  type V1ObjectMeta,
  type V1ReplicaSet,
} from '@kubernetes/client-node';
import {
  describeWorkload,
  type Pod,
  type ReplicaSet,
  type RolloutObservation,
  type Workload,
  type WorkloadEvent,
  type WorkloadRef,
} from '../records/workload.ts';
import type { Clock } from '../runtime/clock.ts';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';
import { normaliseCondition } from './kubernetes-normalise.ts';
import { normalisePod } from './kubernetes-pods.ts';
import { readWorkload } from './kubernetes-workloads.ts';

/** Events kept of one observation, the newest: they live for an hour, and a crash loop makes many. */
const MAX_EVENTS = 50;

/** Looks once at a workload, its ReplicaSets, pods and events; the workload is read first. */
export const observeRollout = async (
  connection: KubernetesConnection,
  clock: Clock,
  ref: WorkloadRef,
  signal?: AbortSignal,
): Promise<RolloutObservation> => {
  const workload = await readWorkload(connection, ref, signal);
  const nothing = { newRevision: undefined, replicaSets: [], pods: [], events: [] };
  if (!workload || workload.selector === '') {
    return { observedAt: clock.now().toISOString(), workload, ...nothing };
  }
  const [owned, pods, events] = await Promise.all([
    findRevisions(connection, workload, signal),
    listPods(connection, workload, signal),
    listEvents(connection, ref.namespace, signal),
  ]);
  const replicaSets = owned.replicaSets.map(normaliseReplicaSet);
  const owners = new Set([workload.uid, ...owned.replicaSets.map(({ metadata }) => metadata?.uid ?? '')]);
  const ours = pods.filter(({ owner }) => owners.has(owner)).map(({ pod }) => pod);
  const names = new Set([ref.name, ...replicaSets.map(({ name }) => name), ...ours.map(({ name }) => name)]);
  return {
    observedAt: clock.now().toISOString(),
    workload,
    newRevision: owned.newRevision,
    replicaSets,
    pods: ours,
    events: keepEvents(events, names),
  };
};

interface Revisions {
  readonly newRevision: string | undefined;
  readonly replicaSets: readonly V1ReplicaSet[];
}

/** Which label value do pods of the present template carry? Each controller keeps its revisions in its own way. */
const findRevisions = async (
  connection: KubernetesConnection,
  workload: Workload,
  signal?: AbortSignal,
): Promise<Revisions> => {
  const { ref, selector, uid } = workload;
  const where = { namespace: ref.namespace, labelSelector: selector };
  const list = <T>(call: (api: AppsV1Api, options: Parameters<Call>[1]) => Promise<{ items: T[] }>) =>
    callKubernetes(connection, `list the revisions of ${describeWorkload(ref)}`, signal, (config, options) =>
      call(config.makeApiClient(AppsV1Api), options),
    ).then(({ items }) => items);

  if (ref.kind === 'Deployment') {
    const all = await list((api, options) => api.listNamespacedReplicaSet(where, options));
    const replicaSets = all.filter(({ metadata }) => isOwnedBy(metadata, uid));
    const newest = replicaSets.find((replicaSet) => isOfTemplate(replicaSet, workload));
    return { replicaSets, newRevision: newest?.metadata?.labels?.['pod-template-hash'] };
  }
  if (ref.kind === 'DaemonSet') {
    const all = await list((api, options) => api.listNamespacedControllerRevision(where, options));
    const [newest] = all
      .filter(({ metadata }) => isOwnedBy(metadata, uid))
      .sort((a, b) => b.revision - a.revision);
    return { replicaSets: [], newRevision: newest?.metadata?.labels?.['controller-revision-hash'] };
  }
  // A StatefulSet names its revision in its own status; a CronJob has none.
  return { replicaSets: [], newRevision: workload.updateRevision || undefined };
};

type Call = Parameters<typeof callKubernetes<unknown>>[3];

/** The revision number that the Deployment controller writes on a Deployment and on its newest ReplicaSet alike. */
const REVISION = 'deployment.kubernetes.io/revision';

/**
 * Is it the ReplicaSet of the present template? A paused Deployment keeps the number of its last one, whose images
 * then differ.
 */
const isOfTemplate = ({ metadata, spec }: V1ReplicaSet, workload: Workload): boolean => {
  if (metadata?.annotations?.[REVISION] !== workload.annotations[REVISION]) return false;
  const { containers = [], initContainers = [] } = spec?.template?.spec ?? {};
  const images = new Map([...containers, ...initContainers].map(({ name, image }) => [name, image]));
  return workload.containers.every(({ name, image }) => images.get(name) === image);
};

const isOwnedBy = (metadata: V1ObjectMeta | undefined, uid: string): boolean =>
  metadata?.ownerReferences?.some((owner) => owner.controller && owner.uid === uid) ?? false;

const normaliseReplicaSet = ({ metadata, spec, status }: V1ReplicaSet): ReplicaSet => ({
  name: metadata?.name ?? '',
  revision: metadata?.labels?.['pod-template-hash'] ?? '',
  desired: spec?.replicas ?? 0,
  ready: status?.readyReplicas ?? 0,
  conditions: (status?.conditions ?? []).map(normaliseCondition),
});

const listPods = async (
  connection: KubernetesConnection,
  { ref, selector }: Workload,
  signal?: AbortSignal,
): Promise<readonly { owner: string; pod: Pod }[]> => {
  const { items } = await callKubernetes(
    connection,
    `list the pods of ${describeWorkload(ref)}`,
    signal,
    (config, options) =>
      core(config).listNamespacedPod({ namespace: ref.namespace, labelSelector: selector }, options),
  );
  return items.map((item) => ({
    owner: item.metadata?.ownerReferences?.find(({ controller }) => controller)?.uid ?? '',
    pod: normalisePod(item),
  }));
};

const listEvents = async (
  connection: KubernetesConnection,
  namespace: string,
  signal?: AbortSignal,
): Promise<readonly CoreV1Event[]> => {
  const { items } = await callKubernetes(
    connection,
    `list the events of namespace ${namespace}`,
    signal,
    (config, options) =>
      core(config).listNamespacedEvent({ namespace, fieldSelector: 'type=Warning', limit: 500 }, options),
  );
  return items;
};

const core = (config: KubeConfig): CoreV1Api => config.makeApiClient(CoreV1Api);

const keepEvents = (events: readonly CoreV1Event[], names: ReadonlySet<string>): WorkloadEvent[] =>
  events
    .filter(({ involvedObject }) => names.has(involvedObject.name ?? ''))
    .map((event) => ({
      about: event.involvedObject.name ?? '',
      type: event.type ?? '',
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: event.series?.count ?? event.count ?? 1,
      at: findEventTime(event),
    }))
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(-MAX_EVENTS);

/** Old and new event APIs put the time in different fields. */
const findEventTime = (event: CoreV1Event): string => {
  const at =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp;
  return at ? new Date(at).toISOString() : '';
};
