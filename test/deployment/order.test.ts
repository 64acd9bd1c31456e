import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDesired, isNewerOrder, supersedes } from '../../functions/deployment/order.ts';
import { orderTags } from '../../functions/deployment/tag-policy.ts';
import type { RolloutOrder } from '../../functions/records/rollout.ts';
import { counterexample } from '../support/counterexample.ts';
import { buildOrder } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C } from '../support/workload-builders.ts';

const POLICY = { type: 'semver', range: '*', allowDowngrade: false } as const;
const compare = (a: string, b: string): number => orderTags(POLICY, a, b);

const minute = fc.integer({ min: 0, max: 59 });
const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join('.'));
const at = (minutes: number): string => `2026-03-01T12:${String(minutes).padStart(2, '0')}:00.000Z`;
const order = fc
  .record({ tag: version, minutes: minute, digest: fc.constantFrom(DIGEST_A, DIGEST_B, DIGEST_C) })
  .map(({ tag, minutes, digest }) => buildOrder({ tag, digest, confirmedAt: at(minutes) }));
const distinctTags = fc.uniqueArray(order, { selector: ({ tag }) => tag, minLength: 1, maxLength: 12 });

const lastWaiting = (orders: readonly RolloutOrder[]): RolloutOrder | undefined =>
  orders.reduce<RolloutOrder | undefined>(
    (waiting, coming) => chooseDesired(waiting, coming, compare),
    undefined,
  );

describe('which order waits', () => {
  it.each([
    ['the higher tag, though it was confirmed earlier', '1.2.0', at(1), '1.1.0', at(5), true],
    ['not the lower tag, though it was confirmed later', '1.1.0', at(5), '1.2.0', at(1), false],
    ['of one tag the digest that was confirmed later', '1.1.0', at(5), '1.1.0', at(1), true],
    ['not the one confirmed at the same time', '1.1.0', at(1), '1.1.0', at(1), false],
    ['of tags that mean the same the one confirmed later', 'v1.1.0', at(5), '1.1.0', at(1), true],
  ])('%s', (_, tagA, atA, tagB, atB, newer) => {
    const a = buildOrder({ tag: tagA, confirmedAt: atA });
    const b = buildOrder({ tag: tagB, confirmedAt: atB });
    expect(isNewerOrder(a, b, compare)).toBe(newer);
    expect(chooseDesired(b, a, compare)).toBe(newer ? a : b);
  });

  it('what comes first waits', () => {
    const first = buildOrder();
    expect(chooseDesired(undefined, first, compare)).toBe(first);
  });

  it('property: for distinct tags the order of arrival does not matter', () => {
    expect(
      counterexample(
        fc.property(
          distinctTags.chain((orders) =>
            fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
          ),
          ([orders, shuffled]) => lastWaiting(shuffled) === lastWaiting(orders),
        ),
      ),
    ).toBeUndefined();
  });

  it('property: what waits in the end is newer than, or as new as, everything that came', () => {
    expect(
      counterexample(
        fc.property(fc.array(order, { minLength: 1, maxLength: 12 }), (orders) => {
          const last = lastWaiting(orders);
          return last !== undefined && orders.every((one) => !isNewerOrder(one, last, compare));
        }),
      ),
    ).toBeUndefined();
  });

  it('property: no order is newer than itself, and no two are newer than each other', () => {
    expect(
      counterexample(
        fc.property(order, order, (a, b) => {
          const both = isNewerOrder(a, b, compare) && isNewerOrder(b, a, compare);
          return !both && !isNewerOrder(a, a, compare);
        }),
      ),
    ).toBeUndefined();
  });
});

describe('which order replaces the one being rolled out', () => {
  it.each([
    ['a newer one with another digest', { tag: '1.2.0', digest: DIGEST_C }, true],
    ['not an older one', { tag: '1.0.0', digest: DIGEST_C }, false],
    ['not the same digest under a higher tag', { tag: '1.2.0', digest: DIGEST_B }, false],
  ])('%s', (_, waiting, expected) => {
    expect(supersedes(buildOrder(waiting), buildOrder(), compare)).toBe(expected);
  });

  it('nothing, when nothing waits', () => {
    expect(supersedes(undefined, buildOrder(), compare)).toBe(false);
  });

  it('property: never one for the same digest', () => {
    expect(
      counterexample(
        fc.property(order, order, (a, b) => !supersedes(a, { ...b, digest: a.digest }, compare)),
      ),
    ).toBeUndefined();
  });
});
