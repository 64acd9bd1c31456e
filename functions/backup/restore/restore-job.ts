import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RestoreJobNote } from '../../records/backup/restore.ts';
import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER, EXECUTION_ANNOTATION, FENCE_ANNOTATION, KEPT_SECONDS } from '../job/backup-job.ts';
import { withoutScratch } from '../job/scratch-volume.ts';
import { findToolboxCommand } from '../job/toolbox-container.ts';
import { EXTENSIONS_SCRIPT } from './extensions/extension-script.ts';
import { ANALYSE_SCRIPT, CHECK_SCRIPT, type RestoreWishes, writeRestoreScript } from './restore-script.ts';

/** One Job of a restore. */
export interface RestoreJobRequest {
  /** Its note, as it was written down. */
  readonly note: Pick<RestoreJobNote, 'name'>;
  /** Name of the execution that makes it, and the fencing token of its lock; a look before the plan takes none. */
  readonly execution: string;
  readonly fence?: number;
  /** The Job is ended after so long. */
  readonly deadlineSeconds: number;
  readonly work:
    | ({ readonly kind: 'restore' } & RestoreWishes)
    | { readonly kind: 'analyse' | 'check' | 'extensions' };
}

export type RestoreJobPlan =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why without its dot. */
  | { readonly ok: false; readonly why: string };

/** What does the work. Not the name of the chart's container, by which a backup that runs is known. */
export const RESTORE_CONTAINERS = {
  restore: 'toolbox-restore',
  analyse: 'toolbox-analyse',
  check: 'toolbox-check',
  extensions: 'toolbox-extensions',
} as const;

/** A look that nobody deletes goes by itself. */
const LOOK_KEPT_SECONDS = 600;

/** What a Job of ours is for. */
const PURPOSE_LABEL = 'drydock.dev/purpose';

/** Name of the Job of one attempt: whoever makes it again makes the same one. At most 63 characters. */
export const nameRestoreJob = (
  release: string,
  run: string,
  { way, step, attempt }: Pick<RestoreJobNote, 'way' | 'step' | 'attempt'>,
): string => {
  const hash = createHash('sha256').update([release, run, way, step, attempt].join('\n')).digest('hex');
  return `${release.slice(0, 26).replace(/-+$/, '')}-toolbox-${step}-${hash.slice(0, 10)}`;
};

/**
 * A Job with the pod of the toolbox, made from the chart's CronJob: its image, secrets and disk, and one attempt that
 * no drain disturbs. The tool asks up to three questions, which an environment variable answers.
 *
 * Sources: GitLab documentation, charts, "Restoring a GitLab installation"; GitLab, lib/gitlab/task_helpers.rb
 * (`GITLAB_ASSUME_YES`).
 */
export const makeRestoreJob = (cronJob: CronJob, request: RestoreJobRequest): RestoreJobPlan => {
  const { metadata, spec } = cronJob;
  const { template } = spec.jobTemplate.spec;
  const toolbox = findToolboxCommand(cronJob);
  if (!toolbox.ok) return toolbox;
  const { where, shell, container, command } = toolbox;
  const { work, note, execution, fence, deadlineSeconds } = request;
  const written = work.kind === 'restore' ? writeRestoreScript(command, work) : { text: SCRIPTS[work.kind] };
  if ('why' in written) return { ok: false, why: `no Job can be made of ${where}: ${written.why}` };
  const worker = {
    ...container,
    name: RESTORE_CONTAINERS[work.kind],
    args: [shell, '-c', written.text],
    env: withAnswer(container['env']),
  };
  // Only the restore itself needs the disk, which one pod may mount at a time.
  const pod = work.kind === 'restore' ? template.spec : withoutScratch(template.spec);
  const labels = { ...template.metadata?.labels, [PURPOSE_LABEL]: work.kind };
  return {
    ok: true,
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: metadata.namespace,
        name: note.name,
        labels: { ...labels, ...spec.jobTemplate.metadata?.labels },
        annotations: {
          [JOB_ID_ANNOTATION]: note.name,
          [EXECUTION_ANNOTATION]: execution,
          ...(fence === undefined ? {} : { [FENCE_ANNOTATION]: String(fence) }),
        },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid },
        ],
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: deadlineSeconds,
        ttlSecondsAfterFinished: work.kind === 'extensions' ? LOOK_KEPT_SECONDS : KEPT_SECONDS,
        template: {
          ...template,
          metadata: {
            ...template.metadata,
            labels,
            annotations: {
              ...template.metadata?.annotations,
              'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
              'karpenter.sh/do-not-disrupt': 'true',
            },
          },
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

const SCRIPTS = { analyse: ANALYSE_SCRIPT, check: CHECK_SCRIPT, extensions: EXTENSIONS_SCRIPT } as const;

const Environment = z.array(z.looseObject({ name: z.string() })).catch([]);
const ANSWER = 'GITLAB_ASSUME_YES';

/** The rest of the environment stays as the chart has it. */
const withAnswer = (env: unknown): readonly object[] => [
  ...Environment.parse(env).filter(({ name }) => name !== ANSWER),
  { name: ANSWER, value: '1' },
];
