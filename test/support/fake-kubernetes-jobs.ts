import type { KubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import { readLogLines } from '../../functions/clients/log-lines.ts';
import {
  CronJob,
  JOB_ID_ANNOTATION,
  type Job,
  type JobManifest,
  type ObjectRef,
} from '../../functions/records/kubernetes-job.ts';
import type { Pod } from '../../functions/records/workload.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { buildJobPod, endedState } from './job-builders.ts';

/** Jobs in memory. A Job is complete as soon as it was made, unless a test says otherwise of it. */
export interface FakeKubernetesJobs extends KubernetesJobs {
  /** Jobs that were really made, in order. */
  readonly made: readonly JobManifest[];
  /** Puts a CronJob in, as an API server takes it. */
  putCronJob(namespace: string, body: object): void;
  /** Puts a Job of somebody else in, or changes what is seen of one. */
  putJob(job: Job, pods?: readonly Pod[]): void;
  /** What each container has written: lines with the kubelet's times before them. */
  writeLog(lines: readonly string[]): void;
}

const CHUNK_CHARACTERS = 256 * 1024;

/** @param now by which objects are dated. */
export const createFakeKubernetesJobs = (now: () => Date): FakeKubernetesJobs => {
  const cronJobs = new Map<string, CronJob>();
  const jobs = new Map<string, { readonly job: Job; readonly pods: readonly Pod[] }>();
  const made: JobManifest[] = [];
  let log: readonly string[] = [];
  let uids = 0;
  const key = ({ namespace, name }: ObjectRef): string => `${namespace}/${name}`;

  const create = (manifest: JobManifest): Job => {
    const { metadata, spec } = manifest;
    const at = now().toISOString();
    const job: Job = {
      ...metadata,
      uid: `job-${++uids}`,
      createdAt: at,
      startedAt: at,
      completedAt: at,
      owners: metadata.ownerReferences,
      podLabels: spec.template.metadata?.labels ?? {},
      containers: spec.template.spec.containers.map(({ name }) => name),
      suspended: false,
      deleting: false,
      conditions: [{ type: 'Complete', status: 'True', reason: '', message: '', at }],
    };
    const pod = buildJobPod({
      name: `${job.name}-x7k2p`,
      createdAt: at,
      phase: 'Succeeded',
      state: endedState(0, 'Completed'),
    });
    const containers = job.containers.flatMap((name) => pod.containers.map((one) => ({ ...one, name })));
    jobs.set(key(metadata), { job, pods: [{ ...pod, containers }] });
    made.push(manifest);
    return job;
  };

  return {
    made,
    putCronJob: (namespace, body) => {
      const whole = structuredClone(body);
      const named = CronJob.shape.metadata.partial();
      const metadata = 'metadata' in whole ? named.parse(whole.metadata) : {};
      const cronJob = CronJob.parse({
        ...whole,
        metadata: { ...metadata, namespace, uid: `cron-${++uids}` },
      });
      cronJobs.set(key(cronJob.metadata), cronJob);
    },
    putJob: (job, pods = []) => void jobs.set(key(job), { job, pods }),
    writeLog: (lines) => {
      log = lines;
    },
    readCronJob: async (ref) => structuredClone(cronJobs.get(key(ref))),
    createJob: async (manifest) => {
      const there = jobs.get(key(manifest.metadata))?.job;
      if (!there) return { job: create(manifest), isNew: true };
      const owner = manifest.metadata.ownerReferences[0]?.uid;
      const isOurs =
        !there.deleting &&
        there.owners.some(({ uid }) => uid === owner) &&
        there.annotations[JOB_ID_ANNOTATION] === manifest.metadata.annotations[JOB_ID_ANNOTATION];
      if (!isOurs) throw new RefusedError('kubernetes.job-taken', `There is another ${there.name}.`);
      return { job: there, isNew: false };
    },
    observeJob: async (ref) => jobs.get(key(ref)) ?? { job: undefined, pods: [] },
    listJobs: async (namespace, selector) => {
      const wanted = selector.split(',').filter((part) => part !== '');
      return [...jobs.values()].flatMap(({ job }) => {
        const isMeant = wanted.every((part) => {
          const [label = '', value] = part.split('=');
          return job.labels[label] === value;
        });
        return job.namespace === namespace && isMeant ? [job] : [];
      });
    },
    streamLog: ({ pod }, { from, chunkCharacters = CHUNK_CHARACTERS }) => {
      const isThere = [...jobs.values()].some(({ pods }) => pods.some(({ name }) => name === pod));
      const bytes = async function* () {
        if (isThere) yield Buffer.from(log.map((line) => `${line}\n`).join(''));
      };
      return readLogLines(bytes(), from, chunkCharacters);
    },
    deleteJob: async (ref) => {
      if (jobs.get(key(ref))?.job.uid !== ref.uid) return 'gone';
      jobs.delete(key(ref));
      return 'deleted';
    },
  };
};
