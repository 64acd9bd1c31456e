import * as z from 'zod';
import { PartProblem } from '../../records/backup/mark-progress.ts';
import { BackupKind } from '../../records/backup/set.ts';
import { Verification, VerificationReason, VerificationVerdict } from '../../records/backup/verification.ts';
import { Execution } from '../../records/execution.ts';
import { SourceState } from './expectation.ts';
import { LogEvidence } from './log-evidence.ts';
import { Part } from './parts.ts';

/**
 * What was known about the time of the backup when it was first judged. Later verifications go by it: buckets and the
 * configuration go on, the archive does not.
 */
export const KnownOfBackup = z.object({
  /** What the tool was told to leave out. */
  skipped: z.array(z.string()),
  databases: z.array(z.string()).min(1),
  repositoriesServerSide: z.boolean(),
  sources: z.partialRecord(Part, SourceState),
  log: LogEvidence.optional(),
  /** Components that were switched off; absent: nobody knows. */
  off: z.array(z.string()).optional(),
  /** Recovery points of AWS Backup that were to belong to the set. */
  recoveryPoints: z.array(z.object({ vault: z.string(), resource: z.string() })).optional(),
  /** A dump too large to be read to its end was accepted by the policy, then or at a verification since. */
  acceptUnreadDumps: z.boolean().optional(),
  /** What the last look at the parts beside the archive found. */
  problems: z.array(PartProblem).optional(),
});
export type KnownOfBackup = z.output<typeof KnownOfBackup>;

/** The whole of one verification of a set, as it lies under `setVerificationKey`; never changed. */
export const VerificationRecord = z.object({
  version: z.literal(1),
  environment: z.string(),
  policy: z.string(),
  id: z.string(),
  kind: BackupKind,
  execution: Execution,
  verdict: VerificationVerdict,
  /** All of them, worst first. */
  reasons: z.array(VerificationReason),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** What was read of the archive; none for a set without one. */
  archive: Verification.omit({ version: true, verdict: true, reasons: true }).optional(),
  known: KnownOfBackup.optional(),
});
export type VerificationRecord = z.output<typeof VerificationRecord>;

export const verificationRecordKind = { name: 'verification of a backup set', schema: VerificationRecord };
