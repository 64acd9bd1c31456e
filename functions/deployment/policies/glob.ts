/** `type: glob`: tags that look like a pattern with `*` and `?`, the last in byte order. */

import * as z from 'zod';
import { compareBytes } from '../../rules/prerelease-order.ts';
import { maxTagLength } from './candidate.ts';
import { compileExtract } from './filter.ts';
import { createPicker } from './picker.ts';
import { directed, OrderDirection, type PolicyKind, sharedSettings } from './policy-kind.ts';

const GlobText = z
  .string()
  .max(maxTagLength)
  .regex(/^[\w.*?-]+$/, {
    error:
      'not a glob: "*" stands for any text and "?" for one character; otherwise write what a tag may hold: ' +
      'letters, digits, "_", "." and "-"',
  });

const schema = z.strictObject({
  type: z.literal('glob').meta({ description: 'Tags whose whole text looks like a pattern, in byte order.' }),
  pattern: GlobText.meta({ description: 'Matches the whole tag: * is any text, ? is one character.' }),
  order: OrderDirection,
  ...sharedSettings,
});

/**
 * - Candidates: tags of which the whole text looks like the pattern; `*` is any text, also none, `?` is one character.
 * - Order: by byte, as with alphabetical. `desc` takes the first.
 * - Prereleases: have no meaning here.
 * - Ties: only an extract can make two tags the same; then the last tag in byte order wins.
 */
export const glob: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) =>
    createPicker(policy, {
      read: compileExtract({ pattern: globToPattern(policy.pattern) }),
      compare: directed(policy.order, compareBytes),
    }),
};

/** The regular expression that says the same as a glob. */
export const globToPattern = (glob: string): string =>
  `^${glob.replace(/[.-]/g, String.raw`\$&`).replace(/\*+/g, '.*').replaceAll('?', '.')}$`;
