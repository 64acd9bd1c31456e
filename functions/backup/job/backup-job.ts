import { createHash } from 'node:crypto';
import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER } from './backup-container.ts';
import { readBackupCommand } from './extra-arguments.ts';
import { type RunWishes, writeCommand } from './run-arguments.ts';
import { type ScratchDisk, withScratch } from './scratch-volume.ts';
import { findToolbox } from './toolbox-container.ts';

/** One run of a policy. */
export interface BackupJobRequest extends RunWishes {
  /** The Job is ended after so long, with everything that it has not uploaded lost. */
  readonly deadlineSeconds: number;
  /** Disk of its own to put the archive together on; without it the one of the CronJob. */
  readonly scratch?: ScratchDisk;
  /** Name of the execution that makes it, for whoever finds the Job. */
  readonly execution: string;
  /** Fencing token of the lock that is held. */
  readonly fence: number;
}

type BackupJobPlan =
  | {
      readonly ok: true;
      readonly job: JobManifest;
      /** What does not stop this run and has to be mended. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly code: 'container' | 'arguments'; readonly reason: string };

export { BACKUP_CONTAINER };

/** Name of the chart's CronJob. */
export const nameCronJob = (release: string): string => `${release}-toolbox-backup`;

/** Which execution made it, and under which lock. */
export const EXECUTION_ANNOTATION = 'drydock.dev/execution';
export const FENCE_ANNOTATION = 'drydock.dev/fence';

/**
 * A Job and its pod stay so long after their end: two days are enough to copy the log after a weekend's outage of ours,
 * and to find that a repeated step has already been done.
 */
export const KEPT_SECONDS = 48 * 3_600;

/**
 * Annotations of a pod that nobody may drain. The first speaks to Cluster Autoscaler, the second to Karpenter and EKS
 * Auto Mode.
 */
export const UNDISTURBED = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'karpenter.sh/do-not-disrupt': 'true',
};

/**
 * The Job of one run, made from the chart's CronJob as `kubectl create job --from` does, and changed where its defaults
 * do harm: six retries into business hours, no deadline, evictions.
 *
 * Its name comes from the id of the set, so whoever makes it again makes the same one.
 */
export const makeBackupJob = (cronJob: CronJob, request: BackupJobRequest): BackupJobPlan => {
  const { metadata, spec } = cronJob;
  const { jobTemplate } = spec;
  const { template, ...jobSpec } = jobTemplate.spec;
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) {
    return { ok: false, code: 'container', reason: `${toolbox.why}, so it is not the one of the chart.` };
  }
  const { where, container, script } = toolbox;
  const command = readBackupCommand(script);
  const written = typeof command === 'string' ? command : writeCommand(command, request);
  if (typeof written === 'string') {
    return { ok: false, code: 'arguments', reason: `No backup can be made of ${where}: ${written}.` };
  }
  const args = (container.args ?? []).with(2, written.text);
  const pod = request.scratch ? withScratch(template.spec, request.scratch) : template.spec;
  return {
    ok: true,
    warnings: spec.suspend ? [] : [describeSecondClock(where)],
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: metadata.namespace,
        name: nameJob(metadata.name, request.backupId),
        // Kubernetes copies the labels of the pods only to a Job that has none; by these it is found.
        labels: { ...template.metadata?.labels, ...jobTemplate.metadata?.labels },
        annotations: {
          ...jobTemplate.metadata?.annotations,
          'cronjob.kubernetes.io/instantiate': 'manual',
          [JOB_ID_ANNOTATION]: request.backupId,
          [EXECUTION_ANNOTATION]: request.execution,
          [FENCE_ANNOTATION]: String(request.fence),
        },
        // Not its controller: the CronJob would count the Job to its history, and delete it by that.
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid },
        ],
      },
      spec: {
        ...omitRetries(jobSpec),
        backoffLimit: 0,
        activeDeadlineSeconds: request.deadlineSeconds,
        ttlSecondsAfterFinished: KEPT_SECONDS,
        template: {
          ...template,
          metadata: {
            ...template.metadata,
            annotations: { ...template.metadata?.annotations, ...UNDISTURBED },
          },
          spec: {
            ...pod,
            restartPolicy: 'Never',
            containers: pod.containers.map((one) => (one === container ? { ...one, args } : one)),
          },
        },
      },
    },
  };
};

/** One attempt: what makes a second pod in spite of `backoffLimit: 0`, or holds the first back, goes. */
const omitRetries = (spec: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(spec).filter(([name]) => !['podFailurePolicy', 'suspend'].includes(name)),
  );

/** Name of a pod's label, and so of a Job: 63 characters. */
const MAX_NAME = 63;

/** `gitlab-toolbox-backup-1763690405-3f2a9c1b`: readable, and of one id only. */
export const nameJob = (cronJob: string, id: string): string => {
  const hash = createHash('sha256').update(`${cronJob}\n${id}`).digest('hex').slice(0, 8);
  const end = `-${id.slice(0, 10)}-${hash}`;
  return `${cronJob.slice(0, MAX_NAME - end.length).replace(/[-.]+$/, '')}${end}`;
};

const describeSecondClock = (where: string): string =>
  `${where} is not suspended, so it starts backups by itself as well, and two at once clash. Set gitlab.toolbox.backups.cron.suspend: true in the chart's values.`;
