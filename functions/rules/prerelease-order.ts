/** What stands behind the hyphen of a version, and its order (semver.org, rule 11). */

/** Less than zero when `a` comes first, zero when they rank the same. */
export type Comparison = number;

/**
 * Order of two prerelease texts: none is the highest; numbers rank as numbers and below words; words rank by byte;
 * with an equal start the longer list is higher.
 */
export const comparePrereleases = (a: readonly string[], b: readonly string[]): Comparison => {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
};

/** Order of two texts by code unit, which is byte order for the ASCII that tags are made of. */
export const compareBytes = (a: string, b: string): Comparison => (a < b ? -1 : a > b ? 1 : 0);

const DIGITS = /^\d+$/;

/** Is this identifier compared as a number? `-1` is not: the hyphen is a letter here. */
export const isNumericIdentifier = (identifier: string): boolean => DIGITS.test(identifier);

const compareIdentifiers = (a: string, b: string): Comparison => {
  const isNumber = isNumericIdentifier(a);
  if (isNumber !== isNumericIdentifier(b)) return isNumber ? -1 : 1;
  // Without leading zeros a longer number is a higher one, whatever its length.
  return (isNumber ? a.length - b.length : 0) || compareBytes(a, b);
};
