import { type Lock, lockKey, lockKind } from '../records/lock.ts';
import { freeLock, isLockHeld, takeLock } from '../rules/locking.ts';
import type { Clock } from '../runtime/clock.ts';
import { DefectError } from '../runtime/errors.ts';
import { type Ledger, updateRecord } from './ledger.ts';

export type Acquired = { ok: true; lock: Lock } | { ok: false; lock: Lock };

/** Locks in the ledger: one object a lock, moved by conditional writes. */
export interface Locks {
  /**
   * Takes or renews the lock for `owner` (`ok`), or gives the lock as somebody else holds it. It holds for
   * `LOCK_SECONDS`, or for as many seconds as are asked for.
   */
  acquire(name: string, owner: string, seconds?: number): Promise<Acquired>;
  /** Frees the lock if `owner` still has it. */
  release(name: string, owner: string): Promise<void>;
  isHeld(name: string, owner: string, token: number): Promise<boolean>;
}

/** Makes the locks of one ledger; the rules are those of `rules/locking.ts`. */
export const openLocks = (ledger: Ledger, clock: Clock): Locks => ({
  async acquire(name, owner, seconds) {
    const lock = await updateRecord(
      ledger,
      lockKind,
      lockKey(name),
      (current) => takeLock(current, name, owner, clock.now(), seconds),
      clock,
    );
    if (!lock)
      throw new DefectError('lock.absent', `The lock ${name} was neither taken nor held by anybody.`);
    return { ok: lock.owner === owner, lock };
  },

  async release(name, owner) {
    await updateRecord(ledger, lockKind, lockKey(name), (current) => freeLock(current, owner), clock);
  },

  async isHeld(name, owner, token) {
    const stored = await ledger.read(lockKind, lockKey(name));
    return isLockHeld(stored?.value, owner, token);
  },
});
