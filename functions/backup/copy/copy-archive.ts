import type { ArchiveCopier, UploadedParts } from '../../clients/archive-copy.ts';
import type { ArchiveStore } from '../../clients/archive-store.ts';
import type { Ledger } from '../../clients/ledger.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import { abortOthers } from './abandoned-uploads.ts';
import { copyMissingParts } from './copy-parts.ts';
import { planCopy } from './copy-plan.ts';
import { type CopyRun, copyRunKind, isSameSource } from './copy-run.ts';
import { type CopyVerdict, compareCopy } from './copy-verdict.ts';

/** As much of a copy as one Lambda lasts for. */

export interface CopyDeps {
  readonly ledger: Pick<Ledger, 'read' | 'claim' | 'change'>;
  readonly copier: ArchiveCopier;
  /** What lies where the copy goes. */
  readonly store: Pick<ArchiveStore, 'describe'>;
  readonly readUploadedParts: (
    source: ArchiveObject,
    signal: AbortSignal,
  ) => Promise<UploadedParts | undefined>;
  readonly clock: Clock;
}

export interface CopyRequest {
  readonly set: Pick<SetReference, 'environment' | 'id'>;
  readonly source: ArchiveObject;
  readonly until: Date;
  readonly signal: AbortSignal;
}

type CopyProgress =
  | { readonly state: 'done'; readonly copy: ArchiveObject; readonly verdict: CopyVerdict }
  | { readonly state: 'unfinished'; readonly done: number; readonly parts: number };

/** Uploads that somebody ended under our hands, one after the other, before we leave it to a later Lambda. */
const MAX_BEGINNINGS = 3;

/**
 * Copies on from where anybody stopped, and compares the copy once it is whole. What lies there already and is equal is the
 * copy, whoever made it.
 *
 * @throws RefusedError of S3, which another try meets too; TransientError otherwise.
 */
export const copyArchive = async (request: CopyRequest, deps: CopyDeps): Promise<CopyProgress> => {
  const there = await describeCopy(request, deps);
  if (there && compareCopy(request.source, there).state === 'verified') return finish(request, there);
  for (let beginning = 1; beginning <= MAX_BEGINNINGS; beginning++) {
    const run = await takeRun(request, deps);
    if (run.uploadId === undefined) {
      await deps.copier.copyWhole(request.source, run.plan, request.signal);
      return compareMade(request, deps);
    }
    const made = await copyMissingParts({ ...run, uploadId: run.uploadId }, request, deps);
    if (made === 'completed') return compareMade(request, deps);
    if (made !== 'gone') return { state: 'unfinished', ...made };
    // Somebody who copies beside us has completed it, or has given it up.
    const now = await describeCopy(request, deps);
    if (now && compareCopy(request.source, now).state === 'verified') return finish(request, now);
    await forgetUpload(run, request, deps);
  }
  throw new TransientError(
    'copy.contended',
    'Somebody else ends each copy that is begun; trying again later.',
  );
};

const compareMade = async (request: CopyRequest, deps: CopyDeps): Promise<CopyProgress> => {
  const copy = await describeCopy(request, deps);
  if (!copy) throw new RefusedError('copy.gone', 'The copy was there, and is gone.');
  return finish(request, copy);
};

const finish = ({ source }: CopyRequest, copy: ArchiveObject): CopyProgress => ({
  state: 'done',
  copy,
  verdict: compareCopy(source, copy),
});

const describeCopy = async (
  { signal }: CopyRequest,
  { store }: CopyDeps,
): Promise<ArchiveObject | undefined> => {
  try {
    return await store.describe(signal);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'archive.gone') return undefined;
    throw error;
  }
};

const readRun = ({ set }: Pick<CopyRequest, 'set'>, { ledger }: Pick<CopyDeps, 'ledger'>) =>
  ledger.read(copyRunKind, backupRunKey(set, 'copy'));

/** The copy that is under way, or a new one; of two that begin at once the one that was written down is both's. */
const takeRun = async (request: CopyRequest, deps: CopyDeps): Promise<CopyRun> => {
  const { set, source, signal } = request;
  const { ledger, copier, clock } = deps;
  const stored = await readRun(request, deps);
  const isOurs = stored !== undefined && isSameSource(stored.value, source);
  if (isOurs && (stored.value.plan.how === 'whole' || stored.value.uploadId !== undefined))
    return stored.value;
  if (stored?.value.uploadId !== undefined) await copier.abort(stored.value.uploadId, signal);
  const isInParts = source.checksum?.type === 'composite';
  const plan = planCopy(source, isInParts ? await deps.readUploadedParts(source, signal) : undefined);
  const uploadId = plan.how === 'parts' ? await copier.begin(source, plan, signal) : undefined;
  const run: CopyRun = {
    version: 1,
    startedAt: clock.now().toISOString(),
    source,
    plan,
    ...(uploadId === undefined ? {} : { uploadId }),
  };
  const key = backupRunKey(set, 'copy');
  const written = await (stored
    ? ledger.change(copyRunKind, key, stored.etag, run)
    : ledger.claim(copyRunKind, key, run));
  if (!written.ok) {
    if (uploadId !== undefined) await copier.abort(uploadId, signal);
    return takeRun(request, deps);
  }
  if (uploadId !== undefined) await abortOthers(uploadId, deps, signal);
  return run;
};

/** The next one begins anew; whoever was faster has done so already. */
const forgetUpload = async (
  { uploadId, ...run }: CopyRun,
  request: CopyRequest,
  deps: CopyDeps,
): Promise<void> => {
  const stored = await readRun(request, deps);
  if (stored?.value.uploadId !== uploadId || !stored) return;
  await deps.ledger.change(copyRunKind, backupRunKey(request.set, 'copy'), stored.etag, run);
};

/** Ends a copy that nobody goes on with, so that its parts cost nothing. What S3 refuses a rule of the bucket clears. */
export const giveUpCopy = async (
  request: Pick<CopyRequest, 'set' | 'signal'>,
  deps: Pick<CopyDeps, 'ledger' | 'copier'>,
): Promise<void> => {
  const uploadId = (await readRun(request, deps))?.value.uploadId;
  if (uploadId === undefined) return;
  try {
    await deps.copier.abort(uploadId, request.signal);
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
  }
};
