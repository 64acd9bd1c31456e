import type { SecretFingerprint, SecretFingerprints } from '../../records/backup/secret-fingerprints.ts';
import { compareKeys, type KeyDifference } from './key-comparison.ts';

/**
 * What the secrets of a set mean for a restore into what stands there now. `as-it-is`: it can begin, whatever differs
 * loses nothing. `put-back-first`: the secrets of the set have to be written before anything is started. `unknown`: the
 * match is not proven, so nothing may be wiped on its account.
 */
type RestoreMeaning = 'as-it-is' | 'put-back-first' | 'unknown';

interface SecretComparison {
  readonly id: string;
  /** Its name in the set, or now where the set has none. */
  readonly name: string;
  readonly state: 'same' | 'differs' | 'missing' | 'unknown';
  readonly differences: readonly KeyDifference[];
  readonly meaning: RestoreMeaning;
  readonly message: string;
}

export interface SecretsComparison {
  /** The worst of all: `put-back-first`, then `unknown`. */
  readonly meaning: RestoreMeaning;
  readonly secrets: readonly SecretComparison[];
}

/**
 * Compares the secrets of a set with those that are there now, by what they are: another release has other names.
 *
 * @param saved of the set's manifest.
 * @param current made under the same key, of the cluster that is restored into.
 */
export const compareSecrets = (
  saved: SecretFingerprints,
  current: Pick<SecretFingerprints, 'keyId' | 'secrets'>,
): SecretsComparison => {
  const now = new Map(current.secrets.map((secret) => [secret.id, secret]));
  const isSameKey = saved.keyId === current.keyId;
  const secrets = saved.secrets.map((secret) =>
    isSameKey ? compareOne(secret, now.get(secret.id)) : notComparable(secret),
  );
  const meanings = secrets.map(({ meaning }) => meaning);
  // A set of no secrets proves nothing.
  const worst = (['put-back-first', 'unknown'] as const).find((meaning) => meanings.includes(meaning));
  return { meaning: worst ?? (secrets.length === 0 ? 'unknown' : 'as-it-is'), secrets };
};

const compareOne = (saved: SecretFingerprint, current: SecretFingerprint | undefined): SecretComparison => {
  const row = { id: saved.id, name: saved.name, differences: [] };
  if (saved.state !== 'read') return compareWithNothing(saved, current);
  if (current === undefined || current.state === 'unreadable') {
    return { ...row, state: 'unknown', ...unknown(saved, `Secret ${saved.name} could not be read now.`) };
  }
  if (current.state === 'absent') {
    const message = `There is no secret ${current.name} now.`;
    const isNeeded = saved.need !== 'optional';
    return { ...row, state: 'missing', meaning: isNeeded ? 'put-back-first' : 'as-it-is', message };
  }
  const differences = compareKeys(saved, current);
  if (differences.length === 0) {
    return { ...row, state: 'same', meaning: 'as-it-is', message: `Secret ${saved.name} is the same.` };
  }
  const meaning = differences.some((one) => one.meaning === 'put-back-first') ? 'put-back-first' : 'as-it-is';
  const means = [...new Set(differences.map((one) => one.message))].join(' ');
  const message = `Secret ${saved.name} differs (${differences.map(({ key }) => key).join(', ')}). ${means}`;
  return { ...row, state: 'differs', differences, meaning, message };
};

/** The set has no fingerprint of it. */
const compareWithNothing = (
  saved: SecretFingerprint,
  current: SecretFingerprint | undefined,
): SecretComparison => {
  const row = { id: saved.id, name: saved.name, differences: [] };
  if (saved.state === 'absent' && current?.state === 'absent') {
    return { ...row, state: 'same', ...unknownIfNeeded(saved, `There is and was no secret ${saved.name}.`) };
  }
  const how = saved.state === 'absent' ? 'was not there' : 'could not be read';
  const message = `Secret ${saved.name} ${how} when the set was made, so nothing tells whether this one fits.`;
  return { ...row, state: 'unknown', ...unknownIfNeeded(saved, message) };
};

const notComparable = (saved: SecretFingerprint): SecretComparison => ({
  id: saved.id,
  name: saved.name,
  differences: [],
  state: 'unknown',
  ...unknown(saved, `The fingerprint of ${saved.name} was made under another key than the one at hand.`),
});

type Verdict = Pick<SecretComparison, 'meaning' | 'message'>;

/** Whatever can be made anew does not stand in the way of a restore. */
const unknown = ({ need }: SecretFingerprint, message: string): Verdict => ({
  meaning: need === 'optional' ? 'as-it-is' : 'unknown',
  message,
});

/** Of a secret that the set never had only those matter that open its data, or that no GitLab is without. */
const unknownIfNeeded = ({ need, purpose }: SecretFingerprint, message: string): Verdict => ({
  meaning: need === 'required' || purpose === 'data' ? 'unknown' : 'as-it-is',
  message,
});
