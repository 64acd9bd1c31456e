import { parseBackupId } from '../job/backup-id.ts';
import type { BackupCommand } from '../job/extra-arguments.ts';
import type { Component } from '../job/run-arguments.ts';
import { quoteArgument } from '../job/shell-quoting.ts';

/** What the Jobs of a restore run. */

export interface RestoreWishes {
  /** Id of the set, which names its archive. */
  readonly setId: string;
  readonly skip: readonly Component[];
  /** Gitaly fetches the repositories from its own bucket, into which the same flag had it write them. */
  readonly repositoriesServerSide?: boolean;
}

/** How the tool reaches its buckets: the same for a backup and a restore. The rest is of backups alone. */
const KEPT = [
  '--backend',
  '--s3config',
  '--s3tool',
  '--s3tool-backup',
  '--s3tool-data',
  '--aws-s3-endpoint-url',
  '--aws-region',
];

/**
 * The command of a restore, or why there can be none. What is skipped stands in one list behind one flag: toolboxes of
 * before GitLab 16 took the first `--skip` of a restore and forgot the others.
 *
 * Source: GitLab documentation, "Restore GitLab", "Restore server-side repository backups" (Helm chart).
 */
export const writeRestoreScript = (
  { head, given }: Pick<BackupCommand, 'head' | 'given'>,
  { setId, skip, repositoriesServerSide }: RestoreWishes,
): { readonly text: string } | { readonly why: string } => {
  if (!parseBackupId(setId)) return { why: 'the set has no id that the tool would find' };
  const kept = KEPT.flatMap((flag) => {
    const value = given.valueOf(flag);
    return value === undefined ? [] : [flag, value];
  });
  if (kept.some((word) => word.includes('$'))) {
    return {
      why: 'its extraArgs say by a variable how buckets are reached, and nobody can tell what it holds',
    };
  }
  const words = [
    '--restore',
    '-t',
    setId,
    ...(repositoriesServerSide ? ['--repositories-server-side'] : []),
    ...(skip.length === 0 ? [] : ['--skip', skip.join(',')]),
    ...kept,
  ];
  return { text: [head, ...words.map(quoteArgument)].join(' ') };
};

/** Before the lines of a task, and behind them with its exit code: one Job runs several. */
export const TASK_MARK = 'drydock:';

/** Of each database that a decomposed GitLab has; the planner knows nothing of tables that were just filled. */
export const ANALYSE_SCRIPT = [
  "gitlab-rails runner 'Gitlab::Database.database_base_models.each do |name, model|",
  'model.connection.execute("SET statement_timeout = 0");',
  'model.connection.execute("ANALYZE");',
  `puts "${TASK_MARK} analysed #{name}" end'`,
].join(' ');

/** The checks of GitLab itself. Each says what it found in words; their exit codes say little. */
const CHECK_TASKS = ['gitlab:doctor:secrets', 'gitlab:check SANITIZE=true'] as const;

export const CHECK_SCRIPT = CHECK_TASKS.map(
  (task) => `echo "${TASK_MARK} begin ${task}"; gitlab-rake ${task}; echo "${TASK_MARK} end ${task} $?"`,
).join('; ');
