import type * as z from 'zod';
import type { Member } from './member.ts';

/**
 * What a walk keeps of the members it meets, in the order in which they stand. Parts of the archive are walked at
 * once, each with a value of its own, so for any cut of the members in two: `merge` of both halves is the whole.
 * The value is written down between two Lambdas: keep it small, and free of anything that JSON loses.
 */
export interface MemberFold<T> {
  /** The value before any member; asked for anew for each part, so that parts never share one. */
  initial(): T;
  /** The value with one more member; must not change `value`. */
  add(value: T, member: Member): T;
  /** The value of `before` and, right behind it, `after`. */
  merge(before: T, after: T): T;
  /** Reads the value back from JSON. */
  readonly schema: z.ZodType<T>;
}
