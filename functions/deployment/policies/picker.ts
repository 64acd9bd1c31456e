/** What all policies share: judge one candidate, pick from a list, and order tags, around the rules of one kind. */

import { compareBytes } from '../../rules/prerelease-order.ts';
import { refuseTag } from './candidate.ts';
import { compileFilter, type TagFilter } from './filter.ts';
import { type Reading, readAs, unreadable } from './reading.ts';

/** What runs, as far as the policy can tell. */
export interface Running<V> {
  /** Absent: nothing runs, or nobody knows what. */
  readonly tag: string | undefined;
  /** Absent: there is no tag, or the policy cannot read it. */
  readonly value: V | undefined;
}

/** The rules of one kind of policy. Reasons complete the sentence "this tag ...". */
export interface PolicyRules<V> {
  /** Read what the filter made of a tag. */
  read(key: string): Reading<V>;
  /** Less than zero when `a` ranks below `b`. */
  compare(a: V, b: V): number;
  /** Why a tag that can be read may still not run; `undefined` when it may. */
  refuse?(candidate: V, running: Running<V>): string | undefined;
  /** The tag that runs is a candidate again, because its image may have changed. */
  readonly followsOneTag?: boolean;
}

/** A verdict on one candidate; `reason` is a sentence for the record of decisions. */
export type TagVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface TagPick {
  /** The tag that should run, which may be the one that does; absent when no candidate may. */
  readonly tag?: string;
  /** Tags that were left out and why: the first {@link maxReportedSkips} of {@link skippedCount}. */
  readonly skipped: readonly { readonly tag: string; readonly reason: string }[];
  readonly skippedCount: number;
}

/** A policy ready to use. */
export interface Picker {
  decide(current: string | undefined, candidate: string): TagVerdict;
  pick(current: string | undefined, tags: readonly string[]): TagPick;
  order(a: string, b: string): number;
}

/** A registry may hold 100,000 tags; a record of decisions needs a few examples. */
export const maxReportedSkips = 100;

/**
 * Put the shared rules around those of one kind.
 *
 * - What cannot be a tag, belongs to a signature, or does not pass the filter is never a candidate.
 * - Order: the kind's own; tags that rank the same are ordered by byte, so there is always one highest.
 * - Down: a candidate below the running tag is refused unless `allowDowngrade`. When the policy cannot read the
 *   running tag there is nothing to be below of.
 */
export const createPicker = <V>(
  { filter, allowDowngrade }: { filter?: TagFilter | undefined; allowDowngrade: boolean },
  rules: PolicyRules<V>,
): Picker => {
  const extract = compileFilter(filter);
  const read = (tag: string): Reading<V> => {
    const refusal = refuseTag(tag);
    if (refusal !== undefined) return unreadable(refusal);
    const key = extract(tag);
    return key.ok ? rules.read(key.value) : key;
  };
  const readRunning = (tag: string | undefined): Running<V> => {
    const reading = tag === undefined ? undefined : read(tag);
    return { tag, value: reading?.ok ? reading.value : undefined };
  };

  const compare = (a: V, aTag: string, b: V, bTag: string): number =>
    rules.compare(a, b) || compareBytes(aTag, bTag);

  const judge = (tag: string, running: Running<V>): Reading<V> => {
    const reading = read(tag);
    if (!reading.ok) return reading;
    const refusal = rules.refuse?.(reading.value, running);
    if (refusal !== undefined) return unreadable(refusal);
    const isBelow =
      running.tag !== undefined &&
      running.value !== undefined &&
      compare(reading.value, tag, running.value, running.tag) < 0;
    return isBelow && !allowDowngrade
      ? unreadable(`ranks below ${quote(running.tag)}, which runs; "allowDowngrade: true" would let it`)
      : readAs(reading.value);
  };

  return {
    decide: (current, candidate) => {
      const judged = judge(candidate, readRunning(current));
      if (!judged.ok) return { ok: false, reason: `${quote(candidate)} ${judged.reason}` };
      return candidate === current && !rules.followsOneTag
        ? {
            ok: false,
            reason: `${quote(candidate)} runs already; only a digest policy follows a tag that moves`,
          }
        : { ok: true };
    },
    pick: (current, tags) => {
      const running = readRunning(current);
      const skipped: { tag: string; reason: string }[] = [];
      let skippedCount = 0;
      let best: { tag: string; value: V } | undefined;
      for (const tag of tags) {
        const judged = judge(tag, running);
        if (judged.ok) {
          if (!best || compare(judged.value, tag, best.value, best.tag) > 0)
            best = { tag, value: judged.value };
        } else if (++skippedCount <= maxReportedSkips) {
          skipped.push({ tag: shorten(tag), reason: `${quote(tag)} ${judged.reason}` });
        }
      }
      return { ...(best && { tag: best.tag }), skipped, skippedCount };
    },
    order: (a, b) => {
      const [first, second] = [read(a), read(b)];
      if (first.ok && second.ok) return compare(first.value, a, second.value, b);
      // What the policy cannot read comes first, so it is never the highest of a list with something better.
      return Number(first.ok) - Number(second.ok) || compareBytes(a, b);
    },
  };
};

// Anybody who may push names a tag: keep a record of decisions readable whatever they send.
const shorten = (tag: string): string => (tag.length > 128 ? `${tag.slice(0, 127)}…` : tag);

const quote = (tag = ''): string => JSON.stringify(shorten(tag));
