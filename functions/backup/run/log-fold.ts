import { stripVTControlCharacters } from 'node:util';
import { type LogEvidence, type LogFinding, readBackupLog } from '../verify/log-evidence.ts';

/** A log that is read piece by piece tells the same as one that is read at once. */

/** Findings that are kept of each kind, as of a log that is read at once. */
const MAX_FINDINGS = 10;

export interface FoldedLog {
  readonly evidence: LogEvidence;
  /** The last line, when the next piece may say what it means: `Dumping uploads ...` and, on a line of its own, `empty`. */
  readonly lastLine?: string | undefined;
}

export const NO_EVIDENCE: LogEvidence = { findings: [], more: 0, emptyParts: [] };

/** Reads the next lines, oldest first. */
export const foldLog = ({ evidence, lastLine }: FoldedLog, lines: readonly string[]): FoldedLog => {
  if (lines.length === 0) return { evidence, lastLine };
  const read = readBackupLog(lastLine === undefined ? lines : [lastLine, ...lines]);
  const last = lines.at(-1) ?? '';
  return { evidence: join(evidence, read), ...(isOpening(last) ? { lastLine: last } : {}) };
};

/** It tells nothing by itself, so that it may be read twice; any other line may be a secret, and is not kept. */
const isOpening = (line: string): boolean =>
  /\bDumping \w+ \.\.\.$/.test(stripVTControlCharacters(line).trim());

const join = (before: LogEvidence, next: LogEvidence): LogEvidence => {
  const findings: LogFinding[] = [...before.findings];
  let more = before.more + next.more;
  for (const finding of next.findings) {
    const same = findings.filter(({ kind }) => kind === finding.kind);
    if (same.length < MAX_FINDINGS) findings.push(finding);
    else more += 1;
  }
  const done = next.done ?? before.done;
  return {
    ...(done === undefined ? {} : { done }),
    findings,
    more,
    emptyParts: [...new Set([...before.emptyParts, ...next.emptyParts])],
    ...joinRepositories(before.repositories, next.repositories),
  };
};

const joinRepositories = (
  before: LogEvidence['repositories'],
  next: LogEvidence['repositories'],
): Pick<LogEvidence, 'repositories'> => {
  if (!before || !next) return before || next ? { repositories: before ?? next } : {};
  const projects = before.projects + next.projects;
  return { repositories: { projects, besides: before.besides + next.besides } };
};
