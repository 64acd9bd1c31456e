import type { Lock } from '../records/lock.ts';

/**
 * Seconds a lock holds without a sign of life. Holders renew at each poll (at most 50 s apart), so ten minutes
 * leaves room for retries and for a clock that is minutes off; a holder that ended is found by the sweep.
 */
export const LOCK_SECONDS = 600;

export type LockDecision = { ok: true; lock: Lock } | { ok: false; holder: string; expiresAt: string };

/**
 * Decides whether `owner` may hold the lock now: when it is free, expired, or already its own.
 * Taking it anew raises the fencing token, so that whoever held it before is told apart; renewing does not.
 */
export const takeLock = (current: Lock | undefined, name: string, owner: string, now: Date): LockDecision => {
  const expiresAt = new Date(now.getTime() + LOCK_SECONDS * 1000).toISOString();
  const acquiredAt = now.toISOString();
  if (!current) return { ok: true, lock: { version: 1, name, owner, token: 1, acquiredAt, expiresAt } };
  if (current.owner === owner) return { ok: true, lock: { ...current, expiresAt } };
  if (current.owner === null || now.getTime() >= Date.parse(current.expiresAt)) {
    return { ok: true, lock: { ...current, owner, token: current.token + 1, acquiredAt, expiresAt } };
  }
  return { ok: false, holder: current.owner, expiresAt: current.expiresAt };
};

/** Frees the lock of `owner`; a lock that has gone to somebody else stays theirs (`undefined`: nothing to write). */
export const freeLock = (current: Lock | undefined, owner: string): Lock | undefined =>
  current?.owner === owner ? { ...current, owner: null } : undefined;

/** Does `owner` still hold the lock with this very token? Asked before each outside write. */
export const isLockHeld = (current: Lock | undefined, owner: string, token: number): boolean =>
  current?.owner === owner && current.token === token;
