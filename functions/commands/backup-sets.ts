import { userInfo } from 'node:os';
import process from 'node:process';
import { connectLedger } from '../clients/ledger-s3.ts';
import { inspectSite } from '../clients/site-inspection.ts';
import { readConfigurationFile } from '../records/configuration/parse-configuration.ts';
import { formatProblems } from '../records/configuration/problem.ts';
import { systemClock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type BackupSources, type Backups, findSet, openBackups } from './backup-sets/backups.ts';
import { holdSet, releaseSet } from './backup-sets/hold.ts';
import { type Asked, type Options, parseOptions } from './backup-sets/options.ts';
import { planNow, renderList, renderPlan, renderSet } from './backup-sets/render.ts';
import { cleanCell, outliveReader } from './terminal.ts';

const HELP = `Shows the backups of a site, holds one so that nothing deletes it, and says what the nightly upkeep would delete: from the
ledger, with your own AWS profile ($AWS_PROFILE). Deletes nothing. It needs s3:GetObject and s3:ListBucket on the
ledger, for hold and release s3:PutObject too, and cloudformation:DescribeStacks unless --bucket names the ledger.

  npm run backup-sets -- list [--environment <name>]
  npm run backup-sets -- show <id>
  npm run backup-sets -- hold <id> --why <why> [--by <who>]
  npm run backup-sets -- release <id>
  npm run backup-sets -- prune --dry-run [--environment <name>]

  list            every set, newest first, and how fresh the backups are
  show            one set: its parts, what speaks against it, and what becomes of it
  hold            nothing of the set is deleted until it is released
  release         takes the hold off; its policy decides again
  prune           what would be deleted now, and why everything else stays
  <id>            the id of a set, or a beginning of it that no other has
  --environment   of this environment only
  --by            who holds it (default: your name on this machine)
  --bucket        the ledger bucket; then no stack is asked (default: $DRYDOCK_LEDGER_BUCKET, when it is set)
  --file          the configuration (default: drydock.yaml)
  --json          print everything as JSON
  --help          print this

Exit code: 0 done; 1 there is no such set, or it can not be held; 2 wrong arguments or a drydock.yaml that is not valid;
3 the ledger could not be read or written.`;

export interface BackupSetsTools extends BackupSources {
  /** Value of DRYDOCK_LEDGER_BUCKET. */
  readonly bucket: string | undefined;
  /** Who sits at this terminal. */
  readonly user: string;
  /** Columns of the terminal. */
  readonly width: number | undefined;
}

export interface BackupSetsAnswer {
  readonly output: string;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** Runs the command and says how it ended. */
export const runBackupSets = async (
  args: readonly string[],
  tools: BackupSetsTools,
): Promise<BackupSetsAnswer> => {
  const parsed = parseOptions(args);
  if ('mistake' in parsed) return { output: `${parsed.mistake}\n\n${HELP}`, exitCode: 2 };
  if ('help' in parsed) return { output: HELP, exitCode: 0 };
  const { options } = parsed;
  const read = await readConfigurationFile(options.file);
  if (!read.ok) return { output: formatProblems(read.problems), exitCode: 2 };
  try {
    const { environment } = options;
    const chosen = {
      bucket: options.bucket ?? tools.bucket,
      ...(environment === undefined ? {} : { environment }),
    };
    const all = await openBackups(read.configuration, chosen, tools);
    return await answer(options, all, tools);
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    if (error.code === 'backup.unknown') return { output: error.message, exitCode: 2 };
    if (error.code.startsWith('backup.')) return { output: error.message, exitCode: 1 };
    const { message, cause } = error;
    const known = cause instanceof Error && cause.message !== '' ? ` (${cleanCell(cause.message)})` : '';
    return { output: `${message}${known}`, exitCode: 3 };
  }
};

const answer = async (
  { asked, by, json }: Options,
  all: readonly Backups[],
  tools: BackupSetsTools,
): Promise<BackupSetsAnswer> => {
  const now = tools.clock.now();
  const print = (value: unknown, text: string): BackupSetsAnswer => ({
    output: json ? JSON.stringify(value, null, 2) : text,
    exitCode: 0,
  });
  if (asked.action === 'list') {
    const value = all.map(({ kept, entries, freshness }) => ({
      environment: kept.environment,
      freshness: freshness?.judged ?? [],
      sets: entries,
    }));
    return print(value, renderList(all, now, tools.width));
  }
  if (asked.action === 'prune') {
    const value = all.map((one) => ({ environment: one.kept.environment, decisions: planNow(one, now) }));
    return print(value, renderPlan(all, now, tools.width));
  }
  const found = await findSet(asked.id, all);
  if (typeof found === 'string') return { output: found, exitCode: 1 };
  const { set, backups } = found;
  if (asked.action === 'show') return print(set, renderSet(set, backups, now, tools.width));
  const said = await changeHold(asked, by ?? tools.user, found, now);
  return print(await backups.sets.read(set), said);
};

const changeHold = async (
  asked: Extract<Asked, { readonly id: string }>,
  by: string,
  { set, backups }: Exclude<Awaited<ReturnType<typeof findSet>>, string>,
  now: Date,
): Promise<string> => {
  if (asked.action === 'hold') {
    await holdSet(set, { by, why: asked.why, since: now.toISOString() }, backups, now);
    return `The set ${set.id} of ${set.environment} is on hold: nothing of it is deleted until somebody releases it.`;
  }
  const released = await releaseSet(set, backups);
  return released
    ? `The set ${set.id} of ${set.environment} is released; it was held by ${released.by} since ${released.since}: ${released.why}`
    : `The set ${set.id} of ${set.environment} was not on hold.`;
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runBackupSets(process.argv.slice(2), {
    openLedger: ({ bucket, region }) => connectLedger(bucket, systemClock, region),
    readOutputs: (stack, region) => inspectSite(region).readStackOutputs(stack),
    clock: systemClock,
    bucket: process.env['DRYDOCK_LEDGER_BUCKET'],
    user: userInfo().username,
    // A pipe has no width of its own; COLUMNS is how shells tell one.
    width: process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
  (exitCode === 0 ? process.stdout : process.stderr).write(`${output}\n`);
  process.exitCode = exitCode;
}
