import * as z from 'zod';
import type { Condition, Pod } from './workload.ts';

/** Jobs of Kubernetes, and the CronJobs that they are made of. What we do not read of a template is kept as it is. */

const Words = z.record(z.string(), z.string());
const Named = z.looseObject({ labels: Words.optional(), annotations: Words.optional() });

const Container = z.looseObject({ name: z.string(), args: z.array(z.string()).optional() });

/** `spec` of a Job. */
export const JobSpec = z.looseObject({
  template: z.looseObject({
    metadata: Named.optional(),
    spec: z.looseObject({ containers: z.array(Container) }),
  }),
});
export type JobSpec = z.output<typeof JobSpec>;

/** A CronJob, as far as a Job is made of it by hand. */
export const CronJob = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  spec: z.object({
    suspend: z.boolean().default(false),
    jobTemplate: z.object({ metadata: Named.optional(), spec: JobSpec }),
  }),
});
export type CronJob = z.output<typeof CronJob>;

/** Whose an object is. It is deleted with its owner. */
export const OwnerReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
});
export type OwnerReference = z.output<typeof OwnerReference>;

/** A Job that is to be made, in the shape that the API server takes. */
export interface JobManifest {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly OwnerReference[];
  };
  readonly spec: JobSpec;
}

/** Annotation that tells for what a Job was made: who makes it a second time finds the first. */
export const JOB_ID_ANNOTATION = 'drydock.dev/job-id';

export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
}

/** A Job as it stands. Times are ISO 8601. */
export interface Job extends ObjectRef {
  readonly uid: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  /** Of a Job that came to a good end only. */
  readonly completedAt?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerReference[];
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly containers: readonly string[];
  /** Somebody holds it back: `spec.suspend`. */
  readonly suspended: boolean;
  readonly deleting: boolean;
  readonly conditions: readonly Condition[];
}

/** What was seen of one Job at one moment; undefined when there is none, and then its pods are gone as well. */
export interface JobObservation {
  readonly job: Job | undefined;
  readonly pods: readonly Pod[];
}

/** Where the reading of a log stopped, to the line. */
export const LogCursor = z.object({
  /** Time of the last line that was read, ISO 8601 with nine digits behind the seconds as the kubelet notes it. */
  at: z.string(),
  /** How many lines of that very time were read. */
  lines: z.int().nonnegative(),
});
export type LogCursor = z.output<typeof LogCursor>;
