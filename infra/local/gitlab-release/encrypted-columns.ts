import { createCipheriv, createDecipheriv, pbkdf2Sync } from 'node:crypto';
import * as z from 'zod';
import type { RailsKeys } from './rails-secret.ts';

/**
 * The three ways in which columns of GitLab are encrypted, each under another key of `secrets.yml`. AES-256-GCM in all
 * of them, so that a wrong key is always noticed; GitLab's oldest columns have modes that notice it mostly.
 *
 * Source: GitLab documentation, development guide, "Application secrets"; Rails guides, "Active Record Encryption".
 */

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** `attr_encrypted` with `db_key_base_32`: content and tag in one column, the initialization vector in another. */
export interface AttributeValue {
  readonly value: string;
  readonly iv: string;
}

export const encryptAttribute = (keys: RailsKeys, iv: Buffer, text: string): AttributeValue =>
  seal(attributeKey(keys), iv, text);

/** @throws Error when the key is another one. */
export const decryptAttribute = (keys: RailsKeys, sealed: AttributeValue): string =>
  unseal(attributeKey(keys), sealed);

const attributeKey = ({ db_key_base }: RailsKeys): Buffer => Buffer.from(db_key_base).subarray(0, KEY_BYTES);

/** `attr_encrypted` with a salt for each row, as secrets of two-factor codes under `otp_key_base`. */
export interface SaltedValue extends AttributeValue {
  readonly salt: string;
}

export const encryptOtpSecret = (
  keys: RailsKeys,
  { iv, salt }: { readonly iv: Buffer; readonly salt: Buffer },
  text: string,
): SaltedValue => ({ ...seal(otpKey(keys, salt), iv, text), salt: salt.toString('base64') });

/** @throws Error when the key is another one. */
export const decryptOtpSecret = (keys: RailsKeys, sealed: SaltedValue): string =>
  unseal(otpKey(keys, Buffer.from(sealed.salt, 'base64')), sealed);

const otpKey = ({ otp_key_base }: RailsKeys, salt: Buffer): Buffer =>
  pbkdf2Sync(otp_key_base, salt, 2_000, KEY_BYTES, 'sha1');

/** Active Record Encryption: a document with content, vector and tag, each in base64. */
export const EncryptedDocument = z.object({ p: z.string(), h: z.object({ iv: z.string(), at: z.string() }) });
export type EncryptedDocument = z.output<typeof EncryptedDocument>;

export const encryptDocument = (keys: RailsKeys, iv: Buffer, text: string): EncryptedDocument => {
  const [key] = documentKeys(keys).slice(-1);
  if (!key) throw new Error('secrets.yml has no primary key of Active Record Encryption.');
  const sealed = Buffer.from(seal(key, iv, text).value, 'base64');
  return {
    p: sealed.subarray(0, -TAG_BYTES).toString('base64'),
    h: { iv: iv.toString('base64'), at: sealed.subarray(-TAG_BYTES).toString('base64') },
  };
};

/** @throws Error when none of the keys is the one. */
export const decryptDocument = (keys: RailsKeys, { p, h }: EncryptedDocument): string => {
  const value = Buffer.concat([Buffer.from(p, 'base64'), Buffer.from(h.at, 'base64')]).toString('base64');
  for (const key of documentKeys(keys)) {
    try {
      return unseal(key, { value, iv: h.iv });
    } catch {
      // Another of the list may be the one.
    }
  }
  throw new Error('No primary key of Active Record Encryption decrypts it.');
};

const documentKeys = (keys: RailsKeys): Buffer[] =>
  keys.active_record_encryption_primary_key.map((primary) =>
    pbkdf2Sync(primary, keys.active_record_encryption_key_derivation_salt, 2 ** 16, KEY_BYTES, 'sha256'),
  );

const seal = (key: Buffer, iv: Buffer, text: string): AttributeValue => {
  const cipher = createCipheriv(ALGORITHM, key, iv);
  const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { value: content.toString('base64'), iv: iv.toString('base64') };
};

const unseal = (key: Buffer, { value, iv }: AttributeValue): string => {
  const content = Buffer.from(value, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, 'base64'));
  decipher.setAuthTag(content.subarray(-TAG_BYTES));
  return decipher.update(content.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
};
