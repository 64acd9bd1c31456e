import * as z from 'zod';

/** The kinds whose pod template Drydock patches. */
export const WorkloadKind = z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']);
export type WorkloadKind = z.output<typeof WorkloadKind>;

/** Names of Kubernetes objects: a DNS subdomain (RFC 1123), at most 253 characters. */
const ObjectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'lower case letters, digits, "-" and "." only');

/** Which workload: the same three words a person gives to `kubectl`. */
export const WorkloadRef = z.strictObject({ kind: WorkloadKind, namespace: ObjectName, name: ObjectName });
export type WorkloadRef = z.output<typeof WorkloadRef>;

/** One line of `metadata.managedFields`: who set which fields. `fields` is the API's FieldsV1 tree. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly fields: unknown;
}

/** A container of the pod template. Names are unique over `containers` and `initContainers` together. */
export interface TemplateContainer {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  /** Position in its own list, which a JSON patch needs. */
  readonly index: number;
}

/** A condition of a workload or a pod. `at` is ISO 8601. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly at?: string;
}

/** The counts of a workload's status; what a kind does not report is 0. */
export interface ReplicaCounts {
  /** Pods wanted: `spec.replicas`, or the nodes a DaemonSet should run on. */
  readonly desired: number;
  /** Pods that exist, of any revision. */
  readonly current: number;
  /** Pods of the newest revision. */
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** How pods are replaced. `OnDelete` waits for somebody to delete them. */
export type UpdateStrategy = 'RollingUpdate' | 'Recreate' | 'OnDelete' | 'none';

/** What Drydock needs to know of a Deployment, StatefulSet, DaemonSet or CronJob, in one shape. */
export interface Workload {
  readonly ref: WorkloadRef;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** The generation its controller has seen; a CronJob's controller reports none. */
  readonly observedGeneration: number;
  /** Marked for deletion, kept only by a finalizer. */
  readonly deleting: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  /** Has `metadata.annotations` at all; a JSON patch has to know. */
  readonly hasAnnotations: boolean;
  /** Annotations of the pod template; undefined when the map is absent. */
  readonly templateAnnotations: Readonly<Record<string, string>> | undefined;
  readonly managedFields: readonly ManagedFields[];
  readonly containers: readonly TemplateContainer[];
  /** `matchLabels` and `matchExpressions` as one label selector; empty for a CronJob. */
  readonly selector: string;
  readonly strategy: UpdateStrategy;
  /** StatefulSet: pods with a smaller ordinal stay on the old revision. */
  readonly partition: number;
  /** Deployment: `spec.paused`. CronJob: `spec.suspend`. */
  readonly paused: boolean;
  readonly counts: ReplicaCounts;
  /** StatefulSet: the revision its controller rolls to and the one it comes from. */
  readonly updateRevision: string;
  readonly conditions: readonly Condition[];
}

/** What a container does now, or did before it was restarted. Times are ISO 8601. */
export interface ContainerState {
  readonly type: 'waiting' | 'running' | 'terminated' | 'unknown';
  readonly reason: string;
  readonly message: string;
  readonly exitCode?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface PodContainer {
  readonly name: string;
  readonly init: boolean;
  readonly image: string;
  /** The runtime's own name of what it runs, `repository@sha256:...` when it was pulled. */
  readonly imageId: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly last?: ContainerState;
}

/** A pod of the workload. Times are ISO 8601. */
export interface Pod {
  readonly name: string;
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  /** Its `pod-template-hash` or `controller-revision-hash` label. */
  readonly revision: string;
  readonly conditions: readonly Condition[];
  readonly containers: readonly PodContainer[];
}

/** A ReplicaSet of a Deployment. */
export interface ReplicaSet {
  readonly name: string;
  /** Its `pod-template-hash` label. */
  readonly revision: string;
  readonly desired: number;
  readonly ready: number;
  readonly conditions: readonly Condition[];
}

/** An event about the workload, one of its ReplicaSets or one of its pods. `at` is ISO 8601. */
export interface WorkloadEvent {
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly at: string;
}

/** Everything seen of one rollout at one moment. */
export interface RolloutObservation {
  /** When it was seen, by our clock, ISO 8601: the "now" of every rule that judges it. */
  readonly observedAt: string;
  /** Undefined when the workload is gone. */
  readonly workload: Workload | undefined;
  /**
   * The `revision` that new pods carry; undefined while the controller has made none for the present pod
   * template (it has not looked yet, or the Deployment is paused).
   */
  readonly newRevision: string | undefined;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly events: readonly WorkloadEvent[];
}

/** One operation of RFC 6902; only those that Drydock uses. */
export type JsonPatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** `Deployment shop/web`: how a workload is called in every message. */
export const describeWorkload = (ref: WorkloadRef): string => `${ref.kind} ${ref.namespace}/${ref.name}`;
