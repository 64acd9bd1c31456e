import { randomBytes } from 'node:crypto';
import type { KeyService, OnceStore } from '../../functions/clients/secret-vault/services.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

/** KMS and S3 as the vault uses them, in memory: what they promise is in the contract that the real ones pass too. */

export interface MemoryVault {
  readonly keys: KeyService;
  readonly store: OnceStore;
  /** What lies in the bucket, by key; a test may change it. */
  readonly objects: Map<string, string>;
  /** Contexts that a data key was asked for. */
  readonly asked: Readonly<Record<string, string>>[];
}

export const createMemoryVault = (
  bucket = 'acme-secrets',
  keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-0000-0000-000000000001',
): MemoryVault => {
  const objects = new Map<string, string>();
  const wrappings = new Map<string, { key: Uint8Array; context: string }>();
  const asked: Readonly<Record<string, string>>[] = [];
  const contextText = (context: object): string =>
    JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    objects,
    asked,
    keys: {
      generate: async (context) => {
        const key = randomBytes(32);
        const wrapped = randomBytes(64);
        asked.push(context);
        wrappings.set(wrapped.toString('hex'), { key: Uint8Array.from(key), context: contextText(context) });
        return { keyArn, plaintext: key, wrapped };
      },
      unwrap: async (wrapped, arn, context) => {
        const found = wrappings.get(Buffer.from(wrapped).toString('hex'));
        if (found === undefined || arn !== keyArn || found.context !== contextText(context)) {
          throw new RefusedError('vault.wrong-context', 'The key was wrapped for something else.');
        }
        return Uint8Array.from(found.key);
      },
    },
    store: {
      bucket,
      writeOnce: async (key, text) => {
        if (objects.has(key)) return 'exists';
        objects.set(key, text);
        return 'written';
      },
      read: async (key) => objects.get(key),
    },
  };
};
