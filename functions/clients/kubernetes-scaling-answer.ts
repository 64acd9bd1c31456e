import * as z from 'zod';
import { OwnerReference } from '../records/kubernetes-job.ts';
import type { Autoscaler, ScalableWorkload, ScheduledWork } from './kubernetes-scaling.ts';
import { findSecretNames } from './kubernetes-secret-names.ts';

/** Lists of the API server, as far as we read them. */

const Words = z.record(z.string(), z.string()).default({});
const Metadata = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  generation: z.int().default(0),
  labels: Words,
  annotations: Words,
  ownerReferences: z.array(OwnerReference).default([]),
  managedFields: z.array(z.object({ manager: z.string().default(''), fieldsV1: z.unknown() })).default([]),
});

// An empty list is `null` where the server builds it of a nil slice.
const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item).nullish() }).transform(({ items }) => items ?? []);

const count = z.int().default(0);
const Workloads = listOf(
  z.object({
    metadata: Metadata,
    spec: z.object({
      // A missing number is 1: Kubernetes API reference, DeploymentSpec.
      replicas: z.int().default(1),
      template: z.object({
        metadata: z.object({ labels: Words, annotations: Words }).prefault({}),
        spec: z.unknown(),
      }),
    }),
    status: z
      .object({
        observedGeneration: count,
        replicas: count,
        updatedReplicas: count,
        readyReplicas: count,
        availableReplicas: count,
      })
      .prefault({}),
  }),
);

/** Annotation of a pod template that says for what its pods were replaced. */
export const RESTARTED_FOR_ANNOTATION = 'drydock.dev/restarted-for';

export const readWorkloads = (kind: ScalableWorkload['kind'], list: unknown): ScalableWorkload[] =>
  Workloads.parse(list).map(({ metadata, spec, status }) => {
    const { replicas, template } = spec;
    const restartedFor = template.metadata.annotations[RESTARTED_FOR_ANNOTATION];
    return {
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      labels: metadata.labels,
      annotations: metadata.annotations,
      podLabels: template.metadata.labels,
      replicas,
      pods: status.replicas,
      isSettled:
        status.observedGeneration >= metadata.generation &&
        [status.replicas, status.updatedReplicas, status.readyReplicas].every((one) => one === replicas),
      owners: metadata.ownerReferences,
      replicasSetBy: metadata.managedFields
        .filter(({ fieldsV1 }) => SetsReplicas.safeParse(fieldsV1).success)
        .map(({ manager }) => manager),
      secrets: findSecretNames(template.spec),
      ...(restartedFor === undefined ? {} : { restartedFor }),
    };
  });

/** Source: Kubernetes documentation, "Server-Side Apply", "Field management": FieldsV1. */
const SetsReplicas = z
  .object({ 'f:spec': z.object({ 'f:replicas': z.unknown() }) })
  .refine((fields) => 'f:replicas' in fields['f:spec']);

const Target = z.object({ kind: z.string().default('Deployment'), name: z.string() });

const HorizontalAutoscalers = listOf(
  z.object({
    metadata: Metadata,
    spec: z.object({ scaleTargetRef: Target, minReplicas: z.int().default(1) }),
  }),
);
/** KEDA: without minReplicaCount it goes down to 0, and up again when there is something to do. */
const ScaledObjects = listOf(
  z.object({
    metadata: Metadata,
    spec: z.object({ scaleTargetRef: Target, minReplicaCount: z.int().default(0) }),
  }),
);

export const readHorizontalAutoscalers = (list: unknown): Autoscaler[] =>
  HorizontalAutoscalers.parse(list).map(({ metadata, spec }) => ({
    kind: 'HorizontalPodAutoscaler',
    ...describeAutoscaler(metadata),
    target: spec.scaleTargetRef,
    minReplicas: spec.minReplicas,
  }));

export const readScaledObjects = (list: unknown): Autoscaler[] =>
  ScaledObjects.parse(list).map(({ metadata, spec }) => ({
    kind: 'ScaledObject',
    ...describeAutoscaler(metadata),
    target: spec.scaleTargetRef,
    minReplicas: spec.minReplicaCount,
  }));

const describeAutoscaler = ({
  namespace,
  name,
  uid,
  annotations,
  ownerReferences,
}: z.output<typeof Metadata>) => ({ namespace, name, uid, annotations, owners: ownerReferences });

const CronJobs = listOf(
  z.object({ metadata: Metadata, spec: z.object({ suspend: z.boolean().default(false) }) }),
);

export const readCronJobs = (list: unknown): ScheduledWork[] =>
  CronJobs.parse(list).map(({ metadata: { namespace, name, uid, labels }, spec }) => ({
    namespace,
    name,
    uid,
    labels,
    suspended: spec.suspend,
  }));
