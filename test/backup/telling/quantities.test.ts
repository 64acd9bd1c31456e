import { describe, expect, it } from 'vitest';
import { sayDuration, sayGrowth } from '../../../functions/backup/telling/quantities.ts';
import { saySize } from '../../../functions/backup/verify/rules/rule.ts';

const MINUTE = 60_000;

describe('a duration', () => {
  it.each<[number, string]>([
    [0, '0 s'],
    [45_400, '45 s'],
    [59_600, '1 min'],
    [MINUTE, '1 min'],
    [59.4 * MINUTE, '59 min'],
    [59.6 * MINUTE, '1 h'],
    [112 * MINUTE, '1 h 52 min'],
    [26 * 60 * MINUTE, '26 h'],
    [(71 * 60 + 59) * MINUTE, '71 h 59 min'],
    [72 * 60 * MINUTE, '3 days'],
    [200 * 24 * 60 * MINUTE, '200 days'],
  ])('of %d ms is told as %s', (ms, text) => {
    expect(sayDuration(ms)).toBe(text);
  });
});

describe('growth', () => {
  it.each<[number, number, string]>([
    [104e9, 100e9, '4.00 GB (4.0 %) more than the one before'],
    [50e9, 100e9, '50.0 GB (50 %) less than the one before'],
    [100e9 + 1e6, 100e9, '1.00 MB (under 0.1 %) more than the one before'],
    [100e9, 100e9, 'as much as the one before'],
    [5000, 0, '5.00 kB more than the one before'],
    [0, 5000, '5.00 kB (100 %) less than the one before'],
    [4e12, 2e12, '2.00 TB (100 %) more than the one before'],
  ])('from the second to the first: %d, %d is %s', (size, before, text) => {
    expect(sayGrowth(size, before)).toBe(text);
  });
});

describe('a size', () => {
  it.each<[number, string]>([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.00 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [2_000_000_000_000, '2.00 TB'],
    [1_200_000_000_000_000, '1.20 PB'],
  ])('of %d is told as %s', (bytes, text) => {
    expect(saySize(bytes)).toBe(text);
  });
});
