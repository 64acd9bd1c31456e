/** `type: alphabetical`: the last tag in byte order. */

import * as z from 'zod';
import { compareBytes } from '../../rules/prerelease-order.ts';
import { createPicker } from './picker.ts';
import { directed, OrderDirection, type PolicyKind, sharedSettings } from './policy-kind.ts';
import { readAs } from './reading.ts';

const schema = z.strictObject({
  type: z
    .literal('alphabetical')
    .meta({ description: 'The last tag in byte order, such as dates of fixed width.' }),
  order: OrderDirection,
  ...sharedSettings,
});

/**
 * - Candidates: every tag that passes the filter.
 * - Order: by byte, so `10` comes before `9` and `B` before `a`; right for `RELEASE.2024-01-05` and other dates written
 *   with fixed width. `desc` takes the first.
 * - Prereleases: have no meaning here; `1.0-rc1` comes behind `1.0`.
 * - Ties: only an extract can make two tags the same; then the last tag in byte order wins, in either direction.
 */
export const alphabetical: PolicyKind<typeof schema> = {
  schema,
  compile: (policy) =>
    createPicker(policy, { read: readAs<string>, compare: directed(policy.order, compareBytes) }),
};
