import type * as z from 'zod';
import {
  type ArchiveCopier,
  type CopyAddress,
  openArchiveCopier,
  readUploadedParts,
} from '../clients/archive-copy.ts';
import { type ArchiveAddress, type ArchiveStore, openArchiveStore } from '../clients/archive-store.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import type { BackupSet } from '../records/backup/set.ts';
import type { BackupCopy } from '../records/backup/set-parts.ts';
import { MAX_COPY_SLICES } from '../records/backup/slices.ts';
import type { ArchiveObject } from '../records/backup/verification.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import { type CopyDeps, copyArchive, giveUpCopy } from './copy/copy-archive.ts';
import { noteCopy } from './copy/copy-run.ts';
import * as contract from './copy-set.contract.ts';
import { withoutDot } from './job/sentence-part.ts';
import type { SetStore } from './sets/set-store.ts';
import { readBackup, wireSets } from './wiring.ts';

/** Milliseconds that are left to compare, write and answer when no further part is begun. */
const CLOSING_MS = 120_000;

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'read' | 'change'>;
  readonly clock: Clock;
  readonly subjectOf: (set: BackupSet) => Pick<BackupSubject, 'settings' | 'region'>;
  readonly openCopier: (address: CopyAddress) => ArchiveCopier;
  readonly openStore: (address: ArchiveAddress) => Pick<ArchiveStore, 'describe'>;
  readonly readUploadedParts: (
    source: ArchiveObject,
    from: { readonly region: string },
    signal: AbortSignal,
  ) => ReturnType<CopyDeps['readUploadedParts']>;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Copies on a verified archive into the bucket of copies, for as long as this Lambda lasts, and compares what came of it.
 * Which parts are there S3 tells, so that any other call goes on; the manifest says how it ended.
 *
 * @throws RefusedError `backup.no-set`; TransientError of S3 that does not answer for minutes.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal, remainingMs }: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const { clock, sets } = deps;
  const until = new Date(clock.now().getTime() + remainingMs() - CLOSING_MS);
  const slices = input.slices + 1;
  const set = await sets.read(input.set);
  if (!set) throw new RefusedError('backup.no-set', `There is no backup set ${input.set.id}.`);
  const task = findTask(set, deps.subjectOf(set));
  if ('nothing' in task) return { outcome: 'none', slices, message: task.nothing };

  const { source, region, bucket, sourceRegion } = task;
  const known = set.copies.find((copy) => copy.region === region && copy.bucket === bucket);
  const isAnswer = known && (known.state === 'verified' || isOf(input, known));
  if (isAnswer && known.state !== 'copying') {
    return { outcome: known.state, slices, message: sayEnd(known) };
  }
  const begun = known?.state === 'copying' ? known.startedAt : clock.now().toISOString();
  const note = (copy: Omit<BackupCopy, 'region' | 'bucket' | 'startedAt'>): Promise<BackupSet> => {
    const noted: BackupCopy = { region, bucket, startedAt: begun, ...copy };
    return sets.change(set, (current) => ({ ...current, copies: noteCopy(current.copies, noted) }));
  };
  const end = async (
    state: 'verified' | 'differs' | 'not-checked' | 'failed',
    about: Pick<BackupCopy, 'object' | 'reason'>,
  ): Promise<Output> => {
    const verifiedAt = state === 'verified' ? { verifiedAt: clock.now().toISOString() } : {};
    await note({ state, ...verifiedAt, ...about });
    return { outcome: state, slices, message: sayEnd({ region, state, ...about }) };
  };
  const place = { region, bucket, key: source.key };
  const copyDeps: CopyDeps = {
    ledger: deps.ledger,
    clock,
    copier: deps.openCopier(place),
    store: deps.openStore(place),
    readUploadedParts: (object, aborted) => deps.readUploadedParts(object, { region: sourceRegion }, aborted),
  };
  const fail = async (reason: string): Promise<Output> => {
    await giveUpCopy({ set, signal }, copyDeps);
    return end('failed', { reason });
  };
  if (input.failure) return fail(describeCause(input.failure.Cause) || input.failure.Error);
  if (known?.state !== 'copying') await note({ state: 'copying' });
  try {
    const progress = await copyArchive({ set, source, until, signal }, copyDeps);
    if (progress.state === 'unfinished') {
      const message = `${progress.done} of ${progress.parts} parts are copied to ${bucket} in ${region}.`;
      if (slices < MAX_COPY_SLICES) return { outcome: 'unfinished', slices, message };
      return await fail(`it did not come to its end in ${MAX_COPY_SLICES} Lambdas: ${message}`);
    }
    const { copy, verdict } = progress;
    return await end(verdict.state, {
      object: copy,
      ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return fail(error.message);
  }
};

/** Ended in this execution: its last call was repeated. */
const isOf = ({ execution }: Input, { startedAt }: BackupCopy): boolean =>
  Date.parse(startedAt) >= Date.parse(execution.startedAt);

type Task =
  | { readonly nothing: string }
  | {
      readonly source: ArchiveObject;
      readonly region: string;
      readonly bucket: string;
      readonly sourceRegion: string;
    };

const findTask = (set: BackupSet, { settings, region }: ReturnType<Deps['subjectOf']>): Task => {
  const { copy, destination } = settings;
  if (!copy) return { nothing: `drydock.yaml names no place for copies of ${set.environment}.` };
  const part = set.parts.find(({ kind }) => kind === 'archive');
  if (part?.kind !== 'archive') return { nothing: `Backup set ${set.id} has no archive to copy.` };
  if (set.state !== 'verified' || set.deletion) {
    return { nothing: `Only a verified archive is copied, and backup set ${set.id} is ${set.state}.` };
  }
  return { source: part.object, ...copy, sourceRegion: destination.region ?? region };
};

const sayEnd = ({ region, state, reason }: Pick<BackupCopy, 'region' | 'state' | 'reason'>): string =>
  `The copy in ${region} is ${state}${reason === undefined ? '' : `: ${withoutDot(reason)}`}.`;

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      clock: systemClock,
      subjectOf: ({ environment, policy }: BackupSet) => readBackup(environment, policy),
      openCopier: openArchiveCopier,
      openStore: openArchiveStore,
      readUploadedParts,
    };
  },
  run,
});
