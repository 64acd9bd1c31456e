import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import { redactText } from '../../rules/secret-redaction.ts';
import { isPart, Part } from './parts.ts';
import { isProjectPath } from './repository-count.ts';

/**
 * What the log of a toolbox backup tells. Its exit code tells less: a bucket that can not be listed, and in some
 * versions a database or a repository that can not be dumped, end with 0.
 *
 * Sources of the phrases: `backup-utility` and `object_storage_backup.rb` of the toolbox image, `Backup::Manager` of
 * GitLab Rails, the messages of pg_dump, the JSON lines of gitaly-backup.
 */

/** Findings that are kept, of each kind; a log may repeat one for each of 100,000 repositories. */
const MAX_FINDINGS = 10;
/** Characters of a line that are kept. */
const MAX_EXCERPT = 300;

export const LogFinding = z.object({
  kind: z.enum(['failure', 'bucket-skipped', 'warning']),
  /** The line, without colours and secrets. */
  excerpt: z.string(),
  part: Part.optional(),
});
export type LogFinding = z.output<typeof LogFinding>;

export const LogEvidence = z.object({
  /** `s3://bucket/name` of its last line, that it was written. */
  done: z.string().optional(),
  findings: z.array(LogFinding),
  /** Findings that are not kept. */
  more: z.int().nonnegative(),
  /** Parts whose bucket the tool listed and found empty. */
  emptyParts: z.array(Part),
  /** Repositories that gitaly-backup said it wrote, empty ones too; left out where it said nothing of any. */
  repositories: z.object({ projects: z.int().nonnegative(), besides: z.int().nonnegative() }).optional(),
});
export type LogEvidence = z.output<typeof LogEvidence>;

const DONE = /\[DONE\] Backup can be found at (s3:\/\/\S+)/;
const BUCKET = /Bucket not found: (\S+?)\.? Skipping backup of (\w+)/;
const DUMPING = /^Dumping (\w+) \.\.\.$/;
/** What kubectl logs puts before a line, by --prefix and by --timestamps. */
const OF_KUBECTL = /^(?:\[pod\/[^\]]*\](?: |$))?(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?: |$))?/;

/** What tells of a failure, wherever it stands in a line. */
const FAILURES = [
  /Failed to backup/i,
  /\bpg_dump: (error|fatal|\[archiver)/i,
  // Rails: "Dumping database failed: ...", "Dumping PostgreSQL database ... [FAILED]", "Creating archive ... failed".
  /\bDumping .*(failed:|\[FAILED\])/,
  /\bCreating archive .* failed/,
  /^\[Error\]/,
  /\b(rake|rails) aborted!/,
  /\b(Backup|GitalyBackup)::(\w+::)*\w*Error\b/,
  // gitaly-backup, a line of JSON for each repository.
  /"level":"(error|fatal|panic)"/,
  // s3cmd and the AWS CLI; what they tell of a bucket that is not there, the tool keeps to itself.
  /^ERROR: /,
  /^(upload|copy|download) failed: /,
  /^fatal error: /,
  /No space left on device/,
  /Unknown (S3 tool|backend)/,
];

const WARNING = /\bWARNING\b|\bpg_dump: warning:/;
/** They stand in the log of every good backup. */
const HARMLESS = [
  /This version of GitLab depends on gitlab-shell/,
  /gitlab-secrets\.json files? contain sensitive data/,
  /Module python-magic is not available/,
];

/** Reads the lines of a log, oldest first. */
export const readBackupLog = (lines: Iterable<string>): LogEvidence => {
  const seen = { findings: [] as LogFinding[], more: 0, emptyParts: new Set<Part>() };
  let done: string | undefined;
  let dumping: string | undefined;
  let repositories: LogEvidence['repositories'];
  for (const raw of lines) {
    const text = stripVTControlCharacters(raw.slice(0, 8 * MAX_EXCERPT)).trim();
    const line = text.replace(OF_KUBECTL, '').trim();
    done = DONE.exec(line)?.[1] ?? done;
    if (line === 'empty' && dumping !== undefined && isPart(dumping)) seen.emptyParts.add(dumping);
    dumping = DUMPING.exec(line)?.[1];
    repositories = countWritten(repositories, line);
    const finding = findIn(line);
    if (!finding) continue;
    const same = seen.findings.filter(({ kind }) => kind === finding.kind);
    if (same.length < MAX_FINDINGS) seen.findings.push(finding);
    else seen.more += 1;
  }
  const { findings, more, emptyParts } = seen;
  return {
    ...(done === undefined ? {} : { done }),
    findings,
    more,
    emptyParts: [...emptyParts],
    ...(repositories && { repositories }),
  };
};

/** Gitaly, `internal/backup/pipeline.go`: one line for each repository that was written, another for each that was skipped. */
const WRITTEN = /"msg":"completed create"/;
const WRITTEN_PATH = /"relative_path":"([^"]+)"/;

const countWritten = (before: LogEvidence['repositories'], line: string): LogEvidence['repositories'] => {
  const path = WRITTEN.test(line) ? WRITTEN_PATH.exec(line)?.[1] : undefined;
  if (path === undefined) return before;
  const { projects, besides } = before ?? { projects: 0, besides: 0 };
  return isProjectPath(path) ? { projects: projects + 1, besides } : { projects, besides: besides + 1 };
};

const findIn = (line: string): LogFinding | undefined => {
  const [skipped, , part] = BUCKET.exec(line) ?? [];
  if (skipped !== undefined) {
    return { ...excerpt('bucket-skipped', line), ...(part !== undefined && isPart(part) ? { part } : {}) };
  }
  if (FAILURES.some((pattern) => pattern.test(line))) return excerpt('failure', line);
  const isWarning = WARNING.test(line) && !HARMLESS.some((pattern) => pattern.test(line));
  return isWarning ? excerpt('warning', line) : undefined;
};

/** Redacted before it is cut: of half a secret nobody knows that it is one. */
const excerpt = (kind: LogFinding['kind'], line: string): LogFinding => ({
  kind,
  excerpt: redactText(line).slice(0, MAX_EXCERPT).toWellFormed(),
});
