import { CoreV1Api } from '@kubernetes/client-node';
import {
  CronJob,
  JOB_ID_ANNOTATION,
  type Job,
  type JobManifest,
  type JobObservation,
  type LogCursor,
  type ObjectRef,
} from '../records/kubernetes-job.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { connectCluster } from './kubernetes.ts';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';
import { isAnswer } from './kubernetes-errors.ts';
import { readJobAnswer, readJobList } from './kubernetes-job-answer.ts';
import { sendKubernetes } from './kubernetes-json.ts';
import { type ContainerRef, type LogChunk, streamLog } from './kubernetes-log-stream.ts';
import { normalisePod } from './kubernetes-pods.ts';

/**
 * Jobs of one cluster. Each call has a deadline, and throws TransientError `kubernetes.unreachable` or
 * `kubernetes.unavailable`, or RefusedError `kubernetes.unauthorized`, `kubernetes.forbidden` or `kubernetes.refused`.
 */
export interface KubernetesJobs {
  /** Reads the CronJob with its whole template; undefined when there is none. */
  readCronJob(ref: ObjectRef, signal?: AbortSignal): Promise<CronJob | undefined>;
  /**
   * Makes a Job once: when there is one of this name already, of the same owner and the same job id, it is taken.
   *
   * @throws RefusedError `kubernetes.job-taken`: the name belongs to another Job, or to one that is being deleted.
   */
  createJob(
    manifest: JobManifest,
    signal?: AbortSignal,
  ): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Looks at a Job and its pods, and at no pods of an earlier Job of the same name. */
  observeJob(ref: ObjectRef, signal?: AbortSignal): Promise<JobObservation>;
  /** @param selector a label selector, such as `app=toolbox`; empty for all. */
  listJobs(namespace: string, selector: string, signal?: AbortSignal): Promise<readonly Job[]>;
  /** What a container has written so far, from a place on; see `streamLog`. Empty when there is none. */
  streamLog(
    container: ContainerRef,
    options: { readonly from?: LogCursor; readonly chunkCharacters?: number },
    signal?: AbortSignal,
  ): AsyncIterable<LogChunk>;
  /**
   * Deletes a Job, and in the background its pods. `gone`: there is none, or another one has the name now.
   *
   * @param job the one that was read; its uid keeps the next one of that name safe.
   */
  deleteJob(job: ObjectRef & { readonly uid: string }, signal?: AbortSignal): Promise<'deleted' | 'gone'>;
}

/** The Jobs of an EKS cluster, as the role this process runs under. */
export const connectKubernetesJobs = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesJobs => openKubernetesJobs(connectCluster(options));

/** The same over any connection. */
export const openKubernetesJobs = (connection: KubernetesConnection): KubernetesJobs => ({
  readCronJob: async (ref, signal) => {
    const action = `read CronJob ${describe(ref)}`;
    const path = pathOf('cronjobs', ref.namespace, ref.name);
    const found = await orUndefined(sendKubernetes(connection, { action, method: 'GET', path }, signal));
    return found === undefined ? undefined : CronJob.parse(found);
  },
  createJob: (manifest, signal) => createJob(connection, manifest, signal),
  observeJob: (ref, signal) => observeJob(connection, ref, signal),
  listJobs: async (namespace, selector, signal) => {
    const action = `list Jobs in ${namespace}`;
    const query = { labelSelector: selector || undefined };
    const path = pathOf('jobs', namespace);
    return readJobList(await sendKubernetes(connection, { action, method: 'GET', path, query }, signal));
  },
  streamLog: (container, options, signal) => streamLog(connection, container, options, signal),
  deleteJob: (job, signal) => deleteJob(connection, job, signal),
});

const createJob = async (
  connection: KubernetesConnection,
  manifest: JobManifest,
  signal: AbortSignal | undefined,
): Promise<{ readonly job: Job; readonly isNew: boolean }> => {
  const { metadata } = manifest;
  const name = describe(metadata);
  const call = { action: `create Job ${name}`, path: pathOf('jobs', metadata.namespace), body: manifest };
  const query = { fieldManager: 'drydock' };
  try {
    const made = await sendKubernetes(connection, { ...call, method: 'POST', query }, signal);
    return { job: readJobAnswer(made), isNew: true };
  } catch (error) {
    if (!isAnswer(error, 409)) throw error;
  }
  const job = await readJob(connection, metadata, signal);
  if (!job) {
    // Not a name that is taken: a quota that was counted by two at once answers 409 as well.
    const message = `Could not create Job ${name}: the API server says that it is in conflict, and there is none.`;
    throw new TransientError('kubernetes.unavailable', message);
  }
  if (!job.deleting && isSame(job, manifest)) return { job, isNew: false };
  const why = job.deleting
    ? 'there is one of that name that is being deleted. Start again when it is gone'
    : 'there is one of that name that was made by somebody else. Look at it, and delete it when nobody needs it';
  throw new RefusedError(
    'kubernetes.job-taken',
    `Could not create Job ${name}: ${why}: kubectl --namespace ${metadata.namespace} describe job ${metadata.name}`,
  );
};

/** Is this the Job that would have been made: of the same owner, for the same cause? */
const isSame = (job: Job, { metadata }: JobManifest): boolean =>
  metadata.ownerReferences.every(({ uid }) => job.owners.some((owner) => owner.uid === uid)) &&
  metadata.annotations[JOB_ID_ANNOTATION] !== undefined &&
  job.annotations[JOB_ID_ANNOTATION] === metadata.annotations[JOB_ID_ANNOTATION];

const readJob = async (
  connection: KubernetesConnection,
  ref: ObjectRef,
  signal: AbortSignal | undefined,
): Promise<Job | undefined> => {
  const call = { action: `read Job ${describe(ref)}`, path: pathOf('jobs', ref.namespace, ref.name) };
  const found = await orUndefined(sendKubernetes(connection, { ...call, method: 'GET' }, signal));
  return found === undefined ? undefined : readJobAnswer(found);
};

const observeJob = async (
  connection: KubernetesConnection,
  ref: ObjectRef,
  signal: AbortSignal | undefined,
): Promise<JobObservation> => {
  const job = await readJob(connection, ref, signal);
  if (!job) return { job, pods: [] };
  const labelSelector = `batch.kubernetes.io/controller-uid=${job.uid}`;
  const { items } = await callKubernetes(
    connection,
    `list the pods of Job ${describe(ref)}`,
    signal,
    (config, options) =>
      config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: ref.namespace, labelSelector }, options),
  );
  return { job, pods: items.map(normalisePod) };
};

const deleteJob = async (
  connection: KubernetesConnection,
  { namespace, name, uid }: ObjectRef & { readonly uid: string },
  signal: AbortSignal | undefined,
): Promise<'deleted' | 'gone'> => {
  const action = `delete Job ${describe({ namespace, name })}`;
  const body = { propagationPolicy: 'Background', preconditions: { uid } };
  const path = pathOf('jobs', namespace, name);
  try {
    await sendKubernetes(connection, { action, method: 'DELETE', path, body }, signal);
    return 'deleted';
  } catch (error) {
    // 409: the uid is another one's.
    if (isAnswer(error, 404) || isAnswer(error, 409)) return 'gone';
    throw error;
  }
};

const pathOf = (resource: 'jobs' | 'cronjobs', namespace: string, name?: string): string =>
  ['/apis/batch/v1/namespaces', namespace, resource, ...(name === undefined ? [] : [name])].join('/');

const describe = ({ namespace, name }: ObjectRef): string => `${namespace}/${name}`;

const orUndefined = (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error: unknown) => {
    if (isAnswer(error, 404)) return undefined;
    throw error;
  });
