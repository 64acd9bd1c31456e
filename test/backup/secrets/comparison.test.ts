import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSecrets } from '../../../functions/backup/secrets/comparison.ts';
import type { SecretContent } from '../../../functions/backup/secrets/secret-need.ts';
import {
  content,
  fingerprintsOf,
  need,
  RAILS,
  RAILS_NEED,
  type RailsValues,
  railsFingerprints,
} from './secret-builders.ts';

const PRIMARY = 'active_record_encryption_primary_key';
const DETERMINISTIC = 'active_record_encryption_deterministic_key';

const compareRails = (now: RailsValues, then: RailsValues = {}) => {
  const compared = compareSecrets(railsFingerprints(then), railsFingerprints(now));
  const [secret] = compared.secrets;
  return {
    says: `${secret?.state} ${secret?.differences.map(({ key }) => key).join(',')} ${compared.meaning}`,
    message: secret?.message ?? '',
  };
};

describe('the rails-secret', () => {
  it.each([
    ['that is the same', {}, 'same  as-it-is'],
    ['with another db_key_base', { db_key_base: 'ee' }, 'differs db_key_base put-back-first'],
    ['with another otp_key_base', { otp_key_base: 'ee' }, 'differs otp_key_base put-back-first'],
    [
      'with another salt of the encrypted columns',
      { active_record_encryption_key_derivation_salt: 'ee' },
      'differs active_record_encryption_key_derivation_salt put-back-first',
    ],
    [
      'with another secret_key_base, which ends sessions',
      { secret_key_base: 'ee' },
      'differs secret_key_base as-it-is',
    ],
    ['without its secret_key_base', { secret_key_base: undefined }, 'differs secret_key_base put-back-first'],
    ['without its list', { [PRIMARY]: undefined }, `differs ${PRIMARY} put-back-first`],
    [
      'with a key more in its list',
      { [PRIMARY]: [...RAILS[PRIMARY], 'third'] },
      `differs ${PRIMARY} as-it-is`,
    ],
    [
      'with its list in another order',
      { [PRIMARY]: RAILS[PRIMARY].toReversed() },
      `differs ${PRIMARY} as-it-is`,
    ],
    ['with one key less in its list', { [PRIMARY]: ['second-primary'] }, `differs ${PRIMARY} put-back-first`],
    ['with a list of other keys', { [PRIMARY]: ['x', 'y'] }, `differs ${PRIMARY} put-back-first`],
    ['with a key more that GitLab got since', { new_key_base: 'ee' }, 'same  as-it-is'],
  ])('%s', (_title, now, says) => {
    expect(compareRails(now).says).toBe(says);
  });

  it('that lost a key of its list says how many', () => {
    expect(compareRails({ [PRIMARY]: ['second-primary'] }).message).toContain(
      '1 of its 2 keys is not there now',
    );
  });

  it('whose deterministic list encrypts by another key says that values are not found until encrypted anew', () => {
    expect(compareRails({ [DETERMINISTIC]: ['first-deterministic', 'new'] }).message).toContain(
      'found by its value',
    );
    expect(compareRails({ [PRIMARY]: [...RAILS[PRIMARY], 'new'] }).message).not.toContain(
      'found by its value',
    );
  });

  it('of an older GitLab without encrypted columns fits a newer one', () => {
    const older = { [PRIMARY]: undefined, [DETERMINISTIC]: undefined };
    expect(compareRails({}, older).says).toBe('same  as-it-is');
  });

  it('is restorable as it is exactly when every key of the set is in the list of now', () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    fc.assert(
      fc.property(keys, keys, (then, now) => {
        const isRestorable = then.every((key) => now.includes(key));
        expect(compareRails({ [PRIMARY]: now }, { [PRIMARY]: then }).says).toContain(
          isRestorable ? 'as-it-is' : 'put-back-first',
        );
      }),
    );
  });
});

const compareOne = (
  more: Parameters<typeof need>[1],
  then: SecretContent,
  now: SecretContent | undefined,
): string => {
  const saved = fingerprintsOf([[need('thing', more), then]]);
  const current = now
    ? fingerprintsOf([[need('thing', { ...more, name: 'other-thing' }), now]])
    : { ...saved, secrets: [] };
  const { meaning, secrets } = compareSecrets(saved, current);
  return `${secrets[0]?.state} ${meaning}`;
};

const OLD = content({ password: 'old' });
const NEW = content({ password: 'new' });
const ABSENT: SecretContent = { state: 'absent' };
const UNREADABLE: SecretContent = { state: 'unreadable', why: 'no right' };

describe('a secret', () => {
  it.each([
    ['of another release under another name is the same', {}, OLD, OLD, 'same as-it-is'],
    ['that opens data differs', { purpose: 'data' }, OLD, NEW, 'differs put-back-first'],
    ['between parts of GitLab differs', { purpose: 'internal' }, OLD, NEW, 'differs as-it-is'],
    ['of a service at that place differs', { purpose: 'connection' }, OLD, NEW, 'differs as-it-is'],
    ['that others know GitLab by differs', { purpose: 'identity' }, OLD, NEW, 'differs as-it-is'],
    [
      'lost one of its keys',
      { purpose: 'internal' },
      content({ a: '1', b: '2' }),
      content({ a: '1' }),
      'differs put-back-first',
    ],
    ['is gone', { need: 'when-used', purpose: 'internal' }, OLD, ABSENT, 'missing put-back-first'],
    ['is gone and optional', { need: 'optional' }, OLD, ABSENT, 'missing as-it-is'],
    ['can not be read now', {}, OLD, UNREADABLE, 'unknown unknown'],
    ['was not looked at now', {}, OLD, undefined, 'unknown unknown'],
    ['could not be read when the set was made', {}, UNREADABLE, OLD, 'unknown unknown'],
    ['was not there when the set was made', {}, ABSENT, OLD, 'unknown unknown'],
    ['that is required was never there', {}, ABSENT, ABSENT, 'same unknown'],
    ['that is optional can not be read', { need: 'optional' }, OLD, UNREADABLE, 'unknown as-it-is'],
  ] as const)('%s', (_title, more, then, now, says) => {
    expect(compareOne(more, then, now)).toBe(says);
  });
});

it('fingerprints of another key tell nothing, also where they look alike', () => {
  const saved = railsFingerprints();
  const { meaning, secrets } = compareSecrets(saved, { ...saved, keyId: '0'.repeat(16) });
  expect([meaning, secrets[0]?.state]).toEqual(['unknown', 'unknown']);
});

it('a set of no secrets proves nothing', () => {
  const none = fingerprintsOf([]);
  expect(compareSecrets(none, none).meaning).toBe('unknown');
});

it('one that must be put back outweighs what is unknown, and nothing unknown is green', () => {
  const state = fc.constantFrom(OLD, NEW, ABSENT, UNREADABLE);
  fc.assert(
    fc.property(fc.array(fc.tuple(state, state), { minLength: 1, maxLength: 4 }), (pairs) => {
      const side = (which: 0 | 1) =>
        fingerprintsOf(pairs.map((pair, index) => [need(`n${index}`), pair[which]] as const));
      const { meaning, secrets } = compareSecrets(side(0), side(1));
      const meanings = secrets.map((secret) => secret.meaning);
      expect(meaning === 'as-it-is').toBe(
        pairs.every(([then, now]) => then === now && then.state === 'read'),
      );
      expect(meaning === 'put-back-first').toBe(meanings.includes('put-back-first'));
    }),
  );
});

it('no value is in any comparison', () => {
  const value = fc.string({
    unit: fc.constantFrom('G', 'H', 'J', 'K', 'Q', 'V', 'W', 'X', 'Z'),
    minLength: 6,
    maxLength: 30,
  });
  fc.assert(
    fc.property(value, value, (then, now) => {
      const of = (one: string) =>
        fingerprintsOf([
          [need('smtp'), content({ password: one })],
          [RAILS_NEED, content({ 'secrets.yml': `production: { db_key_base: ${one}, ${one}: x }` })],
        ]);
      const told = JSON.stringify(compareSecrets(of(then), of(now)));
      for (const secret of [then, now]) expect(told).not.toContain(secret.slice(0, 4));
    }),
  );
});
