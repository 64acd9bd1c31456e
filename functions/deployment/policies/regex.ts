/** `type: regex`: tags that match a regular expression, in the order of a part of them. */

import * as z from 'zod';
import { compareBytes } from '../../rules/prerelease-order.ts';
import { checkExtract, compileExtract, ExtractText, PatternText } from './filter.ts';
import { createPicker } from './picker.ts';
import { directed, OrderDirection, type PolicyKind, sharedSettings } from './policy-kind.ts';

const schema = z
  .strictObject({
    type: z.literal('regex').meta({ description: 'Tags that match a pattern, in byte order.' }),
    pattern: PatternText.meta({ description: 'RE2 syntax, not anchored.' }),
    extract: ExtractText.optional().meta({
      description: 'What is compared instead of the tag: $1, $name or ${name}.',
    }),
    order: OrderDirection,
    ...sharedSettings,
  })
  .superRefine(checkExtract);

/**
 * - Candidates: tags that match the pattern, anywhere unless it is anchored.
 * - Order: of the extract, or of the whole tag, by byte; for numbers or versions use that policy with a filter. `desc`
 *   takes the first.
 * - Prereleases: have no meaning here.
 * - Ties: two tags with one extract are ordered by byte, the last wins, in either direction.
 */
export const regex: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) =>
    createPicker(policy, { read: compileExtract(policy), compare: directed(policy.order, compareBytes) }),
};
