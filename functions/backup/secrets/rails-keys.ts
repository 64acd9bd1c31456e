/** The keys of `secrets.yml`, and what each one opens. */

export interface RailsKey {
  readonly name: string;
  /** `list`: the last item encrypts, all of them decrypt. `pem`: a private key of several lines. */
  readonly shape: 'text' | 'list' | 'pem';
  /** `data`: what it encrypted is lost with it. `noticed`: nothing is lost, and somebody will notice. */
  readonly losing: 'data' | 'noticed';
  /** What another value does to a restored GitLab, as a sentence. */
  readonly means: string;
}

/** The one secret of which each key counts by itself, and the one key of it. */
export const RAILS_SECRET = 'rails-secret';
export const SECRETS_FILE = 'secrets.yml';

/** The top of the file: charts run Rails in this environment. */
export const RAILS_ENVIRONMENT = 'production';

/**
 * Source: GitLab documentation, development guide, "Application secrets", and administration, "Back up and restore",
 * "Storing configuration files"; GitLab chart, templates/shared-secrets, `railsSecrets`; Rails guides, "Active Record
 * Encryption", "Rotating keys".
 */
export const RAILS_KEYS: readonly RailsKey[] = [
  {
    name: 'db_key_base',
    shape: 'text',
    losing: 'data',
    means:
      'CI variables, runner tokens, mirrors and integrations in the database can not be decrypted, and access tokens no longer fit.',
  },
  {
    name: 'otp_key_base',
    shape: 'text',
    losing: 'data',
    means: 'Users with two-factor authentication can not sign in.',
  },
  {
    name: 'encrypted_settings_key_base',
    shape: 'text',
    losing: 'data',
    means: 'Encrypted settings files can not be read.',
  },
  {
    name: 'active_record_encryption_primary_key',
    shape: 'list',
    losing: 'data',
    means: 'Encrypted columns of the database can not be decrypted.',
  },
  {
    name: 'active_record_encryption_deterministic_key',
    shape: 'list',
    losing: 'data',
    means: 'Encrypted columns of the database that are searched in can not be decrypted.',
  },
  {
    name: 'active_record_encryption_key_derivation_salt',
    shape: 'text',
    losing: 'data',
    means: 'Every key of the encrypted columns is derived by it, so that none of them can be decrypted.',
  },
  {
    name: 'secret_key_base',
    shape: 'text',
    losing: 'noticed',
    means: 'Sessions end, and signed links in mails no longer work.',
  },
  {
    name: 'openid_connect_signing_key',
    shape: 'pem',
    losing: 'noticed',
    means: 'Tokens that were issued before no longer verify, until their readers fetch the new public key.',
  },
];

const BY_NAME: ReadonlyMap<string, RailsKey> = new Map(RAILS_KEYS.map((key) => [key.name, key]));

export const findRailsKey = (name: string): RailsKey | undefined => BY_NAME.get(name);
