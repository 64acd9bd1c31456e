import { generateKeyPairSync } from 'node:crypto';
import { stringify } from 'yaml';
import { OWN_SECRETS } from './names.ts';
import { type RailsKeys, writeSecretsFile } from './rails-secret.ts';
import type { SeededValues } from './seeded-values.ts';

/** Kubernetes Secrets by their names, each with its keys and texts. */
export type NamedSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The Secrets of a release: those that the Job of the chart's shared secrets makes at the first install, which runs in no
 * container here, and those that people make.
 *
 * Source: GitLab documentation, charts, "Configure secrets for the GitLab chart".
 */
export const makeSecrets = (
  release: string,
  values: SeededValues,
  {
    keys,
    databasePassword,
    region,
    registryBucket,
  }: {
    readonly keys: RailsKeys;
    readonly databasePassword: string;
    readonly region: string;
    readonly registryBucket: string;
  },
): NamedSecrets => {
  const random = (name: string): string => values.hex(`secret/${name}`, 64);
  const ofChart = {
    'rails-secret': { 'secrets.yml': writeSecretsFile(keys) },
    'gitlab-shell-secret': { secret: random('shell') },
    'gitlab-shell-host-keys': makeHostKeys(),
    'gitaly-secret': { token: random('gitaly') },
    'registry-secret': { 'registry-auth.key': makePrivateKey(), 'registry-auth.crt': '' },
    'registry-httpsecret': { secret: random('registry-http') },
    'registry-notification': { secret: JSON.stringify([random('registry-notification')]) },
    'gitlab-workhorse-secret': { shared_secret: random('workhorse') },
    'gitlab-kas-secret': { kas_shared_secret: random('kas') },
    'kas-private-api': { kas_private_api_secret: random('kas-private-api') },
    'kas-websocket-token': { kas_websocket_token_secret: random('kas-websocket') },
    'gitlab-pages-secret': { shared_secret: random('pages') },
    'gitlab-initial-root-password': { password: random('root') },
    'gitlab-runner-secret': { 'runner-registration-token': random('runner'), 'runner-token': '' },
  };
  const ofPeople = {
    [OWN_SECRETS.database]: { 'postgresql-password': databasePassword },
    [OWN_SECRETS.objectStorage]: {
      connection: stringify({ provider: 'AWS', region, use_iam_profile: true }),
    },
    [OWN_SECRETS.registryStorage]: {
      config: stringify({ s3: { bucket: registryBucket, region, v4auth: true } }),
    },
    [OWN_SECRETS.s3cfg]: { config: `[default]\nbucket_location = ${region}\npreserve_attrs = False\n` },
  };
  const named = Object.entries(ofChart).map(([suffix, data]) => [`${release}-${suffix}`, data] as const);
  return { ...Object.fromEntries(named), ...ofPeople };
};

const makePrivateKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

const makeHostKeys = (): Record<string, string> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { ssh_host_ed25519_key: privateKey, 'ssh_host_ed25519_key.pub': publicKey };
};
