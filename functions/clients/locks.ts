import { type Lock, lockKey, lockKind } from '../records/lock.ts';
import { freeLock, isLockHeld, type LockDecision, takeLock } from '../rules/locking.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Ledger, updateRecord } from './ledger.ts';

/** Locks in the ledger: one object a lock, moved by conditional writes. */
export interface Locks {
  /** Takes or renews the lock for `owner`, or says who holds it. */
  acquire(name: string, owner: string): Promise<LockDecision>;
  release(name: string, owner: string): Promise<void>;
  isHeld(name: string, owner: string, token: number): Promise<boolean>;
}

/** Makes the locks of one ledger; the rules are those of `rules/locking.ts`. */
export const openLocks = (ledger: Ledger, clock: Clock): Locks => ({
  async acquire(name, owner) {
    let decision: LockDecision | undefined;
    const decide = (current: Lock | undefined): Lock | undefined => {
      decision = takeLock(current, name, owner, clock.now());
      return decision.ok ? decision.lock : undefined;
    };
    await updateRecord(ledger, lockKind, lockKey(name), decide, clock);
    return decision ?? takeLock(undefined, name, owner, clock.now());
  },

  async release(name, owner) {
    await updateRecord(ledger, lockKind, lockKey(name), (current) => freeLock(current, owner), clock);
  },

  async isHeld(name, owner, token) {
    const stored = await ledger.read(lockKind, lockKey(name));
    return isLockHeld(stored?.value, owner, token);
  },
});
