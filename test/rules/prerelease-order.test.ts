import { describe, expect, it } from 'vitest';
import { comparePrereleases } from '../../functions/rules/prerelease-order.ts';

const split = (text: string): string[] => (text === '' ? [] : text.split('.'));

describe('comparePrereleases', () => {
  it.each([
    ['alpha', 'alpha.1'],
    ['alpha.1', 'alpha.beta'],
    ['alpha.beta', 'beta'],
    ['beta.2', 'beta.11'],
    ['beta.11', 'rc.1'],
    ['rc.1', ''],
    ['2', '-1'],
    ['rc.99999999999999999999998', 'rc.99999999999999999999999'],
  ])('%s comes before %j', (lower, higher) => {
    expect(comparePrereleases(split(lower), split(higher))).toBeLessThan(0);
    expect(comparePrereleases(split(higher), split(lower))).toBeGreaterThan(0);
  });

  it.each(['', 'rc.1', '1.a.-'])('%j ranks as itself', (text) => {
    expect(comparePrereleases(split(text), split(text))).toBe(0);
  });
});
