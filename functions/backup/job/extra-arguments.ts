import { type BackupArguments, readBackupArguments } from '../values/backup-arguments.ts';

/** The command of the chart's CronJob, parted where arguments of one run go in. */
export interface BackupCommand {
  /** Up to `backup-utility`, that word included: `cp /etc/gitlab/.s3cfg $HOME/.s3cfg && backup-utility`. */
  readonly head: string;
  /** What the chart's values put behind it (`extraArgs`), as it is written. */
  readonly extra: string;
  readonly given: BackupArguments;
}

const TOOL = /\bbackup-utility\b/g;
/** Plain signs, a quoted text in which a shell puts nothing in, or the value of a variable. */
const WORD = /(?:[\w@%+=:,./-]+|'[^'$]*'|"[^"$`\\]*")+|"?\$(?:\w+|\{\w+\})"?/y;
const BLANKS = /[ \t]*/y;

/**
 * Reads the command; a text says why it can not be changed for one run.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml.
 *
 * @param text the script that `bash -c` is given.
 */
export const readBackupCommand = (text: string): BackupCommand | string => {
  const [found, ...others] = text.matchAll(TOOL);
  if (!found) return 'its command does not call backup-utility, so it is not the CronJob of the chart';
  if (others.length > 0) return 'its command names backup-utility more than once';
  const end = found.index + found[0].length;
  const [head, extra] = [text.slice(0, end), text.slice(end).trim()];
  const words = readWords(extra);
  if (words === undefined) {
    return 'its extraArgs hold more than arguments: another command, a pipe, which hides a failure, or a text of which a shell makes something else';
  }
  const given = readBackupArguments(extra);
  // A variable may stand as a value, not as an argument of its own: it could hold any.
  if (given.unknown.some((word) => word.startsWith('$'))) {
    return 'its extraArgs hold a variable in the place of an argument, and nobody can tell what it asks for';
  }
  return { head, extra, given };
};

const readWords = (text: string): string[] | undefined => {
  const words: string[] = [];
  let index = 0;
  while (index < text.length) {
    WORD.lastIndex = index;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) return undefined;
    words.push(word);
    BLANKS.lastIndex = index + word.length;
    const blanks = BLANKS.exec(text)?.[0] ?? '';
    index += word.length + blanks.length;
    // Two words without a blank between them are one to a shell.
    if (blanks === '' && index < text.length) return undefined;
  }
  return words;
};
