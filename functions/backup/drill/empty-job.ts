import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER, EXECUTION_ANNOTATION } from '../job/backup-job.ts';
import { withoutScratch } from '../job/scratch-volume.ts';
import { findToolboxCommand } from '../job/toolbox-container.ts';
import { drillLabels, labelOf, nameDrillObject } from './drill-label.ts';
import { writeEmptyArguments } from './empty-script.ts';

/** One emptying of a place. */
export interface EmptyRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  /** Failures of this execution so far: another try is another Job. */
  readonly attempt: number;
  /** Buckets of the place, of a second look. */
  readonly buckets: readonly string[];
}

export type EmptyPlan =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why without its dot. */
  | { readonly ok: false; readonly why: string };

export const EMPTY_CONTAINER = 'toolbox-empty';

/** Buckets of millions of objects take hours. */
const DEADLINE_SECONDS = 12 * 3_600;
const KEPT_SECONDS = 48 * 3_600;

/** What the names of all Jobs that empty a place begin with. */
export const EMPTY_NAME = 'drydock-drill-empty-';

/** Of the hash of its execution, right behind that. */
export const EXECUTION_DIGITS = 8;

/**
 * Name of one try: whoever makes it again makes the same one. An execution that takes a drill up begins anew, and must
 * not find the failures of the one before it under its own names.
 */
export const nameEmptyJob = (drill: string, execution: string, attempt: number): string =>
  nameDrillObject(drill, `empty-${labelOf(execution).slice(0, EXECUTION_DIGITS)}-${attempt}`);

/** A Job with the pod of the toolbox, under its own labels, ServiceAccount and role: what it may reach, it may empty. */
export const makeEmptyJob = (
  cronJob: CronJob,
  { drill, execution, attempt, buckets }: EmptyRequest,
): EmptyPlan => {
  const { metadata, spec } = cronJob;
  const { template } = spec.jobTemplate.spec;
  const toolbox = findToolboxCommand(cronJob);
  if (!toolbox.ok) return toolbox;
  const { shell, container, command } = toolbox;
  const tool =
    (command.given.valueOf('--s3tool-data') ?? command.given.valueOf('--s3tool')) === 'awscli'
      ? 'awscli'
      : 's3cmd';
  const args = writeEmptyArguments(
    shell,
    command.head,
    buckets.map((bucket) => ({ bucket, tool })),
  );
  const name = nameEmptyJob(drill, execution, attempt);
  const pod = withoutScratch(template.spec);
  const worker = { ...container, name: EMPTY_CONTAINER, args };
  return {
    ok: true,
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: metadata.namespace,
        name,
        labels: drillLabels(drill),
        annotations: { [JOB_ID_ANNOTATION]: name, [EXECUTION_ANNOTATION]: execution },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid },
        ],
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        ttlSecondsAfterFinished: KEPT_SECONDS,
        template: {
          ...template,
          metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...drillLabels(drill) } },
          spec: {
            ...pod,
            restartPolicy: 'Never',
            containers: pod.containers.map((one) => (one.name === BACKUP_CONTAINER ? worker : one)),
          },
        },
      },
    },
  };
};
