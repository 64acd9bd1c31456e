import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { readBackupLog } from '../backup/verify/log-evidence.ts';
import type { Progress } from '../backup/verify/progress.ts';
import { saySize } from '../backup/verify/rules/rule.ts';
import { verifyArchive } from '../backup/verify/verify-archive.ts';
import { listArchives, openArchiveStore } from '../clients/archive-store.ts';
import { openObjectKeys } from '../clients/object-keys.ts';
import { readSourceBucket } from '../clients/source-bucket.ts';
import type { Verification } from '../records/backup/verification.ts';
import { systemClock } from '../runtime/clock.ts';
import { DefectError, RefusedError, TransientError } from '../runtime/errors.ts';
import { askBuckets } from './backup-verify/ask-buckets.ts';
import { chooseArchive, hintOld } from './backup-verify/choose-archive.ts';
import { countManifests } from './backup-verify/count-manifests.ts';
import { type Options, parseOptions } from './backup-verify/options.ts';
import { EXIT_CODES, hintDatabases, hintUnexplained, renderTable } from './backup-verify/render-table.ts';
import type { BackupVerifyTools } from './backup-verify/tools.ts';
import { cleanCell, outliveReader } from './terminal.ts';

const HELP = `Reads a GitLab backup in S3 without downloading it, and says what is in it, what is missing, and what could not be
checked: from this terminal, with your own AWS profile ($AWS_PROFILE), before anything is installed. Changes nothing.
It needs s3:GetObject on the archive, kms:Decrypt where KMS encrypts it, and s3:ListBucket for --newest and --buckets.

  npm run backup-verify -- s3://<bucket>/<key> [--skipped registry,artifacts] [--gitlab-version 18.10.0-ee]
  npm run backup-verify -- s3://<bucket>/<prefix> --newest

  --newest                 the newest archive under the prefix; its size is compared with those before it
  --version-id <id>        of a bucket that keeps versions (default: the newest version)
  --region <region>        of the bucket (default: that of the profile; a wrong one costs a redirection)
  --skipped <parts>        left out on purpose, with commas; may be given more than once
  --empty <parts>          there is nothing to back up: their buckets are empty, or there are no repositories
                           Parts: db, repositories, registry, uploads, artifacts, lfs, packages, external_diffs,
                           terraform_state, pages, ci_secure_files
  --buckets <part=bucket>  ask these buckets whether they hold anything (s3:ListBucket), such as
                           uploads=gitlab-uploads,lfs=git-lfs; so a part that was skipped is told from an empty one
  --gitlab-version <v>     the version and edition that run; GitLab restores into exactly its own
  --projects <n>           projects that have a repository, at least
                           (default: as many as have commits in its database dump, those being deleted not counted)
  --server-side            the repositories were left in Gitaly's own bucket
  --gitaly-bucket <name>   count them there (s3:ListBucket), by their manifests under the id of the archive
  --databases <names>      databases with a dump of their own (default: main, and those that its dump leads to)
  --log <file>             the log of the backup's pod, or - for the standard input
  --dump-limit <GiB>       read database dumps up to this size to their end, compressed (default: 4)
  --accept-unread-dumps    a larger dump does not keep the archive from being verified
  --format <format>        table or json (default: table, or json when --output ends so)
                           Into a pipe with npm run -s, which leaves out the lines that npm writes itself
  --output <file>          write it there, and the table here
  --help                   print this

Exit code, for pipelines:
  0  verified: every header was read, and everything is there that must be there
  1  it could not run: no such object, no credentials, no answer
  2  wrong arguments
  3  incomplete: whole as a file, and something in it is missing or wrong
  4  corrupt: cut or damaged
  5  not checked: something could not be looked at, and nothing is known to be missing`;

export interface BackupVerifyAnswer {
  /** For the standard output, or for the standard error when it could not run. */
  readonly output: string;
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Runs the command and says how it ended. */
export const runBackupVerify = async (
  args: readonly string[],
  tools: BackupVerifyTools,
): Promise<BackupVerifyAnswer> => {
  const parsed = parseOptions(args);
  if ('mistake' in parsed) return { output: `${parsed.mistake}\n\n${HELP}`, exitCode: 2 };
  if ('help' in parsed) return { output: HELP, exitCode: 0 };
  try {
    const { verification, hints } = await verify(parsed.options, tools);
    const output = await deliver(verification, hints, parsed.options, tools);
    return { output, exitCode: EXIT_CODES[verification.verdict] };
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    return { output: error.message, exitCode: 1 };
  } finally {
    tools.showProgress('');
  }
};

interface Verified {
  readonly verification: Verification;
  readonly hints: readonly string[];
}

const verify = async (options: Options, tools: BackupVerifyTools): Promise<Verified> => {
  const { bucket, region, versionId, log } = options;
  const known = log === undefined ? {} : { log: readBackupLog((await readLog(log, tools)).split('\n')) };
  const { key, earlier } = await chooseArchive(options, tools);
  const store = tools.openStore({ bucket, key, versionId, region });
  tools.showProgress(`Looking at s3://${bucket}/${key}`);
  // What is not there, or may not be seen at all, is a matter of the command, and no verdict on an archive.
  const object = await store.describe();
  const { sources, hints } = await askBuckets(options, tools);
  const serverSideProjects = await countManifests(key, options, tools);
  const { expectation } = options;
  const outcome = await verifyArchive(
    {
      bucket,
      key,
      known: { ...known, ...(serverSideProjects === undefined ? {} : { serverSideProjects }) },
      expectation: {
        ...expectation,
        // What a person says of a bucket goes before what it says itself.
        sources: { ...sources, ...expectation.sources },
        ...(earlier ? { earlier } : {}),
      },
    },
    {
      store: { describe: async () => object, open: (described) => store.open(described) },
      clock: tools.clock,
      onProgress: (progress) => tools.showProgress(sayProgress(progress)),
    },
  );
  const old = hintOld(options, object, tools.clock.now());
  if (outcome.state === 'done') return { verification: outcome.verification, hints: [...old, ...hints] };
  throw new DefectError('verify.unfinished', 'A verification without a deadline stopped.');
};

const readLog = async (file: string, tools: BackupVerifyTools): Promise<string> => {
  try {
    return await tools.readLog(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusedError('log.unreadable', `The log could not be read: ${why} (--log).`, { cause: error });
  }
};

const sayProgress = (progress: Progress): string => {
  if ('file' in progress) {
    const { file, read, size } = progress;
    return `Reading ${file} to its end: ${saySize(read)} of ${saySize(size)}`;
  }
  const { requests, bytes } = progress.reads;
  return `${requests.toLocaleString('en')} reads, ${saySize(bytes)}`;
};

const deliver = async (
  verification: Verification,
  hints: readonly string[],
  { format, output, namesDatabases }: Options,
  { width, write }: BackupVerifyTools,
): Promise<string> => {
  const table = [
    renderTable(verification, width),
    ...hintDatabases(verification, namesDatabases),
    ...hintUnexplained(verification),
    ...hints,
  ].join('\n\n');
  const written = format === 'json' ? JSON.stringify(verification, null, 2) : table;
  if (output === undefined) return written;
  try {
    await write(output, `${written}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusedError('output.refused', `The result could not be written: ${why}`, { cause: error });
  }
  return `${table}\n\nWritten to ${output}.`;
};

/** Progress is for eyes: so often, and no more. */
const PROGRESS_EVERY_MS = 100;
let shownAt = 0;

/** One line on the terminal that is written anew; in a pipe nothing. */
const showProgress = (line: string): void => {
  if (!process.stderr.isTTY || (line !== '' && Date.now() - shownAt < PROGRESS_EVERY_MS)) return;
  shownAt = Date.now();
  process.stderr.write(
    line === '' ? '\r\u001B[K' : `\r\u001B[K${cleanCell(line).slice(0, (process.stderr.columns || 80) - 1)}`,
  );
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runBackupVerify(process.argv.slice(2), {
    openStore: openArchiveStore,
    listArchives,
    readSourceBucket: (bucket) => readSourceBucket(bucket),
    openKeys: (region) => openObjectKeys(region),
    readLog: (file) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
    write: (file, content) => writeFile(file, content),
    showProgress,
    clock: systemClock,
    // A pipe has no width of its own; COLUMNS is how shells tell one.
    width: process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
  (exitCode === 1 || exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
