import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../functions/deployment/policies/range-check.ts';
import { parseVersion } from '../../../functions/deployment/policies/version.ts';
import { parseRange, rangeLimits } from '../../../functions/deployment/policies/version-range.ts';

const takes = (range: string, version: string, options?: { includePrerelease: boolean }): boolean => {
  const parsed = parseRange(range);
  const read = parseVersion(version);
  if (!parsed.ok || !read) throw new Error(`${range} and ${version} should both be readable`);
  return isInRange(parsed.range, read, options);
};

/** Range, versions it takes, versions it refuses. */
type Row = [range: string, inside: string, outside: string];

const wildcards: Row[] = [
  ['*', '0.0.0 1.2.3 99.0.0', '1.2.3-rc.1'],
  ['x', '1.2.3', '1.2.3-rc.1'],
  ['^*', '0.0.0 1.2.3', '1.2.3-rc.1'],
  ['~*', '0.0.0 1.2.3', '1.2.3-rc.1'],
  ['<=*', '0.0.0 1.2.3', '1.2.3-rc.1'],
  ['>=*', '0.0.0 1.2.3', '1.2.3-rc.1'],
  ['>*', '0.0.1', '0.0.0'],
  ['!=*', '0.0.1', '0.0.0'],
  ['1', '1.0.0 1.9.9', '0.9.9 2.0.0'],
  ['1.x', '1.0.0 1.9.9', '0.9.9 2.0.0'],
  ['1.X.3', '1.0.0 1.9.9', '0.9.9 2.0.0'],
  ['=1.2', '1.2.0 1.2.9', '1.1.9 1.3.0'],
  ['1.2.*', '1.2.0 1.2.9', '1.1.9 1.3.0'],
  ['0.0.x', '0.0.0 0.0.9', '0.1.0 1.2.3'],
];

const comparisons: Row[] = [
  ['=1.2.3', '1.2.3', '1.2.2 1.2.4 1.2.3-rc.1'],
  ['v1.2.3', '1.2.3', '1.2.4'],
  ['!=1.2.3', '1.2.2 1.2.4', '1.2.3 2.0.0-rc.1'],
  ['!=1', '0.9.0 2.0.0', '1.0.0 1.9.9'],
  ['!=1.2', '1.1.9 1.3.0', '1.2.0 1.2.9'],
  ['!=4.1-alpha', '4.1.0 4.2.0 4.1.0-beta', '4.1.0-alpha 4.1.1-alpha'],
  ['>1.2.3', '1.2.4 2.0.0', '1.2.3 1.0.0'],
  ['>11', '12.0.0', '11.1.0 11.0.0'],
  ['>11.1', '11.2.0 12.0.0', '11.1.1 11.0.0'],
  ['>=1.2', '1.2.0 9.0.0', '1.1.9'],
  ['=>1.2', '1.2.0', '1.1.9'],
  ['<1.2', '1.1.9', '1.2.0 1.2.5'],
  ['<=11', '11.2.3', '12.0.0'],
  ['<=11.1', '11.1.9 10.5.0', '11.2.0 12.0.0'],
  ['=<1.2.3', '1.2.3 1.2.2', '1.2.4'],
];

const tildesAndCarets: Row[] = [
  ['~1.2.3', '1.2.3 1.2.9', '1.2.2 1.3.0'],
  ['~>1.2', '1.2.0 1.2.9', '1.3.0'],
  ['~1', '1.0.0 1.9.9', '2.0.0'],
  ['~0.0.0', '0.0.0 5.6.7', '0.0.0-rc.1'],
  ['~0', '0.9.0', '1.0.0'],
  ['^1.2.3', '1.2.3 1.9.0', '1.2.2 2.0.0'],
  ['^1', '1.0.0 1.9.0', '2.0.0'],
  ['^0.2.3', '0.2.3 0.2.9', '0.2.2 0.3.0 1.0.0'],
  ['^0.2', '0.2.0 0.2.9', '0.3.0'],
  ['^0.0.3', '0.0.3', '0.0.2 0.0.4 0.1.3 1.0.3'],
  ['^0.0', '0.0.0 0.0.9', '0.1.0'],
  ['^0', '0.0.0 0.9.0', '1.0.0'],
];

const combinations: Row[] = [
  ['>1.1 <2', '1.2.1', '1.1.1 2.0.0'],
  ['>1.1,<2', '1.2.1', '2.0.0'],
  ['> 1.1 , < 2', '1.2.1', '2.0.0'],
  ['>=1.1, <2, !=1.2.3 || >3', '1.1.0 4.0.0', '1.2.3 2.5.0 3.5.0'],
  ['^1||^3', '1.5.0 3.5.0', '2.0.0'],
  ['1.1 - 2', '1.1.0 2.9.9', '1.0.9 3.0.0'],
  ['1.0.0 - 2.0.0', '1.0.0 2.0.0', '2.0.1'],
  ['1.0.0 - 2.0.0 !=1.5.0', '1.4.0', '1.5.0 2.0.1'],
  ['  ^1.2  ', '1.2.0', '2.0.0'],
];

const prereleases: Row[] = [
  ['^1.2.0', '1.3.0', '1.3.0-rc.1'],
  ['^1.2.0-0', '1.2.0-rc.1 1.3.0-rc.1 1.3.0', '2.0.0-rc.1 1.1.0'],
  ['^1.2.0-alpha.2', '1.2.1-alpha.1', '1.2.0-alpha.1'],
  ['^1.x-0', '1.1.0-rc.1', '2.0.0'],
  ['2.x-0', '2.0.0-rc.1 2.5.0', '3.0.0'],
  ['*-0', '1.2.3-rc.1', ''],
  ['>=1.0.0 <=2.0.0-beta', '1.0.1-beta 1.5.0', '2.0.0 2.0.0-rc.1'],
  ['>=1.0.0 || >=3.0.0-0', '1.5.0 3.0.0-rc.1', '1.5.0-rc.1'],
  ['~1.2.3-beta.2', '1.2.4-beta.1 1.2.3-beta.10', '1.2.3-beta.1 1.3.0-beta.2'],
];

describe('isInRange', () => {
  const rows = [...wildcards, ...comparisons, ...tildesAndCarets, ...combinations, ...prereleases];
  const words = (text: string) => text.split(' ').filter(Boolean);
  const inside = rows.flatMap(([range, versions]) => words(versions).map((version) => [range, version]));
  const outside = rows.flatMap(([range, , versions]) => words(versions).map((version) => [range, version]));

  it.each(inside)('range %s takes %s', (range = '', version = '') => {
    expect(takes(range, version)).toBe(true);
  });

  it.each(outside)('range %s refuses %s', (range = '', version = '') => {
    expect(takes(range, version)).toBe(false);
  });

  it('takes prereleases in every group when it is asked to', () => {
    expect(takes('>=1.1', '4.1.0-beta', { includePrerelease: true })).toBe(true);
    expect(takes('>=1.2.3', '1.2.3-beta.1', { includePrerelease: true })).toBe(false);
  });
});

describe('parseRange', () => {
  it.each([
    ['', 'a part of it is empty'],
    ['   ', 'a part of it is empty'],
    ['^1 ||', 'a part of it is empty'],
    ['foo', '"foo" is no comparison'],
    ['1x', '"1x" is no comparison'],
    ['x1', '"x1" is no comparison'],
    ['-1', '"-1" is no comparison'],
    ['*-*', '"*-*" is no comparison'],
    ['1.2.3.4', '"1.2.3.4" is no comparison'],
    ['>= bar', '">= bar" is no comparison'],
    ['1.2.3~ 1.2.3', '"1.2.3~ 1.2.3" is no comparison'],
    ['1.2.3-01', '"1.2.3-01" is no comparison'],
    ['>=1,', '">=1," is no comparison'],
    ['>=1 - 2', '">=1 - 2" is no comparison'],
    ['1 - >2', '"1 - >2" is no comparison'],
    ['>>1', '">>1" is no comparison'],
    ['1.2.', '"1.2." is no comparison'],
    ['>=18446744073709551616', '">=18446744073709551616" is no comparison'],
  ])('refuses %j, because %s', (range, reason) => {
    expect(parseRange(range)).toEqual({ ok: false, reason });
  });

  it('refuses a range longer than the limit before it looks at it', () => {
    const parsed = parseRange('1'.padEnd(rangeLimits.length + 1));
    expect(parsed).toEqual({ ok: false, reason: 'it is longer than 512 characters' });
    expect(parseRange('1'.padEnd(rangeLimits.length)).ok).toBe(true);
  });

  it('refuses more groups than the limit', () => {
    const groups = (count: number) => Array.from({ length: count }, () => '1').join('||');
    expect(parseRange(groups(rangeLimits.groups)).ok).toBe(true);
    expect(parseRange(groups(rangeLimits.groups + 1))).toMatchObject({ ok: false });
  });
});
