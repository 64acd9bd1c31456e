import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, summarise } from './quantiles.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('quantiles by nearest rank', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('the %s quantile of 1 to 100 is %s', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it('are values that were seen, in rising order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
        const { p50, p95, p99, max } = summarise(values);
        expect(values).toEqual(expect.arrayContaining([p50, p95, p99, max]));
        expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b));
      }),
    );
  });

  it('of nothing there are none', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
