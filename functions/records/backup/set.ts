import * as z from 'zod';
import { Execution } from '../execution.ts';
import { BackupSetId } from './set-id.ts';
import { BackupCopy, BackupPart, BackupSecrets, ObjectReference } from './set-parts.ts';
import { VerificationReason, VerificationVerdict } from './verification.ts';

/** One backup of one GitLab: everything it takes to bring it back, under one id, with one manifest. */

/**
 * `running`: being made. `unverified`: written, and not read yet. Then as the last verification judged it.
 * `failed`: no backup came of it. `deleted`: its parts are gone, and the manifest says when and why.
 */
export const BackupSetState = z.enum([
  'running',
  'unverified',
  ...VerificationVerdict.options,
  'failed',
  'deleted',
]);
export type BackupSetState = z.output<typeof BackupSetState>;

export const BackupKind = z.enum(['tar', 'native']);
export type BackupKind = z.output<typeof BackupKind>;

/** Steps whose time is measured. */
export const BackupStep = z.enum(['preflight', 'marks', 'job', 'secrets', 'verification', 'copy']);

/** What the last verification of a set said; the whole of it lies under `record`. */
const SetVerification = z.object({
  verdict: VerificationVerdict,
  at: z.iso.datetime(),
  /** Ledger key. */
  record: z.string(),
  /** Worst first; as many as a person reads. */
  reasons: z.array(VerificationReason).max(50),
  /** Of all, notes left out. */
  found: z.int().nonnegative(),
});
type SetVerification = z.output<typeof SetVerification>;

const Manifest = z.object({
  version: z.literal(1),
  id: BackupSetId,
  environment: z.string(),
  policy: z.string(),
  kind: BackupKind,
  state: BackupSetState,
  /** Components left out on purpose, as the policy said when it began. */
  skip: z.array(z.string()).default([]),
  execution: Execution,
  /** With its edition: `18.10.0-ee`; GitLab restores into exactly its own. */
  gitlabVersion: z.string(),
  helm: z
    .object({
      release: z.string(),
      namespace: z.string(),
      chartVersion: z.string(),
      revision: z.int().positive().optional(),
      /** Values may hold secrets, so they lie where those do, never in the ledger. */
      values: ObjectReference.optional(),
    })
    .optional(),
  startedAt: z.iso.datetime(),
  /**
   * The moment for which all parts hold, the earliest of theirs: what came after it may be missing. The age of a
   * backup is counted from here, never from its end or its verification.
   */
  takenAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  timings: z
    .partialRecord(
      BackupStep,
      z.object({ startedAt: z.iso.datetime(), endedAt: z.iso.datetime().optional() }),
    )
    .default({}),
  parts: z.array(BackupPart).default([]),
  /** Sets without which this one can not be restored: the full one of an increment, and those between. */
  needs: z.array(BackupSetId).default([]),
  /** Bytes of all parts whose size is known. */
  size: z.int().nonnegative().optional(),
  secrets: BackupSecrets.optional(),
  verification: SetVerification.optional(),
  copies: z.array(BackupCopy).default([]),
  /** While it is there nothing of the set is deleted. */
  legalHold: z.object({ by: z.string(), why: z.string(), since: z.iso.datetime() }).optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /**
   * Begun before anything of it goes, ended when all is gone: one that broke off in between is begun again by the next
   * plan, and one that a lock refused says so.
   */
  deletion: z
    .object({
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime().optional(),
      why: z.string(),
      execution: Execution.optional(),
      refused: z.string().optional(),
    })
    .optional(),
});

/**
 * A manifest whose state and evidence agree: nothing is verified without a verification that says so.
 *
 * Fields are only added, with a default or optional, so that a manifest of an older release is read; of a version
 * that is not known the ledger says so, and nothing is guessed.
 */
export const BackupSet = Manifest.superRefine((set, context) => {
  const verdict = VerificationVerdict.safeParse(set.state);
  if (verdict.success && set.verification?.verdict !== verdict.data) {
    context.addIssue({
      code: 'custom',
      path: ['state'],
      message: `is ${set.state}, and no verification says so`,
    });
  }
  if (set.state === 'verified' && set.takenAt === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['takenAt'],
      message: 'is unknown, and without it no set is verified',
    });
  }
  if ((set.state === 'deleted') !== (set.deletion?.endedAt !== undefined)) {
    context.addIssue({
      code: 'custom',
      path: ['deletion'],
      message: 'and the state deleted end together',
    });
  }
});
export type BackupSet = z.output<typeof BackupSet>;

export const backupSetKind = { name: 'backup set', schema: BackupSet };
/** For the sweep that makes an index anew, never for a hot path. */
export const backupSetPrefix = (environment: string): string => `backup/sets/${environment}/`;
export const backupSetKey = (environment: string, id: string): string =>
  `${backupSetPrefix(environment)}${id}/manifest.json`;
/** Where a verification of a set lies; each has its own, and none is written over. */
export const setVerificationKey = (environment: string, id: string, at: string): string =>
  `${backupSetPrefix(environment)}${id}/verifications/${at}.json`;

/** Name of the lock under which one GitLab is backed up or restored: its tool uses one disk and one database. */
export const backupLock = (environment: string): string => `backup/${environment}`;
