/** Version ranges with the meaning of Masterminds/semver v3, which Flux, Argo CD and Helm users write. */

import { parseVersion, type Version } from './version.ts';

/** One comparison, such as `>=1.2`. */
export interface RangeTerm {
  readonly operator: RangeOperator;
  /** The version compared with; what was not written is zero. */
  readonly base: Version;
  /** How many numbers stand before the first wildcard: 0 in `*`, 1 in `1` or `1.x`, 2 in `1.2`, 3 in `1.2.3`. */
  readonly precision: number;
}

/** Terms that must all hold. */
export interface RangeGroup {
  readonly terms: readonly RangeTerm[];
  /** One part of the group names a prerelease, so the whole group takes them. */
  readonly includesPrerelease: boolean;
}

/** Groups of which one must hold. */
export type VersionRange = readonly RangeGroup[];

export type RangeOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '^';

/** Longest range we read, and most `||` groups: the limits of Masterminds/semver 3.5. */
export const rangeLimits = { length: 512, groups: 32 } as const;

const spellings: Readonly<Record<string, RangeOperator>> = {
  '': '=',
  '=': '=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '=>': '>=',
  '<': '<',
  '<=': '<=',
  '=<': '<=',
  '~': '~',
  '~>': '~',
  '^': '^',
};

const version = String.raw`(v?)([\dxX*]+)(?:\.([\dxX*]+))?(?:\.([\dxX*]+))?(-[\dA-Za-z.-]+)?(?:\+[\dA-Za-z.-]+)?`;
// Sticky: the scanner walks the text once and knows where it stopped.
const termShape = new RegExp(String.raw`\s*(!=|>=|=>|<=|=<|~>|[=<>~^]|)\s*${version}`, 'y');
const upperEndShape = new RegExp(String.raw`\s+-\s+()${version}`, 'y');
const separatorShape = /\s*,(?=\s*\S)|\s+|$/y;

/**
 * Read a range: `||` between groups, a comma or blank between terms that must all hold, `a - b` for both ends.
 *
 * @returns the range, or what could not be read
 */
export const parseRange = (
  text: string,
): { ok: true; range: VersionRange } | { ok: false; reason: string } => {
  if (text.length > rangeLimits.length) return refuse(`it is longer than ${rangeLimits.length} characters`);
  const parts = text.split('||');
  if (parts.length > rangeLimits.groups) return refuse(`it has more than ${rangeLimits.groups} "||" groups`);
  const range: RangeGroup[] = [];
  for (const part of parts) {
    const terms = scanGroup(part.trim());
    if (!terms)
      return refuse(part.trim() === '' ? 'a part of it is empty' : `"${part.trim()}" is no comparison`);
    range.push({ terms, includesPrerelease: terms.some(({ base }) => base.prerelease.length > 0) });
  }
  return { ok: true, range };
};

const refuse = (reason: string) => ({ ok: false as const, reason });

/** The terms of one group, or `undefined` when something in it cannot be read. */
const scanGroup = (text: string): RangeTerm[] | undefined => {
  const terms: (RangeTerm | undefined)[] = [];
  let at = 0;
  const take = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match) at = shape.lastIndex;
    return match;
  };

  do {
    const term = take(termShape);
    if (!term) return undefined;
    const upperEnd = term[1] === '' ? take(upperEndShape) : null;
    if (upperEnd) terms.push(readTerm('>=', term), readTerm('<=', upperEnd));
    else terms.push(readTerm(spellings[term[1] ?? ''], term));
    if (!take(separatorShape)) return undefined;
  } while (at < text.length);
  return terms.every((term) => term !== undefined) ? terms : undefined;
};

/** A term from its matched pieces; a wildcard hides what is written behind it, but not the prerelease. */
const readTerm = (operator: RangeOperator | undefined, match: RegExpExecArray): RangeTerm | undefined => {
  const [, , , major = '', minor = '', patch = '', prerelease = ''] = match;
  const numbers = [major, minor, patch];
  const end = numbers.findIndex((number) => number === '' || wildcard.test(number));
  const precision = end === -1 ? 3 : end;
  const base = parseVersion(
    `${numbers.map((number, index) => (index < precision ? number : '0')).join('.')}${prerelease}`,
  );
  return operator && base ? { operator, base, precision } : undefined;
};

const wildcard = /^[xX*]$/;
