import type { ArchiveStore } from '../../clients/archive-store.ts';
import type { Ledger, Stored } from '../../clients/ledger.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { Verification } from '../../records/backup/verification.ts';
import type { Execution } from '../../records/execution.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { VerifyCheckpoint } from './checkpoint.ts';
import {
  chooseReading,
  type EndedVerification,
  type VerificationRun,
  verificationRunKind,
} from './verification-run.ts';
import { type VerifyRequest, verifyArchive } from './verify-archive.ts';

/** As much of an archive as one Lambda reads, its progress kept in the ledger on the way. */

/** Headers read by a Lambda that is killed are lost up to this, and read again by the next. */
const SAVE_EVERY_MS = 60_000;

interface ReadingDeps {
  readonly ledger: Pick<Ledger, 'read' | 'claim' | 'change'>;
  readonly store: ArchiveStore;
  readonly clock: Clock;
}

interface SliceRequest {
  readonly set: Pick<SetReference, 'environment' | 'id'>;
  readonly execution: Execution;
  readonly archive: Omit<VerifyRequest, 'from' | 'until' | 'walkUntil' | 'signal'>;
  /** When this Lambda has to be at its end. */
  readonly until: Date;
  readonly signal: AbortSignal;
}

type Slice =
  | { readonly state: 'done'; readonly verification: Verification }
  | { readonly state: 'unfinished'; readonly checkpoint: VerifyCheckpoint }
  | { readonly state: 'answered'; readonly by: EndedVerification };

/** What lies in the ledger of the reading of a set. */
export const readProgress = (
  set: SliceRequest['set'],
  { ledger }: Pick<ReadingDeps, 'ledger'>,
): Promise<Stored<VerificationRun> | undefined> =>
  ledger.read(verificationRunKind, backupRunKey(set, 'verification'));

/**
 * Reads on from where anybody stopped, until the archive or the time is at its end. Progress is written only over what was
 * read, so of two at once the later one goes on with what the other kept.
 *
 * @throws what `verifyArchive` throws; what was kept before that stays.
 */
export const readSlice = async (request: SliceRequest, deps: ReadingDeps): Promise<Slice> => {
  const { set, execution, archive, until, signal } = request;
  const { ledger, clock } = deps;
  for (let isFresh = true; ; isFresh = false) {
    const stored = await readProgress(set, deps);
    const next = chooseReading(stored?.value, execution, clock.now());
    if (next.kind === 'answered') return { state: 'answered', by: next.by };
    const from = next.kind === 'go-on' ? next.from : undefined;
    // A dump for which the time did not last gets a Lambda that has done nothing else.
    if (from && !isFresh && (from.interrupted !== undefined || clock.now() >= until)) {
      return { state: 'unfinished', checkpoint: from };
    }
    const soon = new Date(Math.min(until.getTime(), clock.now().getTime() + SAVE_EVERY_MS));
    const outcome = await verifyArchive(
      { ...archive, until, walkUntil: soon, signal, ...(from ? { from } : {}) },
      { store: deps.store, clock },
    );
    if (outcome.state === 'done') return outcome;
    const { checkpoint } = outcome;
    const value: VerificationRun = {
      state: 'reading',
      version: 1,
      startedAt: checkpoint.startedAt,
      savedAt: clock.now().toISOString(),
      checkpoint,
    };
    const key = backupRunKey(set, 'verification');
    await (stored
      ? ledger.change(verificationRunKind, key, stored.etag, value)
      : ledger.claim(verificationRunKind, key, value));
  }
};
