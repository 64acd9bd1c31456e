/**
 * Names of database instances beside the one that GitLab uses. The rights of the restore end where these do, so they are
 * told from the identifier alone.
 */

/** Each instance that a restore has made carries it; its value is the id of the run. */
export const RESTORE_TAG = 'drydock:restore';

/** `restore`: the new one, until it takes the identifier over. `before`: the old one from then on. */
type InstanceWord = 'restore' | 'before';

/** Source: RDS API, CreateDBInstance: 1 to 63 letters, digits and hyphens, no two of them in a row and none at the end. */
const LONGEST = 63;
const HASH_LENGTH = 10;

const stemOf = (instance: string, word: InstanceWord): string =>
  `${instance.slice(0, LONGEST - HASH_LENGTH - word.length - 2).replace(/-+$/, '')}-${word}-`;

/**
 * Names one of a restore: whoever makes it again names the same.
 *
 * @param hash of the run, hexadecimal, at least ten digits.
 */
export const nameBeside = (instance: string, word: InstanceWord, hash: string): string =>
  `${stemOf(instance, word)}${hash.slice(0, HASH_LENGTH)}`;

/** What all of them look like, for an ARN in a policy. */
export const patternBeside = (instance: string, word: InstanceWord): string => `${stemOf(instance, word)}*`;
