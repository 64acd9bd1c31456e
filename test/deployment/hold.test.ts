import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addHold, endHolds, findHold, liftHolds, MAX_HOLDS } from '../../functions/deployment/hold.ts';
import { emptyTargetState, type Hold } from '../../functions/records/target-state.ts';
import { counterexample } from '../support/counterexample.ts';
import { buildOrder } from '../support/target-world.ts';

const hold = (digest: string): Hold => ({
  digest,
  tag: '1.0.0',
  since: '2026-03-01T12:00:00.000Z',
  why: 'crash',
  rollout: 'r',
});
const holding = (...digests: string[]) => ({ ...emptyTargetState('web'), holds: digests.map(hold) });

it('a held digest is found, another is not', () => {
  expect(findHold(holding('a', 'b'), 'b')).toEqual(hold('b'));
  expect(findHold(holding('a', 'b'), 'c')).toBeUndefined();
});

it('holding it again keeps the first hold with its reason', () => {
  const state = holding('a');
  expect(addHold(state, { ...hold('a'), why: 'something else' })).toBe(state);
});

it.each([
  ['one', 'a', ['b', 'c']],
  ['none that is there', 'x', ['a', 'b', 'c']],
  ['all', undefined, []],
])('lifts %s', (_, digest, left) => {
  expect(liftHolds(holding('a', 'b', 'c'), digest).holds.map((one) => one.digest)).toEqual(left);
});

it.each([
  ['a lower tag: it ends', { tag: '1.0.0' }, 'ends'],
  ['a higher tag: an older image proves nothing about it', { tag: '1.2.0' }, 'keeps'],
  ['the same tag, held before the registry named the healthy digest', { tag: '1.1.0' }, 'ends'],
  [
    'the same tag, held after that: the tag pointed there later',
    { tag: '1.1.0', since: '2026-03-01T11:59:59.000Z' },
    'keeps',
  ],
  ['the very digest that is healthy', { tag: '1.2.0', digest: 'healthy' }, 'ends'],
])('a healthy 1.1.0 and the hold on %s', (_, overrides, says) => {
  const held = { ...hold('bad'), since: '2026-03-01T11:00:00.000Z', ...overrides };
  const healthy = buildOrder({ tag: '1.1.0', digest: 'healthy', confirmedAt: '2026-03-01T11:30:00.000Z' });
  const compareTags = (a: string, b: string): number => a.localeCompare(b);
  const { holds } = endHolds({ ...emptyTargetState('web'), holds: [held] }, healthy, compareTags);
  expect(holds).toEqual(says === 'keeps' ? [held] : []);
});

it.each([
  ['all', undefined, undefined],
  ['that digest', 'applied', undefined],
  ['another digest', 'a', { workload: 'uid', digest: 'applied' }],
])('lifting %s lets what a person took away by hand come back, or not', (_, digest, applied) => {
  expect(
    liftHolds({ ...holding('a'), applied: { workload: 'uid', digest: 'applied' } }, digest).applied,
  ).toEqual(applied);
});

it('property: the newest hold is always kept, and there are never more than the limit', () => {
  expect(
    counterexample(
      fc.property(fc.array(fc.nat(60).map(String), { minLength: 1, maxLength: 80 }), (digests) => {
        const state = digests.reduce(
          (current, digest) => addHold(current, hold(digest)),
          emptyTargetState('web'),
        );
        return state.holds.length <= MAX_HOLDS && findHold(state, digests.at(-1) ?? '') !== undefined;
      }),
    ),
  ).toBeUndefined();
});

it('budget: a target remembers 20 holds; the twenty-first makes it forget the oldest', () => {
  const digests = Array.from({ length: 21 }, (_, index) => `d${index}`);
  const state = digests.reduce((current, digest) => addHold(current, hold(digest)), emptyTargetState('web'));
  expect(state.holds.map(({ digest }) => digest)).toEqual(digests.slice(1));
});
