import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lock } from '../../functions/records/lock.ts';
import {
  freeLock,
  isLockHeld,
  LOCK_SECONDS,
  lockSecondsOver,
  takeLock,
} from '../../functions/rules/locking.ts';
import { counterexample } from '../support/counterexample.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const take = (lock: Lock | undefined, owner: string, seconds = 0): Lock | undefined =>
  takeLock(lock, 'deployment/web', owner, new Date(NOON + seconds * 1_000));

const held = take(undefined, 'a');

describe('a lock', () => {
  it('that never was goes to the first who asks, with the first token', () => {
    expect(held).toEqual({
      version: 1,
      name: 'deployment/web',
      owner: 'a',
      token: 1,
      acquiredAt: '2026-03-01T12:00:00.000Z',
      expiresAt: '2026-03-01T12:10:00.000Z',
    });
  });

  it('held by another stays with them to the last second', () => {
    expect(take(held, 'b', LOCK_SECONDS - 1)).toBeUndefined();
  });

  it.each<[string, Lock | undefined, string, number, Partial<Lock>]>([
    ['that expires this very millisecond is free', held, 'b', LOCK_SECONDS, { owner: 'b', token: 2 }],
    ['that was freed goes to who asks', held && freeLock(held, 'a'), 'b', 1, { owner: 'b', token: 2 }],
    [
      'freed and taken by the same owner has a new token',
      held && freeLock(held, 'a'),
      'a',
      1,
      { owner: 'a', token: 2 },
    ],
    ['renewed keeps token and beginning', held, 'a', 300, { token: 1, acquiredAt: held?.acquiredAt ?? '' }],
    ['renewed lasts from now on', held, 'a', 300, { expiresAt: '2026-03-01T12:15:00.000Z' }],
    ['expired, of which nobody else took hold, is renewed', held, 'a', 900, { owner: 'a', token: 1 }],
  ])('%s', (_, lock, owner, seconds, expected) => {
    expect(take(lock, owner, seconds)).toMatchObject(expected);
  });

  it('is freed by its owner alone', () => {
    expect(freeLock(held, 'b')).toBeUndefined();
    expect(freeLock(undefined, 'a')).toBeUndefined();
    expect(freeLock(held, 'a')).toMatchObject({ owner: null, token: 1 });
  });

  it.each<[boolean, string, number, Lock | undefined]>([
    [true, 'a', 1, held],
    [false, 'a', 2, held],
    [false, 'b', 1, held],
    [false, 'a', 1, held && freeLock(held, 'a')],
    [false, 'a', 1, undefined],
  ])('is held: %s, asked by %s with token %i', (expected, owner, token, lock) => {
    expect(isLockHeld(lock, owner, token)).toBe(expected);
  });
});

/** What three owners may do, in any order, with any time in between. */
const steps = fc.array(
  fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    does: fc.constantFrom('take', 'free'),
    seconds: fc.nat(700),
  }),
  { maxLength: 30 },
);

const play = (script: readonly { owner: string; does: string; seconds: number }[]) => {
  let lock: Lock | undefined;
  let seconds = 0;
  return script.map(({ owner, does, seconds: later }) => {
    seconds += later;
    const before = lock;
    lock = (does === 'take' ? take(lock, owner, seconds) : freeLock(lock, owner)) ?? lock;
    return { before, after: lock, owner, does, at: NOON + seconds * 1_000 };
  });
};

describe('whatever three owners do', () => {
  it('property: the token never decreases, and grows each time the lock changes hands', () => {
    const property = fc.property(steps, (script) =>
      play(script).every(({ before, after }) => {
        if (!before || !after) return true;
        const changedHands = after.owner !== null && after.owner !== before.owner;
        return changedHands ? after.token === before.token + 1 : after.token === before.token;
      }),
    );
    expect(counterexample(property)).toBeUndefined();
  });

  it('property: nobody takes what another holds and has not let expire', () => {
    const property = fc.property(steps, (script) =>
      play(script).every(({ before, after, owner, does, at }) => {
        const isTaken = before?.owner && before.owner !== owner && at < Date.parse(before.expiresAt);
        return does !== 'take' || (isTaken ? after === before : after?.owner === owner);
      }),
    );
    expect(counterexample(property)).toBeUndefined();
  });

  it('property: never two of them hold it, and an old token never holds again', () => {
    const property = fc.property(steps, (script) => {
      const tokens = new Map<number, string>();
      return play(script).every(({ after }) => {
        if (!after) return true;
        const holders = ['a', 'b', 'c'].filter((owner) => isLockHeld(after, owner, after.token));
        const known = tokens.get(after.token);
        const [holder] = holders;
        if (holder) tokens.set(after.token, holder);
        const isOwnToken = known === undefined || holder === undefined || known === holder;
        return holders.length <= 1 && isOwnToken && !isLockHeld(after, 'a', after.token - 1);
      });
    });
    expect(counterexample(property)).toBeUndefined();
  });
});

it('a lock that is to hold over a wait of 900 s holds for 1,500 s, and is free then', () => {
  const at = (seconds: number) => new Date(Date.parse('2026-11-21T12:00:00.000Z') + seconds * 1_000);
  const lock = takeLock(undefined, 'upgrade/blue', 'a', at(0), lockSecondsOver(900));
  expect(takeLock(lock, 'upgrade/blue', 'b', at(1_499))).toBeUndefined();
  expect(takeLock(lock, 'upgrade/blue', 'b', at(1_500))).toMatchObject({ owner: 'b', token: 2 });
  expect(takeLock(lock, 'upgrade/blue', 'a', at(900))).toMatchObject({ owner: 'a', token: 1 });
});

it('budget: a lock outlives ten missed polls of the longest kind', () => {
  expect(LOCK_SECONDS).toBeGreaterThanOrEqual(10 * 50);
});
