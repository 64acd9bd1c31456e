import { fingerprintSecrets } from '../../../functions/backup/secrets/fingerprint.ts';
import type { SecretContent, SecretNeed } from '../../../functions/backup/secrets/secret-need.ts';
import type { SecretFingerprints } from '../../../functions/records/backup/secret-fingerprints.ts';

/** Secrets as they lie in a cluster, and their fingerprints. */

export const KEY = new Uint8Array(32).fill(7);
export const TAKEN_AT = new Date('2026-11-21T03:00:00Z');

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const content = (data: Readonly<Record<string, string>>): SecretContent => ({
  state: 'read',
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, bytes(value)])),
});

export const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nxUVp\n-----END RSA PRIVATE KEY-----\n';

/** What a `secrets.yml` of GitLab 18 and 19 holds. */
export const RAILS = {
  secret_key_base: 'a1'.repeat(64),
  otp_key_base: 'b2'.repeat(64),
  db_key_base: 'c3'.repeat(64),
  encrypted_settings_key_base: 'd4'.repeat(64),
  openid_connect_signing_key: PEM,
  active_record_encryption_primary_key: ['first-primary', 'second-primary'],
  active_record_encryption_deterministic_key: ['first-deterministic'],
  active_record_encryption_key_derivation_salt: 'salt'.repeat(8),
} satisfies Record<string, string | string[]>;

export type RailsValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** As the chart writes it: lists as lists, the PEM as a block. */
export const railsYaml = (changes: RailsValues = {}): string => {
  const lines = Object.entries({ ...RAILS, ...changes }).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value !== 'string') return [`  ${key}:`, ...value.map((item) => `    - ${item}`)];
    if (!value.includes('\n')) return [`  ${key}: ${value}`];
    return [
      `  ${key}: |`,
      ...value
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
    ];
  });
  return ['production:', ...lines, ''].join('\n');
};

export const need = (id: string, more: Partial<SecretNeed> = {}): SecretNeed => ({
  id,
  name: `gitlab-${id}`,
  need: 'required',
  purpose: 'data',
  why: 'Something is lost without it.',
  ...more,
});

/** Fingerprints of what is given by id; each secret as `need` makes it. */
export const fingerprintsOf = (
  contents: readonly (readonly [SecretNeed, SecretContent])[],
  key = KEY,
): SecretFingerprints =>
  fingerprintSecrets(
    { environment: 'production', takenAt: TAKEN_AT, key },
    contents.map(([one]) => one),
    new Map(contents.map(([one, found]) => [one.name, found])),
  );

export const RAILS_NEED = need('rails-secret');

export const railsFingerprints = (changes: RailsValues = {}): SecretFingerprints =>
  fingerprintsOf([[RAILS_NEED, content({ 'secrets.yml': railsYaml(changes) })]]);
