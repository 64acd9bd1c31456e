import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { REPLACED_PREFIX } from '../functions/records/backup/restore-limits.ts';
import type { BucketLocation, KeyLocation } from '../functions/records/configuration/backup-location.ts';
import { partitionOf } from '../functions/records/partition.ts';
import type { BackupSubject } from './backup-subjects.ts';
import { ARCHIVE_RIGHTS, COPY_RIGHTS, SECRET_RIGHTS, type VaultRights } from './backup-vault-policies.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';
import { isLeftOut } from './stage.ts';

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

/** The secrets of its sets, and a place for those that a restore of them replaces. */
export const grantReplacedSecrets = (
  role: Role,
  { environment, location: { secrets } }: BackupSubject,
): void => {
  const { bucket } = SECRET_RIGHTS.restore;
  grantBucket(role, secrets, { bucket, objects: ['s3:GetObject'] }, `${environment}/*`);
  grantBucket(role, secrets, { objects: ['s3:PutObject'] }, `${environment}/sets/${REPLACED_PREFIX}*`);
};

const grantBucket = (role: Role, { arn }: BucketLocation, rights: VaultRights, keys = '*'): void => {
  const { bucket = [], objects = [] } = rights;
  if (bucket.length > 0) role.addToPolicy(new PolicyStatement({ actions: [...bucket], resources: [arn] }));
  if (objects.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: [...objects], resources: [`${arn}/${keys}`] }));
  acknowledgeWildcard(role, `${arn}/${keys}`, OBJECTS_REASON);
};

/** The use of a key by S3, for what lies in a bucket. A key that nobody names is the bucket owner's to open. */
export const grantKeyByS3 = (
  role: Role,
  { account, region, key }: Pick<BucketLocation, 'account' | 'region' | 'key'>,
  actions: readonly string[],
): void => {
  allowKey(role, actions, { key, region, account }, { 'kms:ViaService': `s3.${region}.amazonaws.com` });
};

/** The sealing of secrets, for one environment. */
export const grantSealing = (role: Role, { environment, location: { secrets } }: BackupSubject): void => {
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
  allowKey(role, actions, secrets, { 'kms:EncryptionContext:environment': environment });
};

/** IAM takes no alias as a resource. Source: AWS KMS Developer Guide, "Use aliases to control access to KMS keys". */
const allowKey = (
  role: Role,
  actions: readonly string[],
  { key, region, account }: KeyPlace,
  equal: Readonly<Record<string, string>>,
): void => {
  const any = `arn:${partitionOf(region)}:kms:${region}:${account}:key/*`;
  const named = key?.alias === undefined ? key?.arn : undefined;
  const conditions = {
    StringEquals: { ...equal },
    ...(key?.alias === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': key.alias } }),
  };
  role.addToPolicy(
    new PolicyStatement(
      isLeftOut(role, 'keyConditions')
        ? { actions: [...actions], resources: [any, ...(key ? [key.arn] : [])] }
        : { actions: [...actions], resources: [named ?? any], conditions },
    ),
  );
  acknowledgeWildcard(role, any, KEY_REASON);
};

interface KeyPlace {
  readonly key?: KeyLocation | undefined;
  readonly region: string;
  readonly account: string;
}

const OBJECTS_REASON = 'Archives and exports are named after moments, which nobody knows at a deploy.';
const KEY_REASON =
  'A key that is named by its alias has no other name at a deploy: the condition names the alias, or S3 for one bucket.';
