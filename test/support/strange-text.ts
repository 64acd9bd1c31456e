import * as fc from 'fast-check';

/** What breaks out of text somewhere, a character each. */
const STRANGE = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '`',
  '\\',
  '|',
  '#',
  ';',
  '=',
  'a',
  '\n',
  '\r',
  '\0',
  '\u0085',
  '\u2028',
  '\u202E',
  '\uD800',
];

/** Texts made of nothing else, for what promises to escape or to refuse them. */
export const strangeText = (): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...STRANGE) });
