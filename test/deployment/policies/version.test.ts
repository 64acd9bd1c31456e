import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatVersion,
  parseVersion,
  type Version,
  type VersionMode,
} from '../../../functions/deployment/policies/version.ts';
import { compareVersions } from '../../../functions/deployment/policies/version-order.ts';

const read = (text: string): Version => {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} should be a version`);
  return version;
};

describe('parseVersion', () => {
  it.each<[mode: VersionMode, text: string, canonical: string]>([
    ['strict', '1.2.3', '1.2.3'],
    ['strict', '0.0.0', '0.0.0'],
    ['strict', '1.2.3-rc.1+build.5', '1.2.3-rc.1+build.5'],
    ['strict', '1.2.3-0abc', '1.2.3-0abc'],
    ['coerce', 'v1.2.3', '1.2.3'],
    ['coerce', '1', '1.0.0'],
    ['coerce', 'v1.2', '1.2.0'],
    ['coerce', '1.2-5', '1.2.0-5'],
    ['coerce', '2024.01.05', '2024.1.5'],
    ['coerce', '1.2.3-alpha.-1', '1.2.3-alpha.-1'],
    ['coerce', '18446744073709551615.0.0', '18446744073709551615.0.0'],
    ['coerce', '20240102030405678.0.1', '20240102030405678.0.1'],
    ['noCoerceZeros', 'v1.2', '1.2.0'],
    ['noCoerceZeros', '0.1.0', '0.1.0'],
  ])('%s reads %s as %s', (mode, text, canonical) => {
    const version = parseVersion(text, mode);
    expect(version && formatVersion(version)).toBe(canonical);
  });

  it.each<[mode: VersionMode, text: string, why: string]>([
    ['strict', 'v1.2.3', 'it has a prefix'],
    ['strict', '1.2', 'a part is missing'],
    ['strict', '1.02.3', 'a number has a leading zero'],
    ['noCoerceZeros', '01.2.3', 'a number has a leading zero'],
    ['noCoerceZeros', '1.2.03', 'a number has a leading zero'],
    ['coerce', '', 'it is empty'],
    ['coerce', 'latest', 'it has no number'],
    ['coerce', 'V1.2.3', 'the prefix is a small v'],
    ['coerce', '1.2.3.4', 'there are four numbers'],
    ['coerce', '1.2.beta', 'a letter stands where a number must'],
    ['coerce', '1.2.3-', 'the prerelease is empty'],
    ['coerce', '1.2.3-a..b', 'an identifier is empty'],
    ['coerce', '1.2.3-alpha.01', 'a numeric identifier has a leading zero'],
    ['coerce', '1.2.3-alpha_beta', 'an underscore is not allowed'],
    ['coerce', '1.2.3+a+b', 'there are two build texts'],
    ['coerce', '1.2.3+.a', 'a build identifier is empty'],
    ['coerce', '\n1.2.3', 'it starts with a line break'],
    ['coerce', '18446744073709551616.0.0', 'a number is over 64 bits'],
  ])('%s refuses %j, since %s', (mode, text) => {
    expect(parseVersion(text, mode)).toBeUndefined();
  });

  it('says how many numbers were written', () => {
    expect(['1', '1.2', '1.2.3-rc.1'].map((text) => read(text).precision)).toEqual([1, 2, 3]);
  });
});

describe('compareVersions', () => {
  it.each([
    ['1.2.3', '1.2.4'],
    ['1.9.0', '1.10.0'],
    ['1.99.99', '2.0.0'],
    ['1.0.0-alpha', '1.0.0'],
    ['1.0.0-alpha', '1.0.0-alpha.1'],
    ['1.0.0-alpha.1', '1.0.0-alpha.beta'],
    ['1.0.0-alpha.beta', '1.0.0-beta'],
    ['1.0.0-beta.2', '1.0.0-beta.11'],
    ['1.0.0-beta.9007199254740992', '1.0.0-beta.9007199254740993'],
    ['1.0.0-rc.99999999999999999998', '1.0.0-rc.99999999999999999999'],
    ['1.0.0-beta.4', '1.0.0-beta.-2'],
    ['1.0.0-Beta', '1.0.0-alpha'],
  ])('%s is older than %s', (older, newer) => {
    expect(Math.sign(compareVersions(read(older), read(newer)))).toBe(-1);
    expect(Math.sign(compareVersions(read(newer), read(older)))).toBe(1);
  });

  it.each([
    ['1.2', 'v1.2.0'],
    ['2024.1.5', '2024.01.05'],
    ['1.2.3+a', '1.2.3+b'],
    ['1.2.3-rc.1+a', '1.2.3-rc.1'],
  ])('%s and %s are the same version', (a, b) => {
    expect(compareVersions(read(a), read(b))).toBe(0);
  });

  it('is a total order: antisymmetric, transitive, and equal only for the same version', () => {
    const identifier = fc.oneof(
      fc.nat(12).map(String),
      fc.stringMatching(/^[a-c-]{1,2}$/),
      fc.constantFrom('0a', '-1', '99999999999999999999'),
    );
    const version = fc
      .tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.array(identifier, { maxLength: 3 }))
      .map(([major, minor, patch, words]) =>
        read(`${major}.${minor}.${patch}${words.length > 0 ? `-${words.join('.')}` : ''}`),
      );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          compareVersions(a, b),
          compareVersions(b, a),
          compareVersions(b, c),
          compareVersions(a, c),
        ].map(Math.sign);
        expect(ab === -(ba ?? 0) || (ab === 0 && ba === 0)).toBe(true);
        expect(ab === 0).toBe(formatVersion(a) === formatVersion(b));
        expect((ab ?? 0) > 0 || (bc ?? 0) > 0 || (ac ?? 1) <= 0).toBe(true);
      }),
    );
  });
});
