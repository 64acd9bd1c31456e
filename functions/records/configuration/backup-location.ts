import { partitionOf } from '../partition.ts';
import type { BackupSettings } from './backup.ts';

/** Where the buckets and keys of a backup really are: the section leaves out what follows from the site. */

/** A KMS key in an account and region. */
export interface KeyLocation {
  /** ARN of the key or of its alias: a bare alias would be looked for in the account of whoever asks. */
  readonly arn: string;
  /** `alias/gitlab-backups`; absent where the key itself is named. */
  readonly alias?: string;
  /** Named by a whole ARN: somebody keeps it, with a policy of its own. */
  readonly isForeign: boolean;
}

export interface BucketLocation {
  readonly bucket: string;
  /** ARN. */
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Absent where the bucket's own default encrypts. */
  readonly key?: KeyLocation;
}

export interface BackupLocation {
  readonly archives: BucketLocation;
  readonly secrets: BucketLocation & { readonly key: KeyLocation };
  readonly copy?: BucketLocation;
}

/** The alias of the key that a vault makes where the configuration names none. */
export const vaultAlias = (environment: string, place: 'archives' | 'copy'): string =>
  `alias/drydock-vault-${environment}${place === 'copy' ? '-copy' : ''}`;

/**
 * Locates the buckets and keys of one environment. Secrets lie in the account and region of the archives, under another
 * key; a copy lies in the same account.
 *
 * @param site the account and region of the environment's site, in which a destination without its own is.
 */
export const locateBackup = (
  environment: string,
  settings: Pick<BackupSettings, 'destination' | 'secrets' | 'copy'>,
  site: { readonly account: string; readonly region: string },
): BackupLocation => {
  const { destination, secrets, copy } = settings;
  const account = destination.account ?? site.account;
  const region = destination.region ?? site.region;
  // Whoever made the bucket chose its key; what the vault makes has one by this alias.
  const made = (place: 'archives' | 'copy') =>
    destination.create ? vaultAlias(environment, place) : undefined;
  const bucketAt = (bucket: string, where: string, key: string | undefined) => ({
    bucket,
    arn: `arn:${partitionOf(where)}:s3:::${bucket}`,
    account,
    region: where,
    ...(key === undefined ? {} : { key: locateKey(key, account, where) }),
  });
  return {
    archives: bucketAt(destination.bucket, region, destination.kmsKey ?? made('archives')),
    secrets: {
      ...bucketAt(secrets.bucket, region, undefined),
      key: locateKey(secrets.kmsKey, account, region),
    },
    ...(copy && { copy: bucketAt(copy.bucket, copy.region, made('copy')) }),
  };
};

const locateKey = (key: string, account: string, region: string): KeyLocation => {
  const isForeign = key.startsWith('arn:');
  const arn = isForeign ? key : `arn:${partitionOf(region)}:kms:${region}:${account}:${key}`;
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  return name.startsWith('alias/') ? { arn, alias: name, isForeign } : { arn, isForeign };
};
