import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './compliance.ts';

export interface LedgerBucketProps {
  readonly key: IKey;
  /** How long current objects live, by prefix; what is not named lives until somebody deletes it. */
  readonly expiry: Readonly<Record<string, Duration>>;
}

/** Days that a version which was written over stays readable: time to notice, and to look at what was there. */
const NONCURRENT_DAYS = 90;

/** Entries of a history: written once, and nobody's to delete. */
const HISTORY = '*/history/*';

/**
 * All state of a site as JSON objects: versioned, encrypted, private, and left behind when the stack goes. Nobody can
 * delete an entry of a history or a version of anything while the policy of this bucket stands.
 */
export class LedgerBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: LedgerBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      // One data key for many objects: without it each read and write is a paid request to KMS.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'noncurrent',
          noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        ...Object.entries(props.expiry).map(expire),
      ],
    });
    this.bucket.addToResourcePolicy(
      this.deny('KeepHistory', ['s3:DeleteObject'], this.bucket.arnForObjects(HISTORY)),
    );
    this.bucket.addToResourcePolicy(
      this.deny('KeepVersions', ['s3:DeleteObjectVersion'], this.bucket.arnForObjects('*')),
    );
    // The bucket outlives the stack, so what it refuses must as well.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(this, 'AwsSolutions-S1', ACCESS_LOG_REASON);
  }

  /** Reading below these prefixes, and learning that something is not there (S3 says 403 without `ListBucket`). */
  grantRead(role: Role, ...prefixes: string[]): void {
    this.grant(role, ['s3:GetObject'], prefixes);
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    this.bucket.encryptionKey?.grant(role, 'kms:Decrypt');
  }

  /** Reading and writing below these prefixes. Writing over an object keeps its old version. */
  grantReadWrite(role: Role, ...prefixes: string[]): void {
    this.grantRead(role, ...prefixes);
    this.grantWrite(role, ...prefixes);
  }

  /** Writing below these prefixes. */
  grantWrite(role: Role, ...prefixes: string[]): void {
    this.grant(role, ['s3:PutObject'], prefixes);
    this.bucket.encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey*');
    acknowledge(role, 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]', KEY_REASON);
  }

  /** Taking away pointers that have served, below these prefixes; their old versions stay. */
  grantRemove(role: Role, ...prefixes: string[]): void {
    this.grant(role, ['s3:DeleteObject'], prefixes);
  }

  private grant(role: Role, actions: string[], prefixes: readonly string[]): void {
    const resources = prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`));
    role.addToPolicy(new PolicyStatement({ actions, resources }));
    for (const resource of resources) acknowledgeWildcard(role, resource, PREFIX_REASON);
  }

  private deny(sid: string, actions: string[], resource: string): PolicyStatement {
    return new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [resource],
    });
  }
}

const expire = ([prefix, age]: [string, Duration]): LifecycleRule => ({
  id: `expire-${prefix.replaceAll('/', '-').replace(/-$/, '')}`,
  prefix,
  expiration: age,
  // What expires is gone a day later, not NONCURRENT_DAYS later: an expiry is a promise.
  noncurrentVersionExpiration: Duration.days(1),
});

const ACCESS_LOG_REASON =
  'CloudTrail data events tell who touched which object, and every record names its execution; a second bucket full ' +
  'of access logs would add nothing but cost.';

const PREFIX_REASON =
  'The keys below a prefix of the ledger are made up at run time; other prefixes stay closed.';
const KEY_REASON =
  'KMS has two actions of that beginning, with and without the plain key, and S3 uses either.';
