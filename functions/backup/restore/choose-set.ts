import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { isWhole, listVerified } from '../sets/verified-sets.ts';

type SetChoice =
  | { readonly ok: true; readonly set: BackupSetEntry }
  | { readonly ok: false; readonly reason: string };

/**
 * The set that is restored: the one that was named, or the newest verified one that brings a whole GitLab back. A
 * safety backup of an earlier restore is never taken unless it is named: it holds what somebody wanted to get away
 * from.
 *
 * @param sets of all policies of the environment.
 * @param safetySets ids of safety backups that restores have made.
 */
export const chooseRestoreSet = (
  environment: string,
  sets: readonly BackupSetEntry[],
  asked: string | undefined,
  safetySets: readonly string[],
): SetChoice => {
  if (asked !== undefined) {
    const named = sets.find(({ id }) => id === asked);
    if (named) return { ok: true, set: named };
    const known = listVerified(sets).slice(0, 5);
    const list =
      known.length === 0 ? 'it has no verified set' : `verified: ${known.map(({ id }) => id).join(', ')}`;
    return { ok: false, reason: `there is no set ${asked} of ${environment}; ${list}` };
  }
  const newest = listVerified(sets).find((one) => isWhole(one) && !safetySets.includes(one.id));
  if (newest) return { ok: true, set: newest };
  const reason = `${environment} has no verified set that brings a whole GitLab back; name one, and let "set-verified" pass if you must`;
  return { ok: false, reason };
};
