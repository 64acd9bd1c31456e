import * as z from 'zod';
import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { collectListed } from './kubernetes-listed.ts';
import { Conditions, holds, Metadata, part, whole } from './kubernetes-object.ts';
import { foldPodTemplate, PodTemplate, type PodTraits, podSpecWith } from './kubernetes-pod-traits.ts';
import { type Walk, walkThrough } from './kubernetes-walk.ts';

const Workload = z.object({
  metadata: Metadata,
  // A Pod is its own template; the others have one, a CronJob one level deeper.
  spec: podSpecWith({
    replicas: whole(1),
    minReadySeconds: whole(),
    template: PodTemplate,
    jobTemplate: part({ spec: part({ template: PodTemplate }) }),
  }),
  status: part({
    readyReplicas: whole(),
    desiredNumberScheduled: whole(),
    numberReady: whole(),
    conditions: Conditions,
  }),
});
type Workload = z.output<typeof Workload>;

const KINDS: Readonly<Record<WorkloadFact['kind'], (workload: Workload) => Counted | undefined>> = {
  Deployment: (one) => counted(one, one.spec.replicas, one.status.readyReplicas),
  StatefulSet: (one) => counted(one, one.spec.replicas, one.status.readyReplicas),
  ReplicationController: (one) => counted(one, one.spec.replicas, one.status.readyReplicas),
  DaemonSet: (one) => counted(one, one.status.desiredNumberScheduled, one.status.numberReady),
  CronJob: ({ spec }) => ({ replicas: 1, ready: 1, traits: foldPodTemplate(spec.jobTemplate.spec.template) }),
  // A Job of a CronJob is judged there, and one that has ended runs nowhere.
  Job: (one) => (isOwned(one) || hasEnded(one) ? undefined : counted(one, 1, 1)),
  Pod: (one) =>
    isOwned(one)
      ? undefined
      : {
          replicas: 1,
          ready: holds(one.status.conditions, 'Ready') ? 1 : 0,
          traits: foldPodTemplate(one),
        },
};

interface Counted {
  readonly replicas: number;
  readonly ready: number;
  readonly traits: PodTraits;
}

const counted = ({ spec }: Workload, replicas: number, ready: number): Counted => ({
  replicas,
  ready,
  traits: foldPodTemplate(spec.template),
});

const isOwned = ({ metadata }: Workload): boolean => metadata.ownerReferences.length > 0;
const hasEnded = ({ status }: Workload): boolean =>
  holds(status.conditions, 'Complete') || holds(status.conditions, 'Failed');

const isKind = (kind: string): kind is WorkloadFact['kind'] => kind in KINDS;

/** The fact of a workload; none for what belongs to another workload or has ended. */
export const foldWorkload = (object: Workload, { resource: { kind } }: Walk): WorkloadFact | undefined => {
  if (!isKind(kind)) return undefined;
  const found = KINDS[kind](object);
  if (!found) return undefined;
  const { metadata, spec } = object;
  const { traits, ...counts } = found;
  const { namespace, name } = metadata;
  return { kind, namespace, name, ...counts, ...traits, minReadySeconds: spec.minReadySeconds };
};

/** Pods that have ended run nowhere, and a cluster may keep thousands of them. */
const RUNNING = 'status.phase!=Succeeded,status.phase!=Failed';

/** Workloads with the traits of their pod templates; of pods only those that belong to nobody. */
export const collectWorkloads = collectListed({
  name: 'workloads',
  topic: 'workloads',
  walks: [
    walkThrough('apps/v1', 'deployments', 'Deployment'),
    walkThrough('apps/v1', 'statefulsets', 'StatefulSet'),
    walkThrough('apps/v1', 'daemonsets', 'DaemonSet'),
    walkThrough('batch/v1', 'cronjobs', 'CronJob'),
    walkThrough('batch/v1', 'jobs', 'Job'),
    walkThrough('v1', 'replicationcontrollers', 'ReplicationController'),
    walkThrough('v1', 'pods', 'Pod', { fieldSelector: RUNNING }),
  ],
  schema: Workload,
  fold: foldWorkload,
});
