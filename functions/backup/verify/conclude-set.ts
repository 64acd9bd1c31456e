import { appendRecord, type Ledger, updateRecord } from '../../clients/ledger.ts';
import { backupRunKey } from '../../records/backup/run.ts';
import { type BackupSet, setVerificationKey } from '../../records/backup/set.ts';
import type { Verification, VerificationReason } from '../../records/backup/verification.ts';
import type { Execution } from '../../records/execution.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { SetStore } from '../sets/set-store.ts';
import { noteVerification } from '../sets/set-verdict.ts';
import { sumUp } from './judgement.ts';
import { noteArchive } from './noted-archive.ts';
import { notVerifiable } from './verifiable-set.ts';
import {
  type KnownOfBackup,
  type VerificationRecord,
  verificationRecordKind,
} from './verification-record.ts';
import { type EndedVerification, verificationRunKind } from './verification-run.ts';
import { sayVerdict } from './verify-words.ts';

/** What a verification found, before it is written down. */
export interface Finding {
  readonly set: BackupSet;
  readonly execution: Execution;
  readonly startedAt: string;
  /** Of everything that was judged; in any order. */
  readonly reasons: readonly VerificationReason[];
  readonly archive?: Verification | undefined;
  readonly known?: KnownOfBackup | undefined;
  /** Whoever read gave up since nobody answered: what an earlier verification found of the set stays. */
  readonly unanswered?: boolean;
  /** When the Job began. */
  readonly jobStartedAt?: string | undefined;
}

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'change'>;
  readonly clock: Clock;
}

/**
 * Ends a verification: the whole of it as a record of its own, then the manifest with what follows it, then its progress.
 * A Lambda that dies in between leaves the progress as it was, and the next one comes to this end once more.
 *
 * @throws RefusedError `backup.not-verifiable` when the set was deleted meanwhile; nothing of it is brought back.
 */
export const concludeSet = async (finding: Finding, deps: Deps): Promise<EndedVerification> => {
  const { set, execution, startedAt } = finding;
  const { environment, policy, id, kind } = set;
  const { ledger, clock } = deps;
  const finishedAt = clock.now().toISOString();
  const { verdict, reasons } = sumUp(finding.reasons);
  const key = setVerificationKey(environment, id, finishedAt);
  const record: VerificationRecord = {
    version: 1,
    environment,
    policy,
    id,
    kind,
    execution,
    verdict,
    reasons,
    startedAt,
    finishedAt,
    ...(finding.archive ? { archive: finding.archive } : {}),
    ...(finding.known ? { known: finding.known } : {}),
  };
  await appendRecord(ledger, verificationRecordKind, key, record);
  if (!finding.unanswered || set.verification === undefined)
    await noteInSet(finding, { verdict, reasons, finishedAt }, key, deps);
  const ended: EndedVerification = {
    state: 'ended',
    version: 1,
    startedAt,
    finishedAt,
    verdict,
    message: sayVerdict(verdict, reasons),
    found: reasons.filter(({ result }) => result !== 'note').length,
    record: key,
  };
  await updateRecord(ledger, verificationRunKind, backupRunKey(set, 'verification'), () => ended, clock);
  return ended;
};

const noteInSet = async (
  { set, archive, jobStartedAt }: Finding,
  found: Pick<Verification, 'verdict' | 'reasons' | 'finishedAt'>,
  key: string,
  { sets }: Deps,
): Promise<void> => {
  let refused: string | undefined;
  const now = await sets.change(set, (current) => {
    const takenAt = current.takenAt ?? jobStartedAt ?? current.startedAt;
    const read = archive ? noteArchive(current, archive, jobStartedAt ?? takenAt) : current;
    const noted = noteVerification({ ...read, takenAt }, found, key);
    refused = noted.ok ? undefined : noted.reason;
    return noted.ok ? noted.set : undefined;
  });
  // One that was looked at later is right; one that is gone stays gone.
  if (refused === undefined || now.state === found.verdict || now.verification !== undefined) return;
  throw notVerifiable(set, refused);
};
