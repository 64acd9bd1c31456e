import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { RefusedError } from '../../runtime/errors.ts';
import type { EncryptionContext, KeyService } from './services.ts';

/** How a document lies in the bucket: encrypted here, before S3 sees it, under a key that KMS alone unwraps. */
const Envelope = z.object({
  version: z.literal(1),
  algorithm: z.literal('AES-256-GCM'),
  /** What it was made for; part of what is authenticated. */
  context: z.record(z.string(), z.string()),
  /** KMS key under which the data key is wrapped. */
  keyArn: z.string(),
  wrappedKey: z.base64(),
  iv: z.base64(),
  tag: z.base64(),
  ciphertext: z.base64(),
});
type Envelope = z.output<typeof Envelope>;

/** Source: NIST SP 800-38D, section 5.2.1.1 (96 bits) and 5.2.1.2; each data key encrypts one document. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a text under a data key of its own. @throws what the key service throws. */
export const seal = async (
  keys: KeyService,
  context: EncryptionContext,
  text: string,
  signal?: AbortSignal,
): Promise<{ readonly envelope: string; readonly keyArn: string }> => {
  const { keyArn, plaintext, wrapped } = await keys.generate(context, signal);
  try {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', plaintext, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(authenticated(context, keyArn));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const envelope: Envelope = {
      version: 1,
      algorithm: 'AES-256-GCM',
      context: { ...context },
      keyArn,
      wrappedKey: Buffer.from(wrapped).toString('base64'),
      iv: iv.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      ciphertext: ciphertext.toString('base64'),
    };
    return { envelope: JSON.stringify(envelope), keyArn };
  } finally {
    plaintext.fill(0);
  }
};

/**
 * Decrypts what `seal` made, for the same context.
 *
 * @param where for messages: `s3://bucket/key`.
 * @throws RefusedError `vault.unreadable` when it is no envelope, `vault.wrong-context` when it was made for something
 * else, `vault.tampered` when its bytes were changed; and what the key service throws.
 */
export const unseal = async (
  keys: KeyService,
  context: EncryptionContext,
  envelopeText: string,
  where: string,
  signal?: AbortSignal,
): Promise<{ readonly text: string; readonly keyArn: string }> => {
  const envelope = Envelope.safeParse(parseJson(envelopeText)).data;
  if (!envelope) {
    throw new RefusedError(
      'vault.unreadable',
      `${where} is no export of secrets that this version understands; look at who wrote it, and at older versions.`,
    );
  }
  if (!isSame(envelope.context, context)) {
    throw new RefusedError(
      'vault.wrong-context',
      `${where} says that it was made for ${say(envelope.context)}, not for ${say(context)}: somebody copied or renamed ` +
        'it. Take the set whose secrets these are.',
    );
  }
  const wrapped = Buffer.from(envelope.wrappedKey, 'base64');
  const key = await keys.unwrap(wrapped, envelope.keyArn, context, signal);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(envelope.iv, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(authenticated(context, envelope.keyArn));
    decipher.setAuthTag(Buffer.from(envelope.tag, 'base64'));
    const pieces = [decipher.update(Buffer.from(envelope.ciphertext, 'base64')), decipher.final()];
    return { text: Buffer.concat(pieces).toString('utf8'), keyArn: envelope.keyArn };
  } catch {
    throw new RefusedError(
      'vault.tampered',
      `${where} was changed after it was written: its bytes do not fit their authentication tag. Restore an older ` +
        'version of this object, or take another set.',
    );
  } finally {
    key.fill(0);
  }
};

/** Sorted, so that the same context is the same bytes. */
const authenticated = (context: EncryptionContext, keyArn: string): Buffer =>
  Buffer.from(JSON.stringify(['drydock/secret-vault/1', keyArn, ...sorted(context)]), 'utf8');

const sorted = (context: EncryptionContext): [string, string][] =>
  Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1));

const isSame = (one: EncryptionContext, other: EncryptionContext): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const say = (context: EncryptionContext): string =>
  sorted(context)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
