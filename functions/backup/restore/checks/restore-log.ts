import { stripVTControlCharacters } from 'node:util';
import type { RestoreFinding } from '../../../records/backup/restore.ts';
import type { RestoreStep } from '../../../records/backup/restore-plan.ts';
import { redactText } from '../../../rules/secret-redaction.ts';

/** What the log of the tool tells of a restore that ended with 0: it runs without `pipefail`, so that is not much. */

/** Code of the finding. */
const RESTORE_LOG = 'restore-log';

/** Sources: GitLab, lib/backup; messages of psql, s3cmd, the AWS CLI and gitaly-backup. */
const FAILURES = [
  /\bERROR: /,
  /\b(rake|rails) aborted!/,
  /\b(Backup|GitalyBackup)::(\w+::)*\w*Error\b/,
  /"level":"(error|fatal|panic)"/,
  /^(upload|copy|download) failed: /,
  /^fatal error: /,
  /No space left on device/,
  /GitLab version mismatch/,
  /^Restoring .*(failed|\[FAILED\])/i,
];

/**
 * The role of GitLab owns no extension on RDS, so that a dump can neither drop nor comment on one: they are there
 * already, and stay. Source: GitLab documentation, "Restore GitLab", on errors that may be ignored.
 */
const HARMLESS = [
  /must be owner of (extension|schema)/,
  /permission denied to create extension/,
  /extension "\w+" (already exists|does not exist)/,
  /cannot drop (extension|schema public)/,
];

const MAX_NAMED = 3;
const MAX_EXCERPT = 200;

/** Judges it for a step whose Job ended with 0. */
export const judgeRestoreLog = (log: string, step: RestoreStep): RestoreFinding => {
  const found = { step, check: RESTORE_LOG };
  const lines = stripVTControlCharacters(log)
    .split(/\r?\n/)
    .filter((line) => FAILURES.some((one) => one.test(line)) && !HARMLESS.some((one) => one.test(line)));
  if (log.trim() === '') {
    const message = 'The tool wrote nothing that could be read, so its exit code is all that is known.';
    return { ...found, result: 'not-checked', message };
  }
  if (lines.length === 0) return { ...found, result: 'pass', message: 'The tool told of no failure.' };
  const named = lines.slice(0, MAX_NAMED).map((line) => redactText(line.trim()).slice(0, MAX_EXCERPT));
  const more = lines.length - named.length;
  const message = `The tool ended with 0 and told of failures: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return { ...found, result: 'fail', message };
};

/** Source: GitLab, lib/backup/manager.rb and lib/backup/tasks: `Restoring repositories (Gitaly server-side) ...`. */
const REPOSITORIES = /Restoring repositories\b(?!.*\[SKIPPED\])/;

/**
 * Judges it for a step that restores repositories alone: a toolbox that finds none of them in the archive passes over them
 * without a word, and ends with 0.
 */
export const judgeRepositoriesLog = (log: string, step: RestoreStep): RestoreFinding => {
  const finding = judgeRestoreLog(log, step);
  if (finding.result !== 'pass' || REPOSITORIES.test(stripVTControlCharacters(log))) return finding;
  const message = 'The tool ended with 0 and does not say that it restored repositories.';
  return { ...finding, result: 'fail', message };
};
