import type { BackupSet } from '../../records/backup/set.ts';
import type { Execution } from '../../records/execution.ts';

/** How far a deletion has come, in the manifest of its set. */

/** Begun: from here on nobody can hold the set any more. One that broke off before goes on under its first begin. */
export const noteBegun = (set: BackupSet, why: string, execution: Execution, now: Date): BackupSet => {
  const { startedAt = now.toISOString(), refused } = set.deletion ?? {};
  return { ...set, deletion: { startedAt, why, execution, ...(refused === undefined ? {} : { refused }) } };
};

/** Called off before anything went: as it was before. */
export const noteCalledOff = (set: BackupSet, before: BackupSet['deletion']): BackupSet => {
  const { deletion: _, ...rest } = set;
  return before ? { ...rest, deletion: before } : rest;
};

/** Ended: nothing of it is left that was ours to delete. */
export const noteDeleted = (set: BackupSet, now: Date): BackupSet | undefined => {
  if (!set.deletion) return undefined;
  const { refused: _, ...deletion } = set.deletion;
  return { ...set, state: 'deleted', deletion: { ...deletion, endedAt: now.toISOString() } };
};

/**
 * Refused, by a lock or for want of a right. The end of a lock goes into what the manifest says of the archive, so that
 * the next plans leave the set alone until then.
 */
export const noteRefused = (set: BackupSet, refusal: Refusal): BackupSet | undefined => {
  if (!set.deletion) return undefined;
  const { until, versionId } = refusal;
  const parts = set.parts.map((part) =>
    part.kind === 'archive' && until !== undefined && part.object.versionId === versionId
      ? { ...part, object: { ...part.object, lockedUntil: until } }
      : part,
  );
  const copies = set.copies.map((copy) =>
    copy.object && until !== undefined && copy.object.versionId === versionId
      ? { ...copy, object: { ...copy.object, lockedUntil: until } }
      : copy,
  );
  return { ...set, parts, copies, deletion: { ...set.deletion, refused: refusal.message } };
};

export interface Refusal {
  readonly message: string;
  /** End of the lock, where it is known. */
  readonly until?: string;
  /** The version that is locked. */
  readonly versionId?: string;
}

const LOCK = 'Object lock keeps it';
/** That a lock refuses is no fault, and nobody has to hear of it. */
export const refuseByLock = (versionId: string, until: string | undefined): Refusal => ({
  message: until === undefined ? `${LOCK}, and nobody said until when.` : `${LOCK} until ${until}.`,
  versionId,
  ...(until === undefined ? {} : { until }),
});
export const isLockRefusal = (refused: string): boolean => refused.startsWith(LOCK);
