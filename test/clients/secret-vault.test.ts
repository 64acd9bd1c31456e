import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openSecretVault, type VaultPlace } from '../../functions/clients/secret-vault.ts';
import { createMemoryVault } from '../support/memory-vault.ts';
import { CANARY, describeSecretVault, exportOf } from './contracts/secret-vault.contract.ts';

const shared = createMemoryVault();
describeSecretVault('memory', () => shared);

const PLACE: Omit<VaultPlace, 'region'> = {
  environment: 'production',
  secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' },
  archives: { bucket: 'acme-archives', kmsKey: 'alias/archives' },
};
const KEY = 'production/sets/s1/secrets.json';

describe('secrets and archives lie apart', () => {
  it.each([
    ['the bucket', { archives: { bucket: 'acme-secrets' } }, 'vault.same-bucket'],
    ['the key', { archives: { bucket: 'acme-archives', kmsKey: 'alias/secrets' } }, 'vault.same-key'],
  ])('%s may not be the same', (_title, change, code) => {
    expect(() => openSecretVault({ ...PLACE, ...change }, createMemoryVault())).toThrow(
      expect.objectContaining({ name: 'RefusedError', code }),
    );
  });

  it('an alias that leads to the key of the archives is noticed before anything is written', async () => {
    const memory = createMemoryVault('acme-secrets', 'arn:aws:kms:eu-central-1:111122223333:key/one');
    const place = {
      ...PLACE,
      archives: { bucket: 'acme-archives', kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/one' },
    };
    const refused = openSecretVault(place, memory).write(exportOf('s1'));
    await expect(refused).rejects.toMatchObject({ code: 'vault.same-key' });
    expect(memory.objects.size).toBe(0);
  });
});

it('a data key is made for the environment and the set, and for nothing else', async () => {
  const memory = createMemoryVault();
  await openSecretVault(PLACE, memory).write(exportOf('s1'));
  await openSecretVault(PLACE, memory).readFingerprintKey();
  expect(memory.asked).toEqual([
    { environment: 'production', set: 's1' },
    { environment: 'production', purpose: 'secret-fingerprints' },
  ]);
});

it('secrets of another environment do not come into this vault', async () => {
  const refused = openSecretVault(PLACE, createMemoryVault()).write(exportOf('s1', CANARY, 'staging'));
  await expect(refused).rejects.toMatchObject({ code: 'vault.wrong-context' });
});

const Fields = z.record(z.string(), z.unknown());

/** Writes an export, has a test change the object, and reads it. */
const readChanged = async (change: (text: string) => string): Promise<unknown> => {
  const memory = createMemoryVault();
  const vault = openSecretVault(PLACE, memory);
  await vault.write(exportOf('s1'));
  memory.objects.set(KEY, change(memory.objects.get(KEY) ?? ''));
  return vault.read('s1').catch((caught: unknown) => caught);
};

/** Turns one bit of a field in base64. */
const turnBit = (field: string) => (text: string) => {
  const fields = Fields.parse(JSON.parse(text));
  const value = Buffer.from(z.string().parse(fields[field]), 'base64');
  value[0] = (value[0] ?? 0) ^ 1;
  return JSON.stringify({ ...fields, [field]: value.toString('base64') });
};

describe('bytes that were changed are refused', () => {
  it.each([
    ['the ciphertext', turnBit('ciphertext'), 'vault.tampered'],
    ['the tag', turnBit('tag'), 'vault.tampered'],
    ['the initialisation vector', turnBit('iv'), 'vault.tampered'],
    [
      'a tag of four bytes',
      (text: string) => text.replace(/"tag":"[^"]+"/, '"tag":"AAAAAA=="'),
      'vault.tampered',
    ],
    ['the wrapped key', turnBit('wrappedKey'), 'vault.wrong-context'],
    ['the name of the KMS key', (text: string) => text.replace('key/0a', 'key/1a'), 'vault.wrong-context'],
    ['another version', (text: string) => text.replace('"version":1', '"version":2'), 'vault.unreadable'],
    ['half of the object', (text: string) => text.slice(0, text.length / 2), 'vault.unreadable'],
    ['nothing at all', () => '', 'vault.unreadable'],
  ])('%s', async (_title, change, code) => {
    const error = await readChanged(change);
    expect(error).toMatchObject({ name: 'RefusedError', code, message: expect.stringMatching(/\.$/) });
    expect(String(error)).not.toContain(CANARY);
  });

  it('every other byte of the ciphertext counts too', async () => {
    for (const at of [1, 50, 200]) {
      const error = await readChanged((text) => {
        const fields = Fields.parse(JSON.parse(text));
        const value = Buffer.from(z.string().parse(fields['ciphertext']), 'base64');
        value[at] = (value[at] ?? 0) ^ 128;
        return JSON.stringify({ ...fields, ciphertext: value.toString('base64') });
      });
      expect(error).toMatchObject({ code: 'vault.tampered' });
    }
  });
});

it('a fingerprint key that was overwritten is refused, and no new one takes its place', async () => {
  const memory = createMemoryVault();
  const vault = openSecretVault(PLACE, memory);
  await vault.readFingerprintKey();
  memory.objects.set('production/fingerprint-key.json', '{}');
  await expect(vault.readFingerprintKey()).rejects.toMatchObject({ code: 'vault.unreadable' });
});
