import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { BucketLocation, KeyLocation } from '../functions/records/configuration/backup-location.ts';
import type { BackupSettings } from '../functions/records/configuration.ts';
import { vaultRoleArn } from './backup-roles.ts';
import {
  ARCHIVE_RIGHTS,
  allowKeyByS3,
  allowRoles,
  allowSealing,
  allowTools,
  COPY_RIGHTS,
  denyLocks,
  SECRET_RIGHTS,
  type VaultOwner,
} from './backup-vault-policies.ts';
import { acknowledge } from './constructs/compliance.ts';

type Lock = BackupSettings['lock'];

export interface BackupVaultProps extends StackProps {
  readonly owner: VaultOwner;
  readonly lock: Lock;
  readonly archives: BucketLocation;
  readonly secrets: BucketLocation & { readonly key: KeyLocation };
}

/** Days after which parts of an upload that nobody finished are gone; a backup takes up to two. */
const UNFINISHED_DAYS = 7;

/**
 * Where the archives and the secrets of one environment lie: apart from the site, if possible in another account, under
 * a lock that no role of the site can open. Nothing of it goes with the stack.
 */
export class BackupVault extends Stack {
  constructor(scope: Construct, id: string, { owner, lock, archives, secrets, ...props }: BackupVaultProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const key = makeKey(this, 'ArchivesKey', archives.key, `archives of ${owner.environment}`);
    const archivesBucket = makeBucket(this, 'Archives', archives, lock, key);
    addPolicies(archivesBucket, [
      ...allowTools(owner, archives.arn),
      ...allowRoles(owner, ARCHIVE_RIGHTS, archives.arn),
      ...denyLocks(owner, archives.arn),
    ]);
    addKeyPolicies(key, [
      allowKeyByS3(owner.toolRole, ['kms:Decrypt', 'kms:GenerateDataKey'], archives.region),
      ...(owner.scratchRole ? [allowKeyByS3(owner.scratchRole, ['kms:Decrypt'], archives.region)] : []),
      allowKeyByS3(vaultRoleArn(owner.site, 'verify'), ['kms:Decrypt'], archives.region),
      allowKeyByS3(vaultRoleArn(owner.site, 'copy'), ['kms:Decrypt'], archives.region),
    ]);

    const sealing = makeKey(this, 'SecretsKey', secrets.key, `secrets of ${owner.environment}`);
    // They are sealed before S3 sees them; a second key around them would be one more that can be lost.
    const secretsBucket = makeBucket(this, 'Secrets', secrets, lock, undefined);
    addPolicies(secretsBucket, [
      ...allowRoles(owner, SECRET_RIGHTS, secrets.arn),
      ...denyLocks(owner, secrets.arn),
    ]);
    addKeyPolicies(sealing, allowSealing(owner));

    output(this, 'ArchivesBucketName', archivesBucket.bucketName);
    output(this, 'ArchivesKeyArn', key.keyArn);
    output(this, 'SecretsBucketName', secretsBucket.bucketName);
    output(this, 'SecretsKeyArn', sealing.keyArn);
  }
}

export interface BackupCopyVaultProps extends StackProps {
  readonly owner: VaultOwner;
  readonly lock: Lock;
  readonly copy: BucketLocation;
}

/** Where copies of the archives lie, in another region of the same account. */
export class BackupCopyVault extends Stack {
  constructor(scope: Construct, id: string, { owner, lock, copy, ...props }: BackupCopyVaultProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const key = makeKey(this, 'CopiesKey', copy.key, `copies of the archives of ${owner.environment}`);
    const bucket = makeBucket(this, 'Copies', copy, lock, key);
    addPolicies(bucket, [...allowRoles(owner, COPY_RIGHTS, copy.arn), ...denyLocks(owner, copy.arn)]);
    addKeyPolicies(key, [
      allowKeyByS3(vaultRoleArn(owner.site, 'copy'), ['kms:Decrypt', 'kms:GenerateDataKey'], copy.region),
    ]);
    output(this, 'CopiesBucketName', bucket.bucketName);
    output(this, 'CopiesKeyArn', key.keyArn);
  }
}

/** One of ours by its alias; a key that drydock.yaml names by its ARN is somebody's, with a policy of its own. */
const makeKey = (scope: Stack, id: string, location: KeyLocation | undefined, what: string): IKey => {
  if (!location) throw new Error(`${id} has no place, and a vault always has one for its keys.`);
  if (location.isForeign || location.alias === undefined) return Key.fromKeyArn(scope, id, location.arn);
  const key = new Key(scope, id, {
    description: `Drydock backups: ${what}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const alias = new Alias(scope, `${id}Alias`, { aliasName: location.alias, targetKey: key });
  alias.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return key;
};

const makeBucket = (
  scope: Stack,
  id: string,
  { bucket: bucketName }: BucketLocation,
  lock: Lock,
  key: IKey | undefined,
): Bucket => {
  const bucket = new Bucket(scope, id, {
    bucketName,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention: retentionOf(lock),
    ...(key
      ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        id: 'unfinished',
        abortIncompleteMultipartUploadAfter: Duration.days(UNFINISHED_DAYS),
        expiredObjectDeleteMarker: true,
      },
    ],
  });
  acknowledge(bucket, 'AwsSolutions-S1', ACCESS_LOG_REASON);
  return bucket;
};

const retentionOf = (lock: Lock): ObjectLockRetention => {
  const days = Duration.days(lock.days);
  return lock.mode === 'compliance'
    ? ObjectLockRetention.compliance(days)
    : ObjectLockRetention.governance(days);
};

const addPolicies = (bucket: Bucket, statements: readonly PolicyStatement[]): void => {
  for (const statement of statements) bucket.addToResourcePolicy(statement);
  // The bucket outlives the stack, so what it refuses must as well.
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
};

const addKeyPolicies = (key: IKey, statements: readonly PolicyStatement[]): void => {
  for (const statement of statements) key.addToResourcePolicy(statement);
};

const output = (scope: Stack, name: string, value: string): void => {
  new CfnOutput(scope, `${name}Output`, { value }).overrideLogicalId(name);
};

const ACCESS_LOG_REASON =
  'CloudTrail data events tell who touched which archive, where an account has them; a bucket of access logs beside ' +
  'each vault would be one more that has to be kept from the same people.';
