import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RestoreJobNote } from '../../records/backup/restore.ts';
import type { CronJob } from '../../records/kubernetes-job.ts';
import { KEPT_SECONDS, UNDISTURBED } from '../job/backup-job.ts';
import { findToolboxCommand } from '../job/toolbox-container.ts';
import { labelPurpose, makeToolboxJob, type ToolboxJobPlan } from '../job/toolbox-job.ts';
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

/** What does the work. Not the name of the chart's container, by which a backup that runs is known. */
export const RESTORE_CONTAINERS = {
  restore: 'toolbox-restore',
  analyse: 'toolbox-analyse',
  check: 'toolbox-check',
  extensions: 'toolbox-extensions',
} as const;

/** A look that nobody deletes goes by itself. */
const LOOK_KEPT_SECONDS = 600;

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
export const makeRestoreJob = (cronJob: CronJob, request: RestoreJobRequest): ToolboxJobPlan => {
  const toolbox = findToolboxCommand(cronJob);
  if (!toolbox.ok) return toolbox;
  const { where, shell, container, command } = toolbox;
  const { work, note, execution, fence, deadlineSeconds } = request;
  const written = work.kind === 'restore' ? writeRestoreScript(command, work) : { text: SCRIPTS[work.kind] };
  if ('why' in written) return { ok: false, why: `no Job can be made of ${where}: ${written.why}` };
  return {
    ok: true,
    job: makeToolboxJob(cronJob, {
      name: note.name,
      jobId: note.name,
      execution,
      fence,
      labels: labelPurpose(cronJob, work.kind),
      podAnnotations: UNDISTURBED,
      container: {
        ...container,
        name: RESTORE_CONTAINERS[work.kind],
        args: [shell, '-c', written.text],
        env: withAnswer(container['env']),
      },
      needsDisk: work.kind === 'restore',
      deadlineSeconds,
      keptSeconds: work.kind === 'extensions' ? LOOK_KEPT_SECONDS : KEPT_SECONDS,
    }),
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
