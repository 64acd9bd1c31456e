/** Which tag may run: the one entry to the tag policies. Pure; the registry's own word on a tag comes later. */

import type * as z from 'zod';
import type { TagPolicy } from '../records/tag-policy.ts';
import type { Picker, TagPick, TagVerdict } from './policies/picker.ts';
import type { PolicyKind } from './policies/policy-kind.ts';
import { policyKinds } from './policies/registry.ts';

export type { TagPick, TagVerdict } from './policies/picker.ts';

/**
 * May this tag replace the running one?
 *
 * @param current the running tag; `undefined` when nothing runs or only a digest is known
 * @param candidate any text; what is no tag is refused with a reason
 */
export const decideTag = (policy: TagPolicy, current: string | undefined, candidate: string): TagVerdict =>
  pickerOf(policy).decide(current, candidate);

/**
 * The tag that should run, of all the registry has: the highest that the policy allows, which may be the running one.
 *
 * The answer does not depend on the order of `tags`. Linear in their number.
 */
export const pickTag = (policy: TagPolicy, current: string | undefined, tags: readonly string[]): TagPick =>
  pickerOf(policy).pick(current, tags);

/**
 * Total order of any two tags under a policy, lowest first; what the policy cannot read comes before what it can.
 * The result suits `Array.prototype.sort`.
 */
export const orderTags = (policy: TagPolicy, a: string, b: string): number => pickerOf(policy).order(a, b);

const kinds = new Map<string, Pick<PolicyKind<z.ZodType<TagPolicy>>, 'compile'>>(
  policyKinds.map((kind) => [kind.schema.shape.type.value, kind]),
);

// Compiling a pattern costs more than judging a tag; a policy object is read once and never changed.
const pickers = new WeakMap<TagPolicy, Picker>();

const pickerOf = (policy: TagPolicy): Picker => {
  const known = pickers.get(policy);
  if (known) return known;
  const kind = kinds.get(policy.type);
  if (!kind) throw new TypeError(`there is no tag policy of type ${policy.type}`);
  const picker = kind.compile(policy);
  pickers.set(policy, picker);
  return picker;
};
