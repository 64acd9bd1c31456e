import type { VerificationReason } from '../../../records/backup/verification.ts';
import type { LogFinding } from '../log-evidence.ts';
import { nameOfPart } from '../parts.ts';
import { makeReason, type ReasonCode } from '../reason-kinds.ts';
import type { Rule } from './rule.ts';

/** What the backup said of itself. A log that ends well proves nothing; one that tells of a failure does. */

const THE_LOG = "the backup's log";

const CODES: Readonly<Record<LogFinding['kind'], ReasonCode>> = {
  failure: 'log-failure',
  'bucket-skipped': 'log-bucket-skipped',
  warning: 'log-warning',
};

/**
 * Nothing in the log that a good backup does not say. Of a component that is switched off the tool looks for a bucket
 * all the same, and says that there is none.
 */
export const quietLog: Rule = ({ log }, { skipped, sources }) =>
  (log?.findings ?? []).flatMap(({ kind, excerpt, part }): VerificationReason[] => {
    if (part !== undefined && skipped.includes(part)) return [];
    const isNothing = kind === 'bucket-skipped' && part !== undefined && sources[part] === 'empty';
    if (isNothing)
      return [makeReason('bucket-empty', nameOfPart(part), `There is nothing in it. ${excerpt}`)];
    return [makeReason(CODES[kind], part === undefined ? THE_LOG : nameOfPart(part), `It says: ${excerpt}`)];
  });

/** The log came to its last line, and that line names this archive. */
export const finishedLog: Rule = ({ log, object }) => {
  if (!log) return [];
  if (log.done === undefined) {
    return [makeReason('log-not-done', THE_LOG, 'Its last line, where the backup can be found, is missing.')];
  }
  const name = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
  if (!object || name(log.done) === name(object.key)) return [];
  return [makeReason('log-other-archive', THE_LOG, `It wrote ${log.done}, and not ${name(object.key)}.`)];
};
