import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { summariseSet } from '../sets/set-entry.ts';

export type DeletionVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * May a set that the plan wants gone really go? The plan knows its entry in an index; between the two a person may have
 * held it, a copy may have been locked, and another verification may have found it to be the best there is.
 *
 * @param planned the entry that the plan was made from.
 * @param set its manifest, read just before the first object is deleted.
 */
export const judgeDeletion = (
  planned: Pick<BackupSetEntry, 'state' | 'takenAt'>,
  set: BackupSet,
  now: Date,
): DeletionVerdict => {
  const { state, takenAt, lockedUntil } = summariseSet(set);
  if (state === 'deleted') return refuse('It is deleted already.');
  if (state === 'running') return refuse('It is being made.');
  if (set.legalHold) return refuse(`It is under a legal hold by ${set.legalHold.by}: ${set.legalHold.why}`);
  if (lockedUntil !== undefined && Date.parse(lockedUntil) > now.getTime()) {
    return refuse(`It is locked until ${lockedUntil}.`);
  }
  if (state !== planned.state || takenAt !== planned.takenAt) {
    return refuse(
      `It was ${planned.state} when that was planned, and is ${state} now; the next plan decides.`,
    );
  }
  return { ok: true };
};

const refuse = (reason: string): DeletionVerdict => ({ ok: false, reason });
