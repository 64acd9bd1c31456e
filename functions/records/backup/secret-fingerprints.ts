import * as z from 'zod';

/** By what a restore recognises the secrets of a set, without their values. */

/**
 * `required`: no GitLab without it. `when-used`: a part that is switched on does not work, or loses data, without it.
 * `optional`: can be made anew without a loss.
 */
export const SecretNeedWord = z.enum(['required', 'when-used', 'optional']);
export type SecretNeedWord = z.output<typeof SecretNeedWord>;

/**
 * What a secret is there for. `data`: what lies in the database can not be read without it. `identity`: others outside
 * know GitLab by it. `internal`: parts of GitLab know each other by it, any value that all have will do. `connection`:
 * it opens a service of this very environment.
 */
export const SecretPurpose = z.enum(['data', 'identity', 'internal', 'connection']);
export type SecretPurpose = z.output<typeof SecretPurpose>;

/** HMAC-SHA-256 in hex. */
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const SecretFingerprint = z.object({
  /** What it is, the same in every environment: `rails-secret`, `global.psql.password`. */
  id: z.string(),
  /** Its name in the cluster. */
  name: z.string(),
  need: SecretNeedWord,
  purpose: SecretPurpose,
  /** `absent`: there was none. `unreadable`: nobody could look, or what was there made no sense. */
  state: z.enum(['read', 'absent', 'unreadable']),
  /** By key; a list keeps its order, since its last item encrypts. */
  keys: z.record(z.string(), z.union([Digest, z.array(Digest)])),
});
export type SecretFingerprint = z.output<typeof SecretFingerprint>;

/** Part of a set's manifest. Only whoever may use the environment's fingerprint key can test a guess against it. */
export const SecretFingerprints = z.object({
  version: z.literal(1),
  environment: z.string(),
  /** Which key made them; under another one nothing can be compared. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  takenAt: z.iso.datetime(),
  secrets: z.array(SecretFingerprint),
});
export type SecretFingerprints = z.output<typeof SecretFingerprints>;
