import type { Ledger } from '../../clients/ledger.ts';
import {
  type BackupSetIndex,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../records/backup/set-index.ts';
import { DefectError } from '../../runtime/errors.ts';
import { openSetIndex } from '../sets/set-list.ts';

/**
 * Reads the sets of a policy. One that nobody has noted yet is noted now: from here on it is watched, so that a policy
 * whose schedule never ran is missed as well.
 *
 * @returns the index, or why it could not be understood, in a sentence.
 */
export const watchPolicy = async (
  environment: string,
  policy: string,
  ledger: Pick<Ledger, 'read' | 'claim'>,
  now: Date,
): Promise<BackupSetIndex | { readonly unread: string }> => {
  const key = backupSetIndexKey(environment, policy);
  try {
    const known = await ledger.read(backupSetIndexKind, key);
    if (known) return known.value;
    const opened = openSetIndex(environment, policy, now);
    if ((await ledger.claim(backupSetIndexKind, key, opened)).ok) return opened;
    // Its first set was noted in between.
    return (await ledger.read(backupSetIndexKind, key))?.value ?? opened;
  } catch (error) {
    // What can not be understood stays so; what may pass is asked again by whoever called.
    if (!(error instanceof DefectError)) throw error;
    return { unread: error.message };
  }
};
