/** `type: semver`: the highest version inside a range. */

import * as z from 'zod';
import { createPicker } from './picker.ts';
import { type PolicyKind, sharedSettings } from './policy-kind.ts';
import { isInRange } from './range-check.ts';
import { readTagVersion } from './tag-version.ts';
import { compareVersions } from './version-order.ts';
import { parseRange, type VersionRange } from './version-range.ts';

const RangeText = z.string().superRefine((text, context) => {
  const parsed = parseRange(text);
  if (!parsed.ok)
    context.addIssue(
      `not a version range: ${parsed.reason}. Write for example "^1.2", "~1.2.3", ">=1.2 <2", "1.x", "1.2 - 2.3" or ` +
        '"^1 || ^3"; add "-0" to a part ("^1.2-0") to take prereleases',
    );
});

const schema = z.strictObject({
  type: z.literal('semver').meta({ description: 'The highest version inside a range.' }),
  range: RangeText.meta({
    description: 'A range with the meaning of Masterminds/semver v3, as Flux and Helm have it.',
    examples: ['^1.2.0', '>=1.2 <2', '^1-0'],
  }),
  ...sharedSettings,
});

/**
 * - Candidates: versions (see `readTagVersion`) inside the range. The range is absolute: the running tag need not be in
 *   it, nor be a version.
 * - Order: by version; build metadata cannot occur in a tag.
 * - Prereleases: only in a `||` group of which a part names one, then in the whole group.
 * - Ties: `1.2`, `1.2.0` and `v1.2.0` are one version; the last in byte order wins (`v1.2.0`).
 */
export const semver: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) => {
    const range = requireRange(policy.range);
    return createPicker(policy, {
      read: readTagVersion,
      compare: compareVersions,
      refuse: (version) => {
        if (isInRange(range, version)) return undefined;
        return isInRange(range, version, { includePrerelease: true })
          ? `is a prerelease, and ${policy.range} takes none ("-0" behind a version in it would)`
          : `is outside ${policy.range}`;
      },
    });
  },
};

const requireRange = (text: string): VersionRange => {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new TypeError(`range ${text} was not validated: ${parsed.reason}`);
  return parsed.range;
};
