import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { BucketLocation, KeyLocation } from '../functions/records/configuration/backup-location.ts';
import { partitionOf } from '../functions/records/partition.ts';
import type { BackupSubject } from './backup-subjects.ts';
import { ARCHIVE_RIGHTS, COPY_RIGHTS, SECRET_RIGHTS, type VaultRights } from './backup-vault-policies.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';

/** What roles may do with buckets and keys of backups: the half that stands at the role; the other stands at the vault. */

/** The archives of a GitLab. */
export const grantArchives = (
  role: Role,
  { location: { archives } }: BackupSubject,
  as: keyof typeof ARCHIVE_RIGHTS,
): void => grantBucket(role, archives, ARCHIVE_RIGHTS[as]);

/** Their copies, where there are any. */
export const grantCopies = (
  role: Role,
  { location: { copy } }: BackupSubject,
  as: keyof typeof COPY_RIGHTS,
): void => {
  if (copy) grantBucket(role, copy, COPY_RIGHTS[as]);
};

/** The secrets of one environment, and none of another that has the same bucket. */
export const grantSecrets = (
  role: Role,
  { environment, location: { secrets } }: BackupSubject,
  as: keyof typeof SECRET_RIGHTS,
): void => grantBucket(role, secrets, SECRET_RIGHTS[as], `${environment}/*`);

const grantBucket = (role: Role, { arn }: BucketLocation, rights: VaultRights, keys = '*'): void => {
  const { bucket = [], objects = [] } = rights;
  role.addToPolicy(new PolicyStatement({ actions: [...bucket], resources: [arn] }));
  if (objects.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: [...objects], resources: [`${arn}/${keys}`] }));
  acknowledgeWildcard(role, `${arn}/${keys}`, OBJECTS_REASON);
};

/** The use of a key by S3, for what lies in a bucket. A key that nobody names is the bucket owner's to open. */
export const grantKeyByS3 = (
  role: Role,
  { account, region, key }: BucketLocation,
  actions: readonly string[],
): void => {
  const resource = key && !key.alias ? key.arn : anyKey(region, account);
  allowKey(role, actions, resource, {
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
    ...ofAlias(key),
  });
};

/** The sealing of secrets, for one environment. */
export const grantSealing = (role: Role, { environment, location: { secrets } }: BackupSubject): void => {
  const { key, account, region } = secrets;
  const resource = key.alias === undefined ? key.arn : anyKey(region, account);
  allowKey(role, ['kms:Decrypt', 'kms:GenerateDataKey'], resource, {
    StringEquals: { 'kms:EncryptionContext:environment': environment },
    ...ofAlias(key),
  });
};

/** IAM takes no alias as a resource. Source: AWS KMS Developer Guide, "Use aliases to control access to KMS keys". */
const ofAlias = (key: KeyLocation | undefined) =>
  key?.alias === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': key.alias } };

const anyKey = (region: string, account: string): string =>
  `arn:${partitionOf(region)}:kms:${region}:${account}:key/*`;

const allowKey = (
  role: Role,
  actions: readonly string[],
  resource: string,
  conditions: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void => {
  role.addToPolicy(
    new PolicyStatement({ actions: [...actions], resources: [resource], conditions: { ...conditions } }),
  );
  if (resource.endsWith('*')) acknowledgeWildcard(role, resource, KEY_REASON);
};

const OBJECTS_REASON = 'Archives and exports are named after moments, which nobody knows at a deploy.';
const KEY_REASON =
  'A key that is named by its alias has no other name at a deploy: the condition names the alias, or S3 for one bucket.';
