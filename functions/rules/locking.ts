import type { Lock } from '../records/lock.ts';

/**
 * Seconds a lock holds without a sign of life. A rollout renews it at each poll (at most 50 s apart), an upgrade at each
 * look (at most 300 s apart; for a longer wait it asks for more, `lockSecondsOver`), so ten minutes
 * leaves room for retries and for a clock that is minutes off; a holder that ended is found by the sweep.
 */
export const LOCK_SECONDS = 600;

/**
 * Seconds for which a lock is to hold over a wait of this length: the next sign of life comes after the wait, and may
 * be as late as after any other.
 */
export const lockSecondsOver = (waitSeconds: number): number => waitSeconds + LOCK_SECONDS;

/**
 * Decides what the lock becomes when `owner` asks for it: free, expired or its own, it goes to `owner`;
 * otherwise it stays (`undefined`). Taking it anew raises the fencing token, so that whoever held it before is
 * told apart; renewing does not.
 *
 * @param seconds how long it then holds without a sign of life.
 */
export const takeLock = (
  current: Lock | undefined,
  name: string,
  owner: string,
  now: Date,
  seconds: number = LOCK_SECONDS,
): Lock | undefined => {
  const expiresAt = new Date(now.getTime() + seconds * 1000).toISOString();
  const acquiredAt = now.toISOString();
  if (!current) return { version: 1, name, owner, token: 1, acquiredAt, expiresAt };
  if (current.owner === owner) return { ...current, expiresAt };
  const isFree = current.owner === null || now.getTime() >= Date.parse(current.expiresAt);
  return isFree ? { ...current, owner, token: current.token + 1, acquiredAt, expiresAt } : undefined;
};

/** Frees the lock of `owner`; a lock that has gone to somebody else stays theirs (`undefined`: nothing to write). */
export const freeLock = (current: Lock | undefined, owner: string): Lock | undefined =>
  current?.owner === owner ? { ...current, owner: null } : undefined;

/** Does `owner` still hold the lock with this very token? Asked before each outside write. */
export const isLockHeld = (current: Lock | undefined, owner: string, token: number): boolean =>
  current?.owner === owner && current.token === token;
