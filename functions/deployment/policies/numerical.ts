/** `type: numerical`: the highest number. */

import * as z from 'zod';
import { compareDecimals, parseDecimal } from './decimal.ts';
import { createPicker } from './picker.ts';
import { directed, OrderDirection, type PolicyKind, sharedSettings } from './policy-kind.ts';
import { readAs, unreadable } from './reading.ts';

const schema = z.strictObject({
  type: z.literal('numerical').meta({ description: 'The highest number.' }),
  order: OrderDirection,
  ...sharedSettings,
});

/**
 * - Candidates: tags, or extracts of them, that are decimal numbers; others are skipped and reported, they do not fail
 *   the policy.
 * - Order: by value, exact at any length. `desc` takes the lowest.
 * - Prereleases: have no meaning here.
 * - Ties: `7`, `07` and `7.0` are one number; the last in byte order wins, in either direction.
 */
export const numerical: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) =>
    createPicker(policy, {
      read: (key) => {
        const decimal = parseDecimal(key);
        return decimal
          ? readAs(decimal)
          : unreadable('is no number; a filter with an extract can cut one out');
      },
      compare: directed(policy.order, compareDecimals),
    }),
};
