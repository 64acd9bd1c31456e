/** Semantic versions as tags carry them: parsed once, compared often. */

import { isNumericIdentifier } from '../../rules/prerelease-order.ts';

/** A version's numbers and its texts after `-` and `+`, split at the dots. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Identifiers after `-`; empty for a release. */
  readonly prerelease: readonly string[];
  /** Text after `+`; never compared (semver.org, rule 10). */
  readonly build: string;
  /** How many of the three numbers were written: 1, 2 or 3. */
  readonly precision: number;
}

/**
 * How forgiving the parser is: `strict` takes exactly `1.2.3`; `coerce` also a leading `v`, missing parts (`1.2` is
 * 1.2.0) and leading zeros (`2024.01.05`); `noCoerceZeros` is `coerce` without the leading zeros.
 */
export type VersionMode = 'strict' | 'coerce' | 'noCoerceZeros';

// No part can match in two ways, so the time is linear in the length of the text.
const shape = /^(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z.-]+))?(?:\+([\dA-Za-z.-]+))?$/;

/** Numbers of a version are unsigned 64-bit, as in the Go tools whose ranges we speak. */
const maxNumber = 2n ** 64n - 1n;

/**
 * Read a version, or `undefined` when the text is none.
 *
 * @param text a tag, an extract of one, or a part of a range
 * @param mode see {@link VersionMode}
 */
export const parseVersion = (text: string, mode: VersionMode = 'coerce'): Version | undefined => {
  const match = shape.exec(text);
  if (!match) return undefined;
  const [, prefix = '', major = '', minor, patch, prereleaseText, buildText] = match;
  const precision = patch !== undefined ? 3 : minor !== undefined ? 2 : 1;
  if (mode === 'strict' && (prefix !== '' || precision < 3)) return undefined;

  if (mode !== 'coerce' && [major, minor, patch].some(hasLeadingZero)) return undefined;
  const numbers = { major: BigInt(major), minor: BigInt(minor ?? 0), patch: BigInt(patch ?? 0) };
  if (numbers.major > maxNumber || numbers.minor > maxNumber || numbers.patch > maxNumber) return undefined;

  const prerelease = prereleaseText?.split('.') ?? [];
  if (!prerelease.every(isPrereleaseIdentifier)) return undefined;
  if (buildText?.split('.').includes('')) return undefined;
  return { ...numbers, prerelease, build: buildText ?? '', precision };
};

/** The canonical text: no `v`, three numbers without leading zeros, then prerelease and build. */
export const formatVersion = ({ major, minor, patch, prerelease, build }: Version): string =>
  `${major}.${minor}.${patch}${prerelease.length > 0 ? `-${prerelease.join('.')}` : ''}${build && `+${build}`}`;

const hasLeadingZero = (number = ''): boolean => number.length > 1 && number.startsWith('0');

// semver.org rule 9: not empty, and a numeric one has no leading zero, in every mode.
const isPrereleaseIdentifier = (identifier: string): boolean =>
  identifier !== '' && !(isNumericIdentifier(identifier) && hasLeadingZero(identifier));
