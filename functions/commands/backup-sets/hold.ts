import { isDeepStrictEqual } from 'node:util';
import { type BackupSet, backupLock } from '../../records/backup/set.ts';
import { lockKey, lockKind } from '../../records/lock.ts';
import { isLockHeld } from '../../rules/locking.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Backups } from './backups.ts';

/** Looks at a set that changes while it is being held. */
const MAX_ATTEMPTS = 5;

type Hold = NonNullable<BackupSet['legalHold']>;

/**
 * Puts a set under a legal hold: nothing of it is deleted until somebody releases it. A deletion that has begun can not be
 * stopped, and a hold that came too late says so instead of promising anything.
 *
 * @throws RefusedError `backup.being-deleted`, `backup.deleted`.
 */
export const holdSet = async (
  set: BackupSet,
  hold: Hold,
  { ledger, sets }: Backups,
  now: Date,
): Promise<BackupSet> => {
  const { environment, id } = set;
  let seen = set;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (seen.state === 'deleted') {
      throw new RefusedError('backup.deleted', `The set ${id} was deleted at ${seen.deletion?.endedAt}.`);
    }
    const { deletion } = seen;
    if (deletion?.execution && deletion.refused === undefined) {
      // Whoever deletes holds this lock; one that broke off has lost it.
      const lock = (await ledger.read(lockKind, lockKey(backupLock(environment))))?.value;
      const isHeld =
        lock !== undefined &&
        isLockHeld(lock, deletion.execution.arn, lock.token) &&
        Date.parse(lock.expiresAt) > now.getTime();
      if (isHeld) {
        throw new RefusedError(
          'backup.being-deleted',
          `The set ${id} is being deleted right now, by ${deletion.execution.name}; look again in some minutes whether it is gone.`,
        );
      }
    }
    const before = seen;
    let isHeld = false;
    seen = await sets.change({ environment, id }, (current) => {
      isHeld = current.state !== 'deleted' && isDeepStrictEqual(current.deletion, before.deletion);
      return isHeld ? { ...current, legalHold: hold } : undefined;
    });
    if (isHeld) return seen;
  }
  throw new RefusedError('backup.being-deleted', `The set ${id} changes all the time; look at it with show.`);
};

/** Takes a hold off again; what the policy says then holds. Undefined when there was none. */
export const releaseSet = async (set: BackupSet, { sets }: Backups): Promise<Hold | undefined> => {
  let released: Hold | undefined;
  await sets.change(set, (current) => {
    released = current.legalHold;
    if (!released) return undefined;
    const { legalHold: _, ...rest } = current;
    return rest;
  });
  return released;
};
