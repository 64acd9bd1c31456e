/** One kind of tag policy: how it is written in `drydock.yaml`, and what it means. */

import * as z from 'zod';
import { TagFilter } from './filter.ts';
import type { Picker } from './picker.ts';

/** Add a kind: a file that exports one of these, and a line in the registry. */
export interface PolicyKind<S extends z.ZodType> {
  /** An object with a literal `type`. */
  readonly schema: S;
  // A method, so that the registry may hold kinds of different policies: each is only given its own.
  compile(policy: z.output<S>): Picker;
}

/** Settings that every policy with an order has. */
export const sharedSettings = {
  filter: TagFilter.optional().meta({
    description: 'Which tags the policy sees at all, and which part of them it compares.',
  }),
  allowDowngrade: z.boolean().default(false).meta({
    description: 'Let an event or a sweep move a workload to a tag that ranks below the one that runs.',
  }),
};

/** Which end of the order is the newest: `asc` the last, `desc` the first. */
export const OrderDirection = z
  .enum(['asc', 'desc'], { error: 'write "asc" or "desc"' })
  .default('asc')
  .meta({ description: 'Which end of the order is the newest: asc the last, desc the first.' });

/** Turn an order around for `desc`. */
export const directed =
  <V>(direction: 'asc' | 'desc', compare: (a: V, b: V) => number) =>
  (a: V, b: V): number =>
    direction === 'asc' ? compare(a, b) : compare(b, a);
