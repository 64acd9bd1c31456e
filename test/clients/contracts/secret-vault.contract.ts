import { describe, expect, it } from 'vitest';
import type { KeyService, OnceStore } from '../../../functions/clients/secret-vault/services.ts';
import { openSecretVault } from '../../../functions/clients/secret-vault.ts';
import type { SecretExport } from '../../../functions/records/backup/secret-export.ts';

export const CANARY = 'canary-4711-QXZ';

/** An export of two secrets, one of them with bytes that are no text. */
export const exportOf = (set: string, password = CANARY, environment = 'production'): SecretExport => ({
  version: 1,
  environment,
  set,
  takenAt: '2026-11-21T03:00:00.000Z',
  helmValues: `global: { smtp: { password: ${password} } }`,
  secrets: [
    {
      id: 'rails-secret',
      name: 'gitlab-rails-secret',
      type: 'Opaque',
      data: { 'secrets.yml': Buffer.from(`production: { db_key_base: ${password} }`).toString('base64') },
    },
    {
      id: 'openbao-unseal',
      name: 'gitlab-openbao-unseal',
      type: 'Opaque',
      data: { key: Buffer.from([0, 255, 128, 10]).toString('base64') },
    },
  ],
});

export interface VaultServices {
  readonly keys: KeyService;
  readonly store: OnceStore;
}

/**
 * What every vault promises.
 *
 * @param open the services, over a bucket that may hold what other tests wrote.
 */
export const describeSecretVault = (name: string, open: () => VaultServices): void => {
  let sets = 0;
  const newSet = (): string => `set-${++sets}`;
  const vaultOf = (environment = 'production') =>
    openSecretVault(
      {
        environment,
        secrets: { bucket: open().store.bucket, kmsKey: 'alias/secrets' },
        archives: { bucket: 'archives', kmsKey: 'alias/archives' },
      },
      open(),
    );

  describe(`the vault over ${name}`, () => {
    it('gives back what was written, to whoever opens it anew', async () => {
      const document = exportOf(newSet());
      const written = await vaultOf().write(document);
      expect(written).toMatchObject({
        bucket: open().store.bucket,
        key: expect.stringContaining(document.set),
      });
      expect(await vaultOf().read(document.set)).toEqual(document);
    });

    it('lets S3 see no value, not even in base64', async () => {
      const document = exportOf(newSet());
      const { key } = await vaultOf().write(document);
      const text = (await open().store.read(key)) ?? '';
      expect(text).toContain('AES-256-GCM');
      for (const { data, name: secret } of document.secrets) {
        expect(text).not.toContain(secret);
        for (const value of Object.values(data)) expect(text).not.toContain(value);
      }
      expect(text).not.toContain(CANARY);
    });

    it('written twice with the same content stays what it is', async () => {
      const document = exportOf(newSet());
      const { key, keyArn } = await vaultOf().write(document);
      const before = await open().store.read(key);
      const later = {
        ...document,
        takenAt: '2026-11-21T03:05:00.000Z',
        secrets: document.secrets.toReversed(),
      };
      expect(await vaultOf().write(later)).toMatchObject({ key, keyArn });
      expect(await open().store.read(key)).toBe(before);
    });

    it('refuses other secrets for a set that has some, and says no value', async () => {
      const set = newSet();
      await vaultOf().write(exportOf(set));
      const error: unknown = await vaultOf()
        .write(exportOf(set, 'another-QXZ'))
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'RefusedError', code: 'vault.exists' });
      expect(String(error)).not.toContain('QXZ');
    });

    it('says that a set has none', async () => {
      await expect(vaultOf().read('none')).rejects.toMatchObject({
        name: 'RefusedError',
        code: 'vault.absent',
      });
    });

    it.each([
      ['another set', 'production', 'moved'],
      ['another environment', 'staging', undefined],
    ])('does not open what was copied to %s', async (_title, environment, to) => {
      const set = newSet();
      const { key } = await vaultOf().write(exportOf(set));
      const target = to === undefined ? set : `${to}-${set}`;
      const copied = key.replace('production/', `${environment}/`).replace(set, target);
      await open().store.writeOnce(copied, (await open().store.read(key)) ?? '');
      await expect(vaultOf(environment).read(target)).rejects.toMatchObject({
        name: 'RefusedError',
        code: 'vault.wrong-context',
        message: expect.stringContaining(`made for environment production, set ${set}, not for`),
      });
    });

    it('is not deceived by a copy that names the context of its new place: KMS knows better', async () => {
      const set = newSet();
      const { key } = await vaultOf().write(exportOf(set));
      const forged = ((await open().store.read(key)) ?? '').replaceAll(`"${set}"`, `"forged-${set}"`);
      await open().store.writeOnce(key.replace(set, `forged-${set}`), forged);
      const refused = vaultOf().read(`forged-${set}`);
      await expect(refused).rejects.toMatchObject({ name: 'RefusedError', code: 'vault.wrong-context' });
    });

    it('gives one fingerprint key to an environment, and another to the next', async () => {
      const environment = `env-${newSet()}`;
      const [first, second, other] = [
        await vaultOf(environment).readFingerprintKey(),
        await vaultOf(environment).readFingerprintKey(),
        await vaultOf(`${environment}-b`).readFingerprintKey(),
      ];
      expect(first).toHaveLength(32);
      expect(Buffer.from(second).equals(first)).toBe(true);
      expect(Buffer.from(other).equals(first)).toBe(false);
    });

    it('gives one fingerprint key to two that ask for the first time at once', async () => {
      const environment = `env-${newSet()}`;
      const [one, two] = await Promise.all([
        vaultOf(environment).readFingerprintKey(),
        vaultOf(environment).readFingerprintKey(),
      ]);
      expect(Buffer.from(one ?? []).equals(two ?? new Uint8Array())).toBe(true);
    });
  });
};
