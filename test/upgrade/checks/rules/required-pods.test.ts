import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredPods } from '../../../../functions/upgrade/checks/rules/required-pods.ts';

describe('a disruption budget', () => {
  it.each([
    ['minAvailable 2 wants 2 of 3', { minAvailable: '2' }, 3, 2],
    ['minAvailable 5 wants 5 of 3', { minAvailable: '5' }, 3, 5],
    ['minAvailable 50% wants 2 of 3, rounded up', { minAvailable: '50%' }, 3, 2],
    ['minAvailable 50% wants 1 of 1', { minAvailable: '50%' }, 1, 1],
    ['minAvailable 0% wants none', { minAvailable: '0%' }, 3, 0],
    ['maxUnavailable 1 wants 2 of 3', { maxUnavailable: '1' }, 3, 2],
    ['maxUnavailable 5 wants none of 3', { maxUnavailable: '5' }, 3, 0],
    ['maxUnavailable 30% lets 1 of 3 go, rounded up', { maxUnavailable: '30%' }, 3, 2],
    ['maxUnavailable 1% lets the only one go', { maxUnavailable: '1%' }, 1, 0],
    ['maxUnavailable 0% wants all', { maxUnavailable: '0%' }, 7, 7],
    ['without a bound wants all', {}, 4, 4],
  ])('%s', (_title, bounds, pods, required) => {
    expect(requiredPods(bounds, pods)).toBe(required);
  });

  it('wants no less when it must keep more, and no more when it may lose more', () => {
    const share = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 500 }), (percent, pods) => {
        const keep = (value: number): number => requiredPods({ minAvailable: `${value}%` }, pods);
        const lose = (value: number): number => requiredPods({ maxUnavailable: `${value}%` }, pods);
        expect(keep(percent + 1)).toBeGreaterThanOrEqual(keep(percent));
        expect(lose(percent + 1)).toBeLessThanOrEqual(lose(percent));
        // Both round in favour of their bound, so a share and its rest never want more than all.
        expect(keep(percent)).toBeGreaterThanOrEqual(lose(100 - percent));
      }),
    );
  });
});
