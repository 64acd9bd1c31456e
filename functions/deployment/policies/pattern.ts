/** Regular expressions a user wrote, run on tags somebody else pushed: RE2, so no pair of them can take long. */

import { RE2JS, RE2JSException } from 're2js';

/** A compiled pattern. It is not anchored: write `^` and `$` where they are meant. */
export interface Pattern {
  /** Names and numbers that an extract may refer to: `0` is the whole match. */
  readonly groups: readonly string[];
  matches(text: string): boolean;
  /** Text of each group of the leftmost match; a group that took no part is the empty text. */
  find(text: string): ((group: string) => string) | undefined;
}

/**
 * Longest pattern and largest compiled program. RE2 needs at most program size times text length steps, so with 128
 * characters a tag costs at most 128,000 of them: milliseconds.
 */
export const patternLimits = { length: 512, programSize: 1_000 } as const;

/**
 * Compile a pattern in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), `(?P<name>...)` and
 * `(?<name>...)` alike.
 *
 * @returns the pattern, or why it was refused, in words for the person who wrote it
 */
export const compilePattern = (
  source: string,
): { ok: true; pattern: Pattern } | { ok: false; reason: string } => {
  if (source === '') return refuse('it is empty');
  if (source.length > patternLimits.length)
    return refuse(`it is longer than ${patternLimits.length} characters`);
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > patternLimits.programSize)
      return refuse('its repetitions make it too large; use smaller counts in {n,m}');
    return { ok: true, pattern: wrap(compiled) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return refuse(error.message.replace(/^error parsing regexp: /, ''));
  }
};

const refuse = (reason: string) => ({ ok: false as const, reason });

const wrap = (compiled: RE2JS): Pattern => {
  const numbers = new Map(Object.entries(compiled.namedGroups()));
  for (let number = 0; number <= compiled.groupCount(); number += 1) numbers.set(String(number), number);
  const submatches = compiled.re2();
  return {
    groups: [...numbers.keys()],
    matches: (text) => compiled.test(text),
    find: (text) => {
      // All groups in one pass; a `Matcher` would search again for the first group it is asked for.
      const texts: readonly (string | null | undefined)[] | null = submatches.findSubmatch(text);
      return texts ? (group) => texts[numbers.get(group) ?? -1] ?? '' : undefined;
    },
  };
};
