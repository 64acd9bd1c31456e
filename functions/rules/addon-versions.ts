import { compareBytes, comparePrereleases } from './prerelease-order.ts';

/**
 * Versions of EKS add-ons: `v1.19.2-eksbuild.3`, a semantic version with the number of the EKS build behind it. The
 * order in which EKS lists them is not documented, so we sort by ourselves.
 */

interface AddonVersion {
  readonly numbers: readonly [number, number, number];
  /** Identifiers after the hyphen, without the build: `rc.1`. Empty for a release. */
  readonly prerelease: readonly string[];
  readonly build: number;
}

const SHAPE = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-+](.+))?$/;
const BUILD = /(?:^|-)eksbuild\.(\d{1,9})$/;

const read = (text: string): AddonVersion | undefined => {
  const [, major, minor, patch = '0', rest = ''] = SHAPE.exec(text) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const build = BUILD.exec(rest)?.[1];
  const prerelease = rest.replace(BUILD, '');
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === '' ? [] : prerelease.split('.'),
    build: Number(build ?? 0),
  };
};

/**
 * Which of two versions of one add-on is the later: negative, zero or positive, for sorting from the oldest. Semantic
 * version first (semver.org, rule 11), then the EKS build as a number: build 10 is later than build 9. A text that is
 * no version comes before every version.
 */
export const compareAddonVersions = (a: string, b: string): number => {
  const [left, right] = [read(a), read(b)];
  if (!left || !right) return Number(left !== undefined) - Number(right !== undefined) || compareBytes(a, b);
  for (const index of [0, 1, 2] as const) {
    const order = left.numbers[index] - right.numbers[index];
    if (order !== 0) return order;
  }
  return comparePrereleases(left.prerelease, right.prerelease) || left.build - right.build;
};
