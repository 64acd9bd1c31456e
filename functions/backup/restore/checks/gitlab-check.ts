import type { RestoreFinding } from '../../../records/backup/restore.ts';
import { redactText } from '../../../rules/secret-redaction.ts';
import { readTask } from './task-log.ts';

/** What `gitlab:check` says of a GitLab whose web pods and Sidekiq are at 0. */

/** Code of its findings, by which a person overrides them. */
const GITLAB_CHECK = 'gitlab-check';

/** One line: `All migrations up? ... yes`, or `Gitaly: ... default ... OK`. */
const LINE = /^\s*(?:[\w ]+: \.\.\. )?(\S.*?) \.\.\. (\S.*)$/;
const SECTION = /^Checking (.+?) \.\.\.( Finished)?$/;
const GOOD = /^(yes|OK\b|skipped|\d+$|passed)/i;

interface Row {
  readonly section: string;
  readonly title: string;
  readonly answer: string;
}

/** What the chart makes so, or that it is so while all is at 0; its answer tells nothing. */
const EXPECTED: readonly { readonly why: string; readonly isOne: (row: Row) => boolean }[] = [
  { why: 'Sidekiq is at 0', isOne: ({ section }) => section === 'Sidekiq' },
  {
    why: 'GitLab Shell asks web pods, which are at 0',
    isOne: ({ section, title }) =>
      section === 'GitLab Shell' || /self-check|gitlab-shell|Internal API/i.test(title),
  },
  { why: 'no is the good answer', isOne: ({ title }) => /orphaned GroupMembers/.test(title) },
  { why: 'the chart has none', isOne: ({ title }) => /Init script|systemd unit/.test(title) },
];

/** Without these no GitLab works: no opening behind them. */
const FATAL: readonly ((row: Row) => boolean)[] = [
  ({ section }) => section === 'Gitaly',
  ({ title }) => /^(Database config exists|GitLab config exists|All migrations up|Redis version)/.test(title),
];

/**
 * Judges the log of the check. What is not fatal and not expected is a warning: the list of checks grows with each
 * version of GitLab.
 *
 * Source: GitLab, lib/system_check and lib/tasks/gitlab/check.rb.
 */
export const judgeGitLabCheck = (log: string): RestoreFinding[] => {
  const found = { step: 'check' as const, check: GITLAB_CHECK };
  const task = readTask(log, 'gitlab:check SANITIZE=true');
  const { rows, finished } = readRows(task?.lines ?? []);
  if (!finished.includes('GitLab App') || !finished.includes('Gitaly')) {
    const message = 'gitlab:check came to no end, so nobody knows whether GitLab finds all its parts.';
    return [{ ...found, result: 'not-checked', message }];
  }
  const bad = rows.filter((row) => !GOOD.test(row.answer) && !EXPECTED.some(({ isOne }) => isOne(row)));
  if (bad.length === 0) {
    return [{ ...found, result: 'pass', message: `gitlab:check is content with ${rows.length} things.` }];
  }
  const say = (all: readonly Row[]) =>
    redactText(all.map(({ section, title, answer }) => `${section}: ${title} ${answer}`).join('; ')).slice(
      0,
      400,
    );
  const fatal = bad.filter((row) => FATAL.some((isOne) => isOne(row)));
  const others = bad.filter((row) => !fatal.includes(row));
  return [
    ...(fatal.length === 0
      ? []
      : [{ ...found, result: 'fail' as const, message: `gitlab:check: ${say(fatal)}` }]),
    ...(others.length === 0
      ? []
      : [
          {
            ...found,
            check: `${GITLAB_CHECK}-notes`,
            result: 'warn' as const,
            message: `gitlab:check: ${say(others)}`,
          },
        ]),
  ];
};

const readRows = (lines: readonly string[]): { rows: readonly Row[]; finished: readonly string[] } => {
  const rows: Row[] = [];
  const finished: string[] = [];
  let section = '';
  for (const line of lines) {
    const [heading, name = '', end] = SECTION.exec(line.trim()) ?? [];
    if (heading !== undefined) {
      if (end !== undefined) finished.push(name);
      section = end === undefined ? name : '';
      continue;
    }
    const [, title, answer] = LINE.exec(line) ?? [];
    if (title !== undefined && answer !== undefined && section !== '') rows.push({ section, title, answer });
  }
  return { rows, finished };
};
