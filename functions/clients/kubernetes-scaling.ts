import type { OwnerReference } from '../records/kubernetes-job.ts';
import { connectCluster } from './kubernetes.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { isAnswer } from './kubernetes-errors.ts';
import { sendKubernetes } from './kubernetes-json.ts';
import {
  RESTARTED_FOR_ANNOTATION,
  readCronJobs,
  readHorizontalAutoscalers,
  readScaledObjects,
  readWorkloads,
} from './kubernetes-scaling-answer.ts';
import { annotate, patchObject } from './kubernetes-scaling-patch.ts';

/** A Deployment or StatefulSet, as far as it is scaled and restarted. */
export interface ScalableWorkload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Wanted; 1 where nothing is said, as the API server takes it. */
  readonly replicas: number;
  /** Pods that exist, those that end included as long as their controller counts them. */
  readonly pods: number;
  /** As many pods as wanted run, of the newest template. */
  readonly isSettled: boolean;
  readonly owners: readonly OwnerReference[];
  /** Field managers that set the number of replicas, as long as nobody has scaled it since. */
  readonly replicasSetBy: readonly string[];
  /** Names of Secrets that its pods mount or read. */
  readonly secrets: readonly string[];
  /** For what it was restarted last, of `restart`. */
  readonly restartedFor?: string;
}

/** Whoever changes replicas by itself. */
export interface Autoscaler {
  readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly target: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerReference[];
}

export interface ScheduledWork {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly suspended: boolean;
}

/** An object that was read; its uid keeps the next one of that name safe. */
export interface ReadObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** `gone`: there is none of that name, or another one has it now. */
export type ChangeAnswer = 'changed' | 'gone';

/**
 * What runs in a namespace, and how much of it. Each change can be repeated. Throws TransientError
 * `kubernetes.unreachable` or `kubernetes.unavailable`, or RefusedError `kubernetes.unauthorized`,
 * `kubernetes.forbidden` or `kubernetes.refused`.
 */
export interface KubernetesScaling {
  listWorkloads(namespace: string, signal?: AbortSignal): Promise<readonly ScalableWorkload[]>;
  /** Autoscalers of Kubernetes itself, and those of KEDA where it is installed. */
  listAutoscalers(namespace: string, signal?: AbortSignal): Promise<readonly Autoscaler[]>;
  listCronJobs(namespace: string, signal?: AbortSignal): Promise<readonly ScheduledWork[]>;
  /** Sets the number of replicas, through the subresource `scale`. */
  scale(
    workload: ReadObject & Pick<ScalableWorkload, 'kind'>,
    replicas: number,
    signal?: AbortSignal,
  ): Promise<ChangeAnswer>;
  /** Has all pods replaced, once for each cause: a repeat with the same one changes nothing. */
  restart(
    workload: ReadObject & Pick<ScalableWorkload, 'kind'>,
    cause: string,
    signal?: AbortSignal,
  ): Promise<ChangeAnswer>;
  suspendCronJob(cronJob: ReadObject, suspended: boolean, signal?: AbortSignal): Promise<ChangeAnswer>;
  /** Sets one annotation of a ScaledObject, or takes it away. */
  annotateScaledObject(
    scaledObject: ReadObject,
    annotation: string,
    value: string | undefined,
    signal?: AbortSignal,
  ): Promise<ChangeAnswer>;
}

/** What runs in an EKS cluster, as the role this process runs under. */
export const connectKubernetesScaling = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesScaling => openKubernetesScaling(connectCluster(options));

const PLURALS = { Deployment: 'deployments', StatefulSet: 'statefulsets' } as const;

/** The same over any connection. */
export const openKubernetesScaling = (connection: KubernetesConnection): KubernetesScaling => {
  const list = (what: string, api: string, namespace: string, signal: AbortSignal | undefined) =>
    sendKubernetes(
      connection,
      { action: `list ${what} in ${namespace}`, method: 'GET', path: pathOf(api, namespace, what) },
      signal,
    );

  return {
    listWorkloads: async (namespace, signal) => {
      const [deployments, statefulSets] = await Promise.all([
        list('deployments', APPS, namespace, signal),
        list('statefulsets', APPS, namespace, signal),
      ]);
      return [...readWorkloads('Deployment', deployments), ...readWorkloads('StatefulSet', statefulSets)];
    },

    listAutoscalers: async (namespace, signal) => {
      const [own, kedas] = await Promise.all([
        list('horizontalpodautoscalers', 'autoscaling/v2', namespace, signal),
        // 404: the resource itself is not known, since KEDA is not installed.
        list('scaledobjects', KEDA, namespace, signal).catch((error: unknown) => {
          if (isAnswer(error, 404)) return { items: [] };
          throw error;
        }),
      ]);
      return [...readHorizontalAutoscalers(own), ...readScaledObjects(kedas)];
    },

    listCronJobs: async (namespace, signal) =>
      readCronJobs(await list('cronjobs', 'batch/v1', namespace, signal)),

    scale: ({ kind, namespace, name, uid }, replicas, signal) => {
      const action = `scale ${kind} ${namespace}/${name} to ${replicas}`;
      const path = `${pathOf(APPS, namespace, PLURALS[kind], name)}/scale`;
      // `add` replaces what is there; a Scale of 0 has no such member, so that `replace` would fail.
      return patchObject(
        connection,
        { action, path, uid },
        [{ op: 'add', path: '/spec/replicas', value: replicas }],
        signal,
      );
    },

    restart: ({ kind, namespace, name, uid }, cause, signal) => {
      const action = `restart ${kind} ${namespace}/${name}`;
      const object = { action, path: pathOf(APPS, namespace, PLURALS[kind], name), uid };
      const at = ['spec', 'template', 'metadata'];
      return annotate(connection, object, at, [RESTARTED_FOR_ANNOTATION, cause], signal);
    },

    suspendCronJob: ({ namespace, name, uid }, suspended, signal) => {
      const action = `${suspended ? 'suspend' : 'resume'} CronJob ${namespace}/${name}`;
      return patchObject(
        connection,
        { action, path: pathOf('batch/v1', namespace, 'cronjobs', name), uid },
        [{ op: 'add', path: '/spec/suspend', value: suspended }],
        signal,
      );
    },

    annotateScaledObject: ({ namespace, name, uid }, annotation, value, signal) => {
      const action = `annotate ScaledObject ${namespace}/${name}`;
      const object = { action, path: pathOf(KEDA, namespace, 'scaledobjects', name), uid };
      return annotate(connection, object, ['metadata'], [annotation, value], signal);
    },
  };
};

const APPS = 'apps/v1';
const KEDA = 'keda.sh/v1alpha1';

const pathOf = (api: string, namespace: string, plural: string, name?: string): string =>
  [`/apis/${api}/namespaces`, namespace, plural, ...(name === undefined ? [] : [name])].join('/');
