import * as z from 'zod';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import type { EncryptionContext, KeyService, OnceStore } from './services.ts';

/**
 * The key of an environment's fingerprints: a data key of KMS that lies, wrapped, beside the exports. It is never
 * replaced: fingerprints of older sets could be compared with nothing any more.
 */
const WrappedKey = z.object({ version: z.literal(1), keyArn: z.string(), wrappedKey: z.base64() });

const keyOf = (environment: string): string => `${environment}/fingerprint-key.json`;

/**
 * Reads the key, and makes it when the environment has none yet; of two that make it at once, the first counts.
 *
 * @returns 32 bytes, which belong to the caller and into no record.
 * @throws RefusedError `vault.unreadable`, and what KMS and S3 end in.
 */
export const readFingerprintKey = async (
  environment: string,
  { keys, store }: { keys: KeyService; store: OnceStore },
  signal?: AbortSignal,
): Promise<Uint8Array> => {
  const context: EncryptionContext = { environment, purpose: 'secret-fingerprints' };
  const path = keyOf(environment);
  const unwrap = async (text: string): Promise<Uint8Array> => {
    const wrapped = WrappedKey.safeParse(parseJson(text)).data;
    if (!wrapped) {
      const message = `s3://${store.bucket}/${path} is no fingerprint key; restore an older version of this object.`;
      throw new RefusedError('vault.unreadable', message);
    }
    return keys.unwrap(Buffer.from(wrapped.wrappedKey, 'base64'), wrapped.keyArn, context, signal);
  };
  const known = await store.read(path, signal);
  if (known !== undefined) return unwrap(known);

  const made = await keys.generate(context, signal);
  const wrappedKey = Buffer.from(made.wrapped).toString('base64');
  const text = JSON.stringify({ version: 1, keyArn: made.keyArn, wrappedKey });
  if ((await store.writeOnce(path, text, signal)) === 'written') return made.plaintext;
  made.plaintext.fill(0);
  const first = await store.read(path, signal);
  if (first !== undefined) return unwrap(first);
  throw new TransientError(
    'vault.unavailable',
    `s3://${store.bucket}/${path} was there and is gone; try again.`,
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
