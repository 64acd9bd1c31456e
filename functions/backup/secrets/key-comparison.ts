import type { SecretFingerprint, SecretPurpose } from '../../records/backup/secret-fingerprints.ts';
import { findRailsKey, RAILS_SECRET } from './rails-keys.ts';

/** One key of a secret whose value is another one now. */
export interface KeyDifference {
  /** `db_key_base`; never a value. */
  readonly key: string;
  readonly state: 'differs' | 'missing';
  readonly meaning: 'as-it-is' | 'put-back-first';
  readonly message: string;
}

type Digests = SecretFingerprint['keys'][string];

/** Keys that the set has and that are other ones now. What came new since then takes nothing away from a restore. */
export const compareKeys = (saved: SecretFingerprint, current: SecretFingerprint): KeyDifference[] =>
  Object.entries(saved.keys).flatMap(([key, digests]) => {
    const now = Object.hasOwn(current.keys, key) ? current.keys[key] : undefined;
    if (isSame(digests, now)) return [];
    const state = now === undefined ? 'missing' : 'differs';
    const judged = saved.id === RAILS_SECRET ? judgeRails(key, digests, now) : PURPOSES[saved.purpose];
    // A key that is not there breaks whatever mounts it, also where another value would do.
    return [{ key, state, ...judged, ...(now === undefined ? { meaning: 'put-back-first' as const } : {}) }];
  });

const isSame = (saved: Digests, now: Digests | undefined): boolean => {
  if (now === undefined) return false;
  const [before, after] = [[saved].flat(), [now].flat()];
  return before.length === after.length && before.every((digest, index) => digest === after[index]);
};

type Judged = Pick<KeyDifference, 'meaning' | 'message'>;

/** What another value does, by what a secret is there for. */
const PURPOSES: Readonly<Record<SecretPurpose, Judged>> = {
  data: { meaning: 'put-back-first', message: 'What it opens in the backup stays closed.' },
  identity: {
    meaning: 'as-it-is',
    message: 'Nothing is lost; whoever knows this GitLab by it will notice.',
  },
  internal: { meaning: 'as-it-is', message: 'Any value will do that all parts of GitLab have.' },
  connection: {
    meaning: 'as-it-is',
    message: 'It opens a service of the place where it stands, and stays as it is there.',
  },
};

const judgeRails = (key: string, saved: Digests, now: Digests | undefined): Judged => {
  const known = findRailsKey(key);
  if (!known) return { meaning: 'put-back-first', message: 'What it opens in the backup is not known.' };
  if (known.shape === 'list' && now !== undefined) {
    const [before, after] = [[saved].flat(), [now].flat()];
    const gone = before.filter((digest) => !after.includes(digest)).length;
    if (gone === 0) return { meaning: 'as-it-is', message: rotated(key, before.at(-1) === after.at(-1)) };
    const message = `${gone} of its ${before.length} keys ${gone === 1 ? 'is' : 'are'} not there now. ${known.means}`;
    return { meaning: 'put-back-first', message };
  }
  return { meaning: known.losing === 'data' ? 'put-back-first' : 'as-it-is', message: known.means };
};

/** All keys of the set are there: the last one encrypts, and every one decrypts. */
const rotated = (key: string, isLastTheSame: boolean): string => {
  const all = `All keys of ${key} in the set are there now, beside others, and every one decrypts.`;
  if (isLastTheSame || key !== 'active_record_encryption_deterministic_key') return all;
  return `${all} Another one encrypts: what was encrypted before is found by its value again once it was encrypted anew.`;
};
