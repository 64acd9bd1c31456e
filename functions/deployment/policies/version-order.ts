/** Which of two versions is newer (semver.org, rule 11). */

import { type Comparison, comparePrereleases } from '../../rules/prerelease-order.ts';
import type { Version } from './version.ts';

/**
 * Order of two versions: numbers first, then a prerelease before its release, then identifier by identifier. Build
 * metadata does not count, so `1.2.3+a` and `1.2.3+b` rank the same.
 */
export const compareVersions = (a: Version, b: Version): Comparison =>
  compareNumbers(a.major, b.major) ||
  compareNumbers(a.minor, b.minor) ||
  compareNumbers(a.patch, b.patch) ||
  comparePrereleases(a.prerelease, b.prerelease);

const compareNumbers = (a: bigint, b: bigint): Comparison => (a < b ? -1 : a > b ? 1 : 0);
