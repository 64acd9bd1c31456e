import {
  AppsV1Api,
  BatchV1Api,
  type ConfigurationOptions,
  type KubeConfig,
  type V1CronJob,
  type V1DaemonSet,
  type V1Deployment,
  type V1StatefulSet,
} from '@kubernetes/client-node';
import {
  describeWorkload,
  type JsonPatchOperation,
  type Workload,
  type WorkloadKind,
  type WorkloadRef,
} from '../records/workload.ts';
import { RefusedError } from '../runtime/errors.ts';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';
import { findStatusCode, findStatusMessage } from './kubernetes-errors.ts';
import {
  normaliseCronJob,
  normaliseDaemonSet,
  normaliseDeployment,
  normaliseStatefulSet,
} from './kubernetes-normalise.ts';

/**
 * `conflict`: what the patch tests is not so any more. `gone`: there is no such workload. `forbidden`: a right is
 * missing or an admission policy says no. `invalid`: the API server would not have the result.
 */
export type PatchResult =
  | { readonly ok: true; readonly workload: Workload }
  | {
      readonly ok: false;
      readonly reason: 'conflict' | 'gone' | 'forbidden' | 'invalid';
      readonly message: string;
    };

/** The name under which the API server notes our writes in `managedFields`. */
const FIELD_MANAGER = 'drydock';

type Patch = readonly JsonPatchOperation[];

/** How one kind is read and patched. */
interface KindApi {
  readonly read: (config: KubeConfig, ref: WorkloadRef, options: ConfigurationOptions) => Promise<Workload>;
  readonly patch: (
    config: KubeConfig,
    ref: WorkloadRef,
    body: Patch,
    options: ConfigurationOptions,
  ) => Promise<Workload>;
}

const name = ({ namespace, name }: WorkloadRef) => ({ namespace, name });
const change = (ref: WorkloadRef, body: Patch) => ({ ...name(ref), body, fieldManager: FIELD_MANAGER });
const apps = (config: KubeConfig) => config.makeApiClient(AppsV1Api);
const batch = (config: KubeConfig) => config.makeApiClient(BatchV1Api);

const KINDS: Record<WorkloadKind, KindApi> = {
  Deployment: api<V1Deployment>(
    (config, ref, options) => apps(config).readNamespacedDeployment(name(ref), options),
    (config, ref, body, options) => apps(config).patchNamespacedDeployment(change(ref, body), options),
    normaliseDeployment,
  ),
  StatefulSet: api<V1StatefulSet>(
    (config, ref, options) => apps(config).readNamespacedStatefulSet(name(ref), options),
    (config, ref, body, options) => apps(config).patchNamespacedStatefulSet(change(ref, body), options),
    normaliseStatefulSet,
  ),
  DaemonSet: api<V1DaemonSet>(
    (config, ref, options) => apps(config).readNamespacedDaemonSet(name(ref), options),
    (config, ref, body, options) => apps(config).patchNamespacedDaemonSet(change(ref, body), options),
    normaliseDaemonSet,
  ),
  CronJob: api<V1CronJob>(
    (config, ref, options) => batch(config).readNamespacedCronJob(name(ref), options),
    (config, ref, body, options) => batch(config).patchNamespacedCronJob(change(ref, body), options),
    normaliseCronJob,
  ),
};

/** Reads a workload in its normal shape; undefined when there is none. */
export const readWorkload = (
  connection: KubernetesConnection,
  ref: WorkloadRef,
  signal?: AbortSignal,
): Promise<Workload | undefined> =>
  callKubernetes(connection, `read ${describeWorkload(ref)}`, signal, (config, options) =>
    KINDS[ref.kind].read(config, ref, options).catch((error: unknown) => {
      if (findStatusCode(error) === 404) return undefined;
      throw error;
    }),
  );

/** Applies a JSON patch under our field manager; see `PatchResult` for what may come of it. */
export const patchWorkload = (
  connection: KubernetesConnection,
  ref: WorkloadRef,
  patch: Patch,
  signal?: AbortSignal,
): Promise<PatchResult> => {
  const action = `patch ${describeWorkload(ref)}`;
  return callKubernetes(connection, action, signal, (config, options) =>
    KINDS[ref.kind].patch(config, ref, patch, options).then(
      (workload): PatchResult => ({ ok: true, workload }),
      (error: unknown) => explainPatchError(ref, error),
    ),
  ).catch((error: unknown) => {
    // A body that the API server cannot even decode: nothing that trying again would change.
    if (!(error instanceof RefusedError) || error.code !== 'kubernetes.refused') throw error;
    return { ok: false, reason: 'invalid', message: error.message } as const;
  });
};

/**
 * The API server answers 422 both when a patch cannot be applied (a `test` fails, a path is not there) and when the
 * result is invalid. Only the first has this message, and no details at all; measured on Kubernetes 1.36.
 */
const NOT_APPLICABLE = 'the server rejected our request due to an error in our request';

const REASONS = new Map<number | undefined, 'conflict' | 'gone' | 'forbidden' | 'invalid'>([
  [403, 'forbidden'],
  [404, 'gone'],
  [409, 'conflict'],
  [422, 'invalid'],
]);

const explainPatchError = (ref: WorkloadRef, error: unknown): PatchResult => {
  const where = describeWorkload(ref);
  const message = findStatusMessage(error);
  const reason = REASONS.get(findStatusCode(error));
  if (!reason) throw error;
  if (reason === 'invalid' && message === NOT_APPLICABLE) {
    return { ok: false, reason: 'conflict', message: `${where} was changed in the meantime` };
  }
  return { ok: false, reason, message: `${where}: ${message}` };
};

function api<T>(
  read: (config: KubeConfig, ref: WorkloadRef, options: ConfigurationOptions) => Promise<T>,
  patch: (config: KubeConfig, ref: WorkloadRef, body: Patch, options: ConfigurationOptions) => Promise<T>,
  normalise: (object: T, ref: WorkloadRef) => Workload,
): KindApi {
  return {
    read: async (config, ref, options) => normalise(await read(config, ref, options), ref),
    patch: async (config, ref, body, options) => normalise(await patch(config, ref, body, options), ref),
  };
}
