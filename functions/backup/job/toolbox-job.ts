import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER, EXECUTION_ANNOTATION, FENCE_ANNOTATION } from './backup-job.ts';
import { withoutScratch } from './scratch-volume.ts';
import type { ToolboxContainer } from './toolbox-container.ts';

/** The Job that lets a pod of the toolbox do other work than a backup. */

type Words = Readonly<Record<string, string>>;

export type ToolboxJobPlan =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why without its dot. */
  | { readonly ok: false; readonly why: string };

export interface ToolboxWork {
  readonly name: string;
  /** What it is made for: whoever makes it again finds the first one. */
  readonly jobId: string;
  /** Name of the execution that makes it, and the fencing token of its lock, where it has one. */
  readonly execution: string;
  readonly fence?: number | undefined;
  /** Of the Job, and of its pod. */
  readonly labels: { readonly job: Words; readonly pod: Words };
  /** Beside those of the CronJob. */
  readonly podAnnotations?: Words;
  /** Takes the place of the chart's own; of another name, by which no backup is known. */
  readonly container: Extract<ToolboxContainer, { ok: true }>['container'];
  /** Does it keep the disk on which the tool puts an archive together, and which one pod may mount at a time? */
  readonly needsDisk: boolean;
  /** The Job is ended after so long, and deleted so long after its end. */
  readonly deadlineSeconds: number;
  readonly keptSeconds: number;
}

/**
 * A Job with the pod of the chart's CronJob, but for the one container: the same image, nodes, init containers and
 * Secrets. It is tried once, and goes with the CronJob.
 */
export const makeToolboxJob = ({ metadata, spec }: CronJob, work: ToolboxWork): JobManifest => {
  const { template } = spec.jobTemplate.spec;
  const { labels, podAnnotations, container, fence } = work;
  const pod = work.needsDisk ? template.spec : withoutScratch(template.spec);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      namespace: metadata.namespace,
      name: work.name,
      labels: labels.job,
      annotations: {
        [JOB_ID_ANNOTATION]: work.jobId,
        [EXECUTION_ANNOTATION]: work.execution,
        ...(fence === undefined ? {} : { [FENCE_ANNOTATION]: String(fence) }),
      },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid }],
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: work.deadlineSeconds,
      ttlSecondsAfterFinished: work.keptSeconds,
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          labels: labels.pod,
          ...(podAnnotations && { annotations: { ...template.metadata?.annotations, ...podAnnotations } }),
        },
        spec: {
          ...pod,
          restartPolicy: 'Never',
          containers: pod.containers.map((one) => (one.name === BACKUP_CONTAINER ? container : one)),
        },
      },
    },
  };
};

/** What a Job of ours is for, by a label of its own. */
const PURPOSE_LABEL = 'drydock.dev/purpose';

/** Labels of a Job and a pod that stand among those of backups: those of the CronJob, and what they are for. */
export const labelPurpose = ({ spec }: CronJob, purpose: string): ToolboxWork['labels'] => {
  const { metadata, spec: job } = spec.jobTemplate;
  const pod = { ...job.template.metadata?.labels, [PURPOSE_LABEL]: purpose };
  return { job: { ...pod, ...metadata?.labels }, pod };
};
