import { JOB_ID_ANNOTATION, type Job } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER } from './backup-job.ts';

/**
 * Jobs of backups are found by this label. Pods of the toolbox's Deployment carry it as well; those of a Job are told
 * from them by the label `batch.kubernetes.io/job-name`.
 */
export const TOOLBOX_SELECTOR = 'app=toolbox';

/** A backup that has not ended. */
export interface RunningBackup {
  readonly job: string;
  /** ISO 8601; of its creation where it was held back. */
  readonly since: string;
  /** `drydock`: with this id. `schedule`: the CronJob is not suspended. `hand`: somebody started it. */
  readonly startedBy: 'drydock' | 'schedule' | 'hand';
  readonly backupId?: string;
}

/**
 * Finds backups of the toolbox that run, ours too: two at once share a volume and a bucket for scratch. One that was
 * started within the toolbox's own pod has no Job and is not seen.
 *
 * @param jobs of the namespace of GitLab.
 */
export const findRunningBackups = (jobs: readonly Job[]): readonly RunningBackup[] =>
  jobs
    .filter((job) => isToolboxBackup(job) && !hasEnded(job))
    .map((job) => {
      const backupId = job.annotations[JOB_ID_ANNOTATION];
      return {
        job: job.name,
        since: job.startedAt ?? job.createdAt,
        startedBy: backupId === undefined ? startedBy(job) : 'drydock',
        ...(backupId === undefined ? {} : { backupId }),
      };
    });

/** The chart's own container in a pod of the toolbox; a restore and other Jobs of it have another one. */
const isToolboxBackup = ({ podLabels, containers }: Job): boolean =>
  podLabels['app'] === 'toolbox' && containers.includes(BACKUP_CONTAINER);

const startedBy = ({ annotations }: Job): 'schedule' | 'hand' =>
  annotations['cronjob.kubernetes.io/instantiate'] === 'manual' || !(SCHEDULED in annotations)
    ? 'hand'
    : 'schedule';

/** Written by the CronJob's controller since Kubernetes 1.32, and by nobody else. */
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Has it come to an end, good or bad? A Job that is being deleted has pods until they are gone. */
export const hasEnded = ({ conditions }: Job): boolean =>
  conditions.some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
