import * as z from 'zod';
import { type Job, OwnerReference } from '../records/kubernetes-job.ts';
import { normaliseCondition } from './kubernetes-normalise.ts';

const Words = z.record(z.string(), z.string()).default({});

/** A Job as the API server writes it, as far as we read it. */
const JobAnswer = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: Words,
    annotations: Words,
    ownerReferences: z.array(OwnerReference).default([]),
  }),
  spec: z.object({
    suspend: z.boolean().default(false),
    template: z.object({
      metadata: z.object({ labels: Words }).prefault({}),
      spec: z.object({ containers: z.array(z.object({ name: z.string() })) }),
    }),
  }),
  status: z
    .object({
      startTime: z.string().optional(),
      completionTime: z.string().optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(''),
            message: z.string().default(''),
            lastTransitionTime: z.coerce.date().optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Reads one Job. */
export const readJobAnswer = (answer: unknown): Job => normaliseJob(JobAnswer.parse(answer));

/** Reads a list of Jobs. */
export const readJobList = (answer: unknown): Job[] =>
  z
    .object({ items: z.array(JobAnswer) })
    .parse(answer)
    .items.map(normaliseJob);

const normaliseJob = ({ metadata, spec, status }: z.output<typeof JobAnswer>): Job => ({
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
  createdAt: metadata.creationTimestamp,
  ...(status.startTime ? { startedAt: status.startTime } : {}),
  ...(status.completionTime ? { completedAt: status.completionTime } : {}),
  labels: metadata.labels,
  annotations: metadata.annotations,
  owners: metadata.ownerReferences,
  podLabels: spec.template.metadata.labels,
  containers: spec.template.spec.containers.map(({ name }) => name),
  suspended: spec.suspend,
  deleting: metadata.deletionTimestamp !== undefined,
  conditions: status.conditions.map(({ lastTransitionTime, ...condition }) =>
    normaliseCondition({ ...condition, ...(lastTransitionTime ? { lastTransitionTime } : {}) }),
  ),
});
