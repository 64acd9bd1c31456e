import type { Autoscaler, ScalableWorkload, ScheduledWork } from '../../clients/kubernetes-scaling.ts';

/** What runs in the namespace of the GitLab that is restored into, as one look saw it. */
export interface PlaceFacts {
  readonly now: Date;
  readonly workloads: readonly ScalableWorkload[];
  readonly autoscalers: readonly Autoscaler[];
  readonly cronJobs: readonly ScheduledWork[];
}
