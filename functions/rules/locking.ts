import type { Lock } from '../records/lock.ts';

/**
 * Seconds a lock holds without a sign of life. Holders renew at each poll (at most 50 s apart), so ten minutes
 * leaves room for retries and for a clock that is minutes off; a holder that ended is found by the sweep.
 */
export const LOCK_SECONDS = 600;

/**
 * Decides what the lock becomes when `owner` asks for it: free, expired or its own, it goes to `owner`;
 * otherwise it stays (`undefined`). Taking it anew raises the fencing token, so that whoever held it before is
 * told apart; renewing does not.
 */
export const takeLock = (
  current: Lock | undefined,
  name: string,
  owner: string,
  now: Date,
): Lock | undefined => {
  const expiresAt = new Date(now.getTime() + LOCK_SECONDS * 1000).toISOString();
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
