import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyIdOf } from '../../../functions/backup/secrets/fingerprint.ts';
import { SecretFingerprints } from '../../../functions/records/backup/secret-fingerprints.ts';
import { content, fingerprintsOf, KEY, need, PEM, RAILS_NEED, railsFingerprints } from './secret-builders.ts';

const keysOf = (fingerprints: SecretFingerprints) => fingerprints.secrets[0]?.keys ?? {};
const OTHER_KEY = new Uint8Array(32).fill(8);

it('what is made is what the record may hold', () => {
  const made = railsFingerprints();
  expect(SecretFingerprints.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
});

it('each key of secrets.yml has its own, lists one for each item in their order', () => {
  const keys = keysOf(railsFingerprints());
  expect(Object.keys(keys)).toHaveLength(8);
  expect(keys['active_record_encryption_primary_key']).toHaveLength(2);
  const turned = keysOf(
    railsFingerprints({ active_record_encryption_primary_key: ['second-primary', 'first-primary'] }),
  );
  expect([turned['active_record_encryption_primary_key']].flat().toReversed()).toEqual(
    keys['active_record_encryption_primary_key'],
  );
});

describe('a fingerprint', () => {
  const one = (value: string, id = 'smtp', field = 'password', key = KEY) =>
    keysOf(fingerprintsOf([[need(id), content({ [field]: value })]], key))[field];

  it('is the same of the same value', () => {
    expect(one('hunter2')).toBe(one('hunter2'));
  });

  it.each([
    ['another value', one('hunter3')],
    ['a line break more', one('hunter2\n')],
    ['the same password for something else', one('hunter2', 'ldap')],
    [
      'the same password under another key of the secret',
      keysOf(fingerprintsOf([[need('smtp'), content({ other: 'hunter2' })]]))['other'],
    ],
    ['the key of another environment', one('hunter2', 'smtp', 'password', OTHER_KEY)],
  ])('is another one of %s', (_title, other) => {
    expect(other).toMatch(/^[0-9a-f]{64}$/);
    expect(other).not.toBe(one('hunter2'));
  });

  it('does not mix up where the name of a key ends and its value begins', () => {
    const left = keysOf(fingerprintsOf([[need('a'), content({ ab: 'c' })]]))['ab'];
    const right = keysOf(fingerprintsOf([[need('a'), content({ a: 'bc' })]]))['a'];
    expect(left).not.toBe(right);
  });
});

it('how a PEM ends and breaks its lines is not of the key', () => {
  const unix = keysOf(railsFingerprints({ openid_connect_signing_key: PEM }));
  const more = keysOf(railsFingerprints({ openid_connect_signing_key: `${PEM}\n\n` }));
  expect(more['openid_connect_signing_key']).toBe(unix['openid_connect_signing_key']);
});

it('keys that GitLab does not know are told apart and not named, since a value may stand there', () => {
  const keys = Object.keys(keysOf(railsFingerprints({ QXZQXZQXZ: 'value', VWKVWK: 'value' })));
  expect(keys.filter((key) => /^other-[0-9a-f]{8}$/.test(key))).toHaveLength(2);
  expect(JSON.stringify(keys)).not.toMatch(/QXZ|VWK/);
});

it('a secrets.yml that is broken has no fingerprint and is unreadable', () => {
  const made = fingerprintsOf([[RAILS_NEED, content({ 'secrets.yml': 'production: [' })]]);
  expect(made.secrets).toMatchObject([{ state: 'unreadable', keys: {} }]);
});

it('the id of a key tells it from others, and is no fingerprint of anything', () => {
  expect(keyIdOf(KEY)).toMatch(/^[0-9a-f]{16}$/);
  expect(keyIdOf(KEY)).not.toBe(keyIdOf(OTHER_KEY));
  expect(JSON.stringify(railsFingerprints())).not.toContain(Buffer.from(KEY).toString('hex'));
});

it('no value and no part of one is in any fingerprint', () => {
  const value = fc.string({
    unit: fc.constantFrom('G', 'H', 'J', 'K', 'Q', 'V', 'W', 'X', 'Z'),
    minLength: 6,
    maxLength: 40,
  });
  fc.assert(
    fc.property(value, value, fc.array(value, { minLength: 1, maxLength: 4 }), (password, base, list) => {
      const made = fingerprintsOf([
        [need('smtp'), content({ password })],
        [
          RAILS_NEED,
          content({
            'secrets.yml': `production:\n  db_key_base: ${base}\n  active_record_encryption_primary_key: [${list.join(', ')}]\n  ${base}: ${password}\n`,
          }),
        ],
      ]);
      const told = JSON.stringify(made);
      for (const secret of [password, base, ...list]) {
        for (let at = 0; at + 4 <= secret.length; at++) expect(told).not.toContain(secret.slice(at, at + 4));
        expect(told).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
      }
    }),
  );
});

it('a key of another length makes no fingerprint', () => {
  expect(() => fingerprintsOf([], new Uint8Array(16))).toThrow('32 bytes');
});
