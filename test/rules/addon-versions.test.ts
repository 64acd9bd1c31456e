import { array, assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAddonVersions } from '../../functions/rules/addon-versions.ts';

describe('versions of add-ons', () => {
  it.each([
    ['v1.21.1-eksbuild.9', 'v1.21.1-eksbuild.10'],
    ['v1.9.0-eksbuild.1', 'v1.48.0-eksbuild.1'],
    ['v1.48.9-eksbuild.9', 'v1.48.10-eksbuild.1'],
    ['v1.48.0-eksbuild.9', 'v2.0.0-eksbuild.1'],
    ['v1.2.3-rc.1-eksbuild.9', 'v1.2.3-eksbuild.1'],
    ['v1.2.3-rc.2-eksbuild.1', 'v1.2.3-rc.10-eksbuild.1'],
    ['v1.2.3-rc.2', 'v1.2.3-rc.2.1'],
    ['v1.2.3-1', 'v1.2.3-rc'],
    ['v1.2.3-alpha', 'v1.2.3-beta'],
    ['v1.2.3', 'v1.2.3-eksbuild.1'],
    ['1.2.3', 'v1.2.4'],
    ['v1.2', 'v1.2.1'],
    ['latest', 'v0.0.1-eksbuild.1'],
  ])('%s is older than %s', (older, newer) => {
    expect(Math.sign(compareAddonVersions(older, newer))).toBe(-1);
    expect(Math.sign(compareAddonVersions(newer, older))).toBe(1);
  });

  it.each([
    ['v1.2.3-eksbuild.1', 'v1.2.3-eksbuild.1'],
    ['1.2.3-eksbuild.1', 'v1.2.3-eksbuild.1'],
    ['v1.2', 'v1.2.0'],
  ])('%s ranks as %s', (a, b) => {
    expect(compareAddonVersions(a, b)).toBe(0);
  });

  it('are in one order, wherever sorting begins', () => {
    const version = tuple(nat(3), nat(3), nat(3), constantFrom('', '-rc', '-rc.1', '-2'), nat(12)).map(
      ([major, minor, patch, rest, build]) => `v${major}.${minor}.${patch}${rest}-eksbuild.${build}`,
    );
    assert(
      property(array(version, { minLength: 2, maxLength: 12 }), (versions) => {
        const sorted = versions.toSorted(compareAddonVersions);
        expect(versions.toReversed().toSorted(compareAddonVersions)).toEqual(sorted);
        for (const [index, each] of sorted.entries()) {
          for (const later of sorted.slice(index))
            expect(compareAddonVersions(each, later)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});
