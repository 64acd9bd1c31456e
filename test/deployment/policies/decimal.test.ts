import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, parseDecimal } from '../../../functions/deployment/policies/decimal.ts';

const compare = (a: string, b: string): number => {
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  if (!left || !right) throw new Error(`${a} and ${b} should both be numbers`);
  return Math.sign(compareDecimals(left, right));
};

describe('compareDecimals', () => {
  it.each([
    ['9', '10'],
    ['-10', '-9'],
    ['-1', '0'],
    ['0.45', '0.5'],
    ['0.5', '0.55'],
    ['-0.55', '-0.5'],
    ['20240102030405678', '20240102030405679'],
    ['9007199254740992', '9007199254740993'],
    ['9'.repeat(127), `1${'0'.repeat(127)}`],
  ])('%s is lower than %s', (lower, higher) => {
    expect(compare(lower, higher)).toBe(-1);
    expect(compare(higher, lower)).toBe(1);
  });

  it.each([
    ['7', '007'],
    ['7', '7.0'],
    ['7.50', '7.5'],
    ['-0', '0'],
    ['0.0', '00'],
    ['-0.0', '0'],
  ])('%s and %s are the same number', (a, b) => {
    expect(compare(a, b)).toBe(0);
  });

  it('orders whole numbers as BigInt does', () => {
    const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(compare(String(a), String(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it('orders hundredths as their whole number of hundredths', () => {
    const hundredths = fc.integer({ min: -2000, max: 2000 });
    const write = (count: number) =>
      `${count < 0 ? '-' : ''}${Math.trunc(Math.abs(count) / 100)}.${String(Math.abs(count) % 100).padStart(2, '0')}`;
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        expect(compare(write(a), write(b))).toBe(Math.sign(a - b));
      }),
    );
  });
});

describe('parseDecimal', () => {
  it.each(['', '-', '.5', '5.', '1e5', '0x10', '1_000', '1.2.3', 'NaN', 'Infinity', '+1', ' 1', '١'])(
    'refuses %j',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );
});
