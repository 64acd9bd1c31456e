import * as z from 'zod';

/** Commands in messages hold places for a name and a reason; whoever sends them as they stand has said neither. */

const Answer = z.record(z.string(), z.unknown()).catch({});
const PLACE = /^\s*<[^<>]*>\s*$/;

/** The places that were left as they stood: `by`. */
export const findPlaceholders = (answer: unknown): string[] =>
  Object.entries(Answer.parse(answer)).flatMap(([name, value]) =>
    typeof value === 'string' && PLACE.test(value) ? [name] : [],
  );
