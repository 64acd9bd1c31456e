/** Decimal numbers of any length, compared exactly: a 17-digit timestamp does not fit a double. */

import { compareBytes } from '../../rules/prerelease-order.ts';

/** A number as text, without what does not count: `-007.50` is negative, `7`, `5`. */
export interface Decimal {
  readonly isNegative: boolean;
  /** Digits before the point, without leading zeros; empty for zero. */
  readonly whole: string;
  /** Digits behind the point, without trailing zeros. */
  readonly fraction: string;
}

const shape = /^(-?)0*(\d*)(?:\.(\d+))?$/;

/** Read `12`, `-3` or `1.50`; `undefined` for anything else, exponents and `0x` included. */
export const parseDecimal = (text: string): Decimal | undefined => {
  const match = shape.exec(text);
  // The whole part may be all zeros, which the shape takes as leading ones, but it may not be missing.
  if (!match || !/^-?\d/.test(text)) return undefined;
  const [, sign = '', whole = '', digits = ''] = match;
  const fraction = trimZeros(digits);
  return { isNegative: sign !== '' && whole + fraction !== '', whole, fraction };
};

/** Order of two decimals: less than zero when `a` is lower. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  if (a.isNegative !== b.isNegative) return a.isNegative ? -1 : 1;
  return a.isNegative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
};

const compareMagnitudes = (a: Decimal, b: Decimal): number =>
  a.whole.length - b.whole.length ||
  compareBytes(a.whole, b.whole) ||
  // Without trailing zeros the order of the digits is the order of the values.
  compareBytes(a.fraction, b.fraction);

const trimZeros = (digits: string): string => {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
};
