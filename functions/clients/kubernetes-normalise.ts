import type {
  V1Container,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1LabelSelector,
  V1ObjectMeta,
  V1PodTemplateSpec,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type {
  Condition,
  ManagedFields,
  ReplicaCounts,
  TemplateContainer,
  UpdateStrategy,
  Workload,
  WorkloadRef,
} from '../records/workload.ts';

/** Brings the four kinds into the one shape that our rules read. */

export const normaliseDeployment = (object: V1Deployment, ref: WorkloadRef): Workload => ({
  ...controlled(object, ref),
  strategy: object.spec?.strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
  paused: object.spec?.paused ?? false,
  counts: countReplicas(object),
});

export const normaliseStatefulSet = (object: V1StatefulSet, ref: WorkloadRef): Workload => ({
  ...controlled(object, ref),
  strategy: readStrategy(object.spec?.updateStrategy?.type),
  partition: object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
  updateRevision: object.status?.updateRevision ?? '',
  counts: countReplicas(object),
});

export const normaliseDaemonSet = (object: V1DaemonSet, ref: WorkloadRef): Workload => ({
  ...controlled(object, ref),
  strategy: readStrategy(object.spec?.updateStrategy?.type),
  counts: {
    desired: object.status?.desiredNumberScheduled ?? 0,
    current: object.status?.currentNumberScheduled ?? 0,
    updated: object.status?.updatedNumberScheduled ?? 0,
    ready: object.status?.numberReady ?? 0,
    available: object.status?.numberAvailable ?? 0,
  },
});

export const normaliseCronJob = (object: V1CronJob, ref: WorkloadRef): Workload => {
  const { spec } = object;
  const base = common(object.metadata, spec?.jobTemplate.spec?.template, ref);
  // Its controller reports no observed generation, and there is nothing to observe before the next run.
  return { ...base, observedGeneration: base.generation, paused: spec?.suspend ?? false };
};

/** What the controllers of all but a CronJob keep up with and report. */
const controlled = (
  { metadata, spec, status }: V1Deployment | V1StatefulSet | V1DaemonSet,
  ref: WorkloadRef,
): Workload => ({
  ...common(metadata, spec?.template, ref),
  observedGeneration: status?.observedGeneration ?? 0,
  selector: writeSelector(spec?.selector),
  conditions: (status?.conditions ?? []).map(normaliseCondition),
});

const countReplicas = ({ spec, status }: V1Deployment | V1StatefulSet): ReplicaCounts => ({
  desired: spec?.replicas ?? 1,
  current: status?.replicas ?? 0,
  updated: status?.updatedReplicas ?? 0,
  ready: status?.readyReplicas ?? 0,
  available: status?.availableReplicas ?? 0,
});

const NO_COUNTS: ReplicaCounts = { desired: 0, current: 0, updated: 0, ready: 0, available: 0 };

const common = (
  metadata: V1ObjectMeta | undefined,
  template: V1PodTemplateSpec | undefined,
  ref: WorkloadRef,
): Workload => ({
  ref,
  uid: metadata?.uid ?? '',
  resourceVersion: metadata?.resourceVersion ?? '',
  generation: metadata?.generation ?? 0,
  observedGeneration: 0,
  deleting: metadata?.deletionTimestamp !== undefined,
  annotations: metadata?.annotations ?? {},
  hasAnnotations: metadata?.annotations !== undefined,
  templateAnnotations: template?.metadata?.annotations,
  managedFields: (metadata?.managedFields ?? []).map(normaliseManagedFields),
  containers: [
    ...(template?.spec?.containers ?? []).map(normaliseContainer(false)),
    ...(template?.spec?.initContainers ?? []).map(normaliseContainer(true)),
  ],
  selector: '',
  strategy: 'none',
  partition: 0,
  paused: false,
  counts: NO_COUNTS,
  updateRevision: '',
  conditions: [],
});

const normaliseManagedFields = (
  entry: NonNullable<V1ObjectMeta['managedFields']>[number],
): ManagedFields => ({
  manager: entry.manager ?? '',
  operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
  ...(entry.subresource ? { subresource: entry.subresource } : {}),
  fields: entry.fieldsV1 as unknown,
});

const normaliseContainer =
  (init: boolean) =>
  ({ name, image }: V1Container, index: number): TemplateContainer => ({
    name,
    image: image ?? '',
    init,
    index,
  });

const readStrategy = (type: string | undefined): UpdateStrategy =>
  type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate';

/** A condition of the API, of any kind. Deployments note each update, the others only each change. */
export const normaliseCondition = (condition: {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: Date;
  lastUpdateTime?: Date;
}): Condition => {
  const at = condition.lastUpdateTime ?? condition.lastTransitionTime;
  return {
    type: condition.type,
    status: condition.status,
    reason: condition.reason ?? '',
    message: condition.message ?? '',
    ...(at ? { at: at.toISOString() } : {}),
  };
};

/** The text form of a label selector, which list calls take. */
const writeSelector = (selector: V1LabelSelector | undefined): string => {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
};
