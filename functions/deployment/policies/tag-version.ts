/** Versions in tags. */

import { type Reading, readAs, unreadable } from './reading.ts';
import { parseVersion, type Version } from './version.ts';

/**
 * Read a tag as a version: `v` in front, a missing patch and leading zeros (`2024.01.05`) are fine.
 *
 * At least `major.minor` must be there: a tag of digits alone is a build number, a date or an abbreviated commit, and
 * would outrank every release.
 */
export const readTagVersion = (key: string): Reading<Version> => {
  const version = parseVersion(key, 'coerce');
  if (!version) return unreadable('is no version');
  return version.precision >= 2
    ? readAs(version)
    : unreadable('is one number, and a version has at least two');
};
