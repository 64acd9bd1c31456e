/** Is a version inside a range? The rules are those of Masterminds/semver v3 (its README, "Checking Version Constraints"). */

import { comparePrereleases } from '../../rules/prerelease-order.ts';
import type { Version } from './version.ts';
import { compareVersions } from './version-order.ts';
import type { RangeOperator, RangeTerm, VersionRange } from './version-range.ts';

/**
 * Does the version meet one of the range's groups?
 *
 * A prerelease is looked at only in a group that names one itself, in any of its terms and for any version:
 * `^1.2.0-0` takes `1.3.0-rc.1`, `^1.2.0` does not.
 *
 * @param includePrerelease look at prereleases in every group
 */
export const isInRange = (
  range: VersionRange,
  version: Version,
  { includePrerelease = false }: { includePrerelease?: boolean } = {},
): boolean =>
  range.some(
    ({ terms, includesPrerelease }) =>
      (version.prerelease.length === 0 || includePrerelease || includesPrerelease) &&
      terms.every((term) => checks[term.operator](version, term)),
  );

type Check = (version: Version, term: RangeTerm) => boolean;

const isAtLeast: Check = (version, { base }) => compareVersions(version, base) >= 0;

const hasSameMajor: Check = (version, { base }) => version.major === base.major;

const hasSameMinor: Check = (version, { base }) =>
  version.major === base.major && version.minor === base.minor;

/** `~1.2.3` and `~1.2` keep the minor, `~1` keeps the major; `*` and `~0.0.0` take everything from there on. */
const isTilde: Check = (version, term) => {
  const { base, precision } = term;
  if (!isAtLeast(version, term)) return false;
  const isZero = base.major === 0n && base.minor === 0n && base.patch === 0n;
  if (isZero && (precision === 0 || precision === 3)) return true;
  return precision === 1 ? hasSameMajor(version, term) : hasSameMinor(version, term);
};

/** `^1.2.3` keeps the leftmost number that is not zero, of those that were written. */
const isCaret: Check = (version, term) => {
  const { base, precision } = term;
  if (!isAtLeast(version, term)) return false;
  if (precision === 0) return true;
  if (base.major > 0n || precision === 1) return hasSameMajor(version, term);
  if (base.minor > 0n || precision === 2) return hasSameMinor(version, term);
  return hasSameMinor(version, term) && version.patch === base.patch;
};

/** A partial version is a wildcard: `!=1` leaves out all of 1, `!=1.2-rc` every 1.2 with exactly that prerelease. */
const isOther: Check = (version, term) => {
  if (term.precision === 1) return !hasSameMajor(version, term);
  if (term.precision === 2)
    return !hasSameMinor(version, term) || comparePrereleases(version.prerelease, term.base.prerelease) !== 0;
  return compareVersions(version, term.base) !== 0;
};

/** A partial version is a wildcard: `>11` means from 12 on, `>11.1` from 11.2 on. */
const isAbove: Check = (version, term) => {
  const { base, precision } = term;
  if (precision === 1) return version.major > base.major;
  if (precision === 2)
    return version.major > base.major || (version.major === base.major && version.minor > base.minor);
  return compareVersions(version, base) > 0;
};

/** A partial version is a wildcard: `<=11` takes 11.2.3, `<=11.1` takes 11.1.9. */
const isAtMost: Check = (version, term) => {
  const { base, precision } = term;
  if (precision === 0) return true;
  if (precision === 1) return version.major <= base.major;
  if (precision === 2)
    return version.major < base.major || (version.major === base.major && version.minor <= base.minor);
  return compareVersions(version, base) <= 0;
};

const checks: Readonly<Record<RangeOperator, Check>> = {
  '=': (version, term) =>
    term.precision < 3 ? isTilde(version, term) : compareVersions(version, term.base) === 0,
  '!=': isOther,
  '>': isAbove,
  '>=': isAtLeast,
  '<': (version, { base }) => compareVersions(version, base) < 0,
  '<=': isAtMost,
  '~': isTilde,
  '^': isCaret,
};
