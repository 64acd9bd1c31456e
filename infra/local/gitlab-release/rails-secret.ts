import { generateKeyPairSync } from 'node:crypto';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import type { SeededValues } from './seeded-values.ts';

/**
 * `secrets.yml` of `<release>-rails-secret`, with all that GitLab 18 keeps in it.
 *
 * Source: GitLab documentation, development guide, "Application secrets"; Rails guides, "Active Record Encryption".
 */
export const RailsKeys = z.object({
  secret_key_base: z.string(),
  otp_key_base: z.string(),
  db_key_base: z.string(),
  encrypted_settings_key_base: z.string(),
  openid_connect_signing_key: z.string(),
  /** Lists: the last one encrypts, all of them decrypt. */
  active_record_encryption_primary_key: z.array(z.string()).min(1),
  active_record_encryption_deterministic_key: z.array(z.string()).min(1),
  active_record_encryption_key_derivation_salt: z.string(),
});
export type RailsKeys = z.output<typeof RailsKeys>;

const SecretsFile = z.object({ production: RailsKeys });

/** Keys as the chart would make them, but out of the seed, the one for OpenID Connect excepted. */
export const makeRailsKeys = (values: SeededValues): RailsKeys => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return {
    secret_key_base: values.hex('secret_key_base', 128),
    otp_key_base: values.hex('otp_key_base', 128),
    db_key_base: values.hex('db_key_base', 128),
    encrypted_settings_key_base: values.hex('encrypted_settings_key_base', 128),
    openid_connect_signing_key: privateKey,
    active_record_encryption_primary_key: [values.hex('primary_key', 32)],
    active_record_encryption_deterministic_key: [values.hex('deterministic_key', 32)],
    active_record_encryption_key_derivation_salt: values.hex('key_derivation_salt', 32),
  };
};

export const writeSecretsFile = (keys: RailsKeys): string => stringify({ production: keys });

/** @throws ZodError when a key is missing: GitLab would not start. */
export const readSecretsFile = (text: string): RailsKeys => SecretsFile.parse(parse(text)).production;
