import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { parseBackupId } from '../job/backup-id.ts';

/**
 * A set that was begun after a run was asked for, and came to something: it is what the run was to make. EventBridge
 * Scheduler may deliver twice, and who waited for hours behind the same policy has nothing to add.
 *
 * @param sets of the policy.
 * @param asked when the run was started.
 */
export const findMadeSince = (sets: readonly BackupSetEntry[], asked: Date): BackupSetEntry | undefined => {
  // Ids count whole seconds.
  const since = Math.floor(asked.getTime() / 1_000) * 1_000;
  return sets.find(({ id, state }) => {
    const begun = parseBackupId(id)?.startedAt.getTime() ?? Number.NEGATIVE_INFINITY;
    return begun >= since && state !== 'failed' && state !== 'running';
  });
};
