import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRailsSecret } from '../../../functions/backup/secrets/rails-secret.ts';
import { bytes, PEM, RAILS, railsYaml } from './secret-builders.ts';

const read = (yaml: string) => readRailsSecret({ 'secrets.yml': bytes(yaml) });
const codesOf = (yaml: string) => read(yaml).findings.map(({ code, key }) => [code, key].join(' ').trim());

it('a secrets.yml of the chart is read: texts, lists and the PEM with its lines', () => {
  const found = read(railsYaml());
  expect(found).toMatchObject({ ok: true, findings: [] });
  expect(found.ok && Object.fromEntries(found.keys)).toEqual(RAILS);
});

it('a key of digits stays a text, with every zero', () => {
  const digits = `00${'1234567890'.repeat(12)}00`;
  const found = read(railsYaml({ db_key_base: digits, otp_key_base: '1e10' }));
  expect(found.ok && [found.keys.get('db_key_base'), found.keys.get('otp_key_base')]).toEqual([
    digits,
    '1e10',
  ]);
});

describe('what is wrong is said', () => {
  it.each([
    ['no file', undefined, 'rails-no-file'],
    ['a bracket that does not close', 'production: { db_key_base: [a', 'rails-broken'],
    ['two keys of one name', 'production:\n  db_key_base: a\n  db_key_base: b\n', 'rails-broken'],
    ['two documents', 'production: {}\n---\nproduction: {}\n', 'rails-broken'],
    ['another environment', 'development: { db_key_base: a }', 'rails-no-production'],
    ['a text', 'only a text', 'rails-no-production'],
    ['nothing', '', 'rails-no-production'],
    ['production without a map', 'production: text', 'rails-no-production'],
  ])('%s', (_title, yaml, code) => {
    const found = yaml === undefined ? readRailsSecret({ other: bytes('x') }) : read(yaml);
    expect(found.ok).toBe(false);
    expect(found.findings.map((finding) => finding.code)).toEqual([code]);
  });

  it.each([
    ['a key that is missing', { otp_key_base: undefined }, 'rails-key-missing otp_key_base'],
    ['a key that is empty', { otp_key_base: "''" }, 'rails-key-missing otp_key_base'],
    [
      'a key of encrypted columns that is missing',
      { active_record_encryption_primary_key: undefined },
      'rails-key-missing active_record_encryption_primary_key',
    ],
    [
      'a list that is one text',
      { active_record_encryption_primary_key: 'one' },
      'rails-key-shape active_record_encryption_primary_key',
    ],
    ['a text that is a list', { db_key_base: ['one'] }, 'rails-key-shape db_key_base'],
    [
      'a PEM whose line breaks are two characters',
      { openid_connect_signing_key: PEM.trim().replaceAll('\n', '\\n') },
      'rails-key-pem openid_connect_signing_key',
    ],
  ])('%s', (_title, changes, finding) => {
    expect(codesOf(railsYaml(changes))).toEqual([finding]);
  });

  it('the line of broken YAML is told', () => {
    expect(read('production:\n  db_key_base: a\n  otp_key_base: "b\n').findings[0]?.message).toMatch(
      /line \d+/,
    );
  });

  it('too large a file is not parsed', () => {
    expect(codesOf(`production: { a: ${'x'.repeat(300_000)} }`)).toEqual(['rails-broken']);
  });
});

it('no finding holds any part of what stands in the file, however broken it is', () => {
  const value = fc.string({
    unit: fc.constantFrom('G', 'H', 'J', 'K', 'Q', 'V', 'W', 'X', 'Z'),
    minLength: 8,
    maxLength: 30,
  });
  const glue = fc.constantFrom(
    ': ',
    '\n',
    '\n  ',
    ' [',
    ' {',
    '"',
    "'",
    ' |\n',
    '\t',
    '- ',
    '&',
    '*',
    '!!',
    '%',
    ',',
  );
  fc.assert(
    fc.property(
      value,
      fc.array(glue, { maxLength: 6 }),
      fc.array(glue, { maxLength: 6 }),
      fc.constantFrom('', 'production:\n  db_key_base', 'production: '),
      (secret, before, after, start) => {
        const text = `${start}${before.join('')}${secret}${after.join('')}${secret}`;
        const told = JSON.stringify(read(text).findings);
        for (let at = 0; at + 4 <= secret.length; at++) expect(told).not.toContain(secret.slice(at, at + 4));
      },
    ),
    { numRuns: 500 },
  );
});
