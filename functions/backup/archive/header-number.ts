const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;
/** First byte of a positive and of a negative base-256 number (GNU tar manual, "Extensions to the standard format"). */
const POSITIVE = 0x80;

/**
 * Reads a number of a tar header: octal digits among spaces and NULs (POSIX ustar; none at all is 0, as old tars
 * wrote), or GNU's base-256 for what octal has no room for. Sums of doubles, never bits: sizes outgrow 32 bits.
 *
 * @returns undefined when it is neither, negative, or beyond `Number.MAX_SAFE_INTEGER`.
 */
export const readHeaderNumber = (field: Uint8Array): number | undefined => {
  const value = (field[0] ?? 0) < POSITIVE ? readOctal(field) : readBase256(field);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
};

const readOctal = (field: Uint8Array): number | undefined => {
  let at = 0;
  while (isBlank(field[at])) at += 1;
  let value = 0;
  for (; isOctalDigit(field[at]); at += 1) value = value * 8 + ((field[at] ?? 0) - ZERO);
  // What follows the NUL or space that ends the digits is of no meaning.
  return at === field.length || isBlank(field[at]) ? value : undefined;
};

const readBase256 = ([first = 0, ...rest]: Uint8Array): number | undefined => {
  // Negative numbers, in two's complement, begin with 0xff; a first byte in between holds bits no size needs.
  if (first !== POSITIVE) return undefined;
  return rest.reduce((value, byte) => value * 256 + byte, 0);
};

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === 0;
const isOctalDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= SEVEN;
