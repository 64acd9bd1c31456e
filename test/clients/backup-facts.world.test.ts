import { randomUUID } from 'node:crypto';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { openBucketFacts } from '../../functions/clients/bucket-facts/open-bucket-facts.ts';
import { openDatabases } from '../../functions/clients/databases/open-databases.ts';
import { openRoleSimulation } from '../../functions/clients/role-simulation/open-role-simulation.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeBucketFacts } from './contracts/bucket-facts.contract.ts';
import { describeDatabases } from './contracts/databases.contract.ts';

/** What is asked before a backup, of the local AWS, with the real SDK on both sides of the wire. */

const local = useAws({ inEnvironment: true });
const sdk = () => ({
  endpoint: local().aws.url,
  region: local().aws.region,
  credentials: local().aws.credentials,
});

describe('a role', () => {
  it('may what its policies allow, and nothing that they deny or do not name', async () => {
    const iam = new IAMClient(sdk());
    const RoleName = `backup-${randomUUID().slice(0, 8)}`;
    const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    const Statement = [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme-*' },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::acme-uploads/*' },
      { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-uploads/*' },
    ];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'buckets', PolicyDocument }));
    const answers = await openRoleSimulation(local().aws.region).simulate(Role?.Arn ?? '', [
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::acme-uploads' },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::acme-uploads/*' },
      { action: 's3:PutObject', resource: 'arn:aws:s3:::acme-uploads/*' },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::other' },
    ]);
    expect(answers.map(({ decision }) => decision)).toEqual([
      'allowed',
      'allowed',
      'explicitDeny',
      'implicitDeny',
    ]);
  });
});

const READY = { status: 'available' };

const makeDatabase = async (DBInstanceIdentifier: string): Promise<string> => {
  const rds = new RDSClient(sdk());
  const shape = { Engine: 'postgres', DBInstanceClass: 'db.m7g.large', AllocatedStorage: 100 };
  const owner = { MasterUsername: 'gitlab', MasterUserPassword: randomUUID(), BackupRetentionPeriod: 7 };
  await rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, ...shape, ...owner }));
  const databases = openDatabases(local().aws.region);
  const look = async () => expect(await databases.describe(DBInstanceIdentifier)).toMatchObject(READY);
  await vi.waitFor(look, { timeout: 30_000, interval: 200 });
  return DBInstanceIdentifier;
};

describeDatabases('the local AWS', async () => ({
  databases: openDatabases(local().aws.region),
  instance: await makeDatabase('gitlab-db'),
  other: await makeDatabase('other-db'),
}));

describeBucketFacts('the local AWS', async () => {
  const { bucket: bare } = await makeBucket();
  const { bucket: replica } = await makeBucket({ versions: true });
  const { bucket: versioned, s3 } = await makeBucket({ versions: true });
  await copyAll(s3, versioned, replica);
  const { bucket: locked } = await makeBucket({ lock: true });
  const key = await protect(s3, locked);
  const { bucket: counted } = await makeBucket();
  await count(counted);
  return { buckets: openBucketFacts(local().aws.region), bare, versioned, replica, locked, key, counted };
});

const makeBucket = async (options: { readonly lock?: boolean; readonly versions?: boolean } = {}) => {
  const s3 = new S3Client({ ...sdk(), forcePathStyle: true });
  const Bucket = `acme-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: options.lock ?? false }));
  if (options.versions) {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  return { s3, bucket: Bucket };
};

/** Versions that last for 90 days, and a rule that copies every object. */
const copyAll = async (s3: S3Client, Bucket: string, replica: string): Promise<void> => {
  const expiry = { NoncurrentVersionExpiration: { NoncurrentDays: 90 } };
  const LifecycleConfiguration = {
    Rules: [{ ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: '' }, ...expiry }],
  };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
  const rule = {
    ID: 'all',
    Status: 'Enabled' as const,
    Priority: 1,
    Filter: { Prefix: '' },
    DeleteMarkerReplication: { Status: 'Disabled' as const },
    Destination: { Bucket: `arn:aws:s3:::${replica}` },
  };
  const Role = 'arn:aws:iam::111122223333:role/replication';
  await s3.send(
    new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role, Rules: [rule] } }),
  );
};

/** Object lock and a key, which the bucket names by its alias. @returns the own name of the key. */
const protect = async (s3: S3Client, Bucket: string): Promise<string> => {
  const retention = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 14 } };
  const lock = { ObjectLockEnabled: 'Enabled' as const, Rule: retention };
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
  const kms = new KMSClient(sdk());
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const AliasName = `alias/archives-${randomUUID()}`;
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
  const encryption = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: AliasName };
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: encryption }] },
    }),
  );
  return KeyMetadata?.Arn ?? '';
};

/** As S3 counts it once a day, of each storage class. */
const count = async (bucket: string): Promise<void> => {
  const metric = (MetricName: string, type: string, Value: number) => ({
    MetricName,
    Value,
    Timestamp: new Date(),
    Dimensions: [
      { Name: 'BucketName', Value: bucket },
      { Name: 'StorageType', Value: type },
    ],
  });
  const MetricData = [
    metric('BucketSizeBytes', 'StandardStorage', 5e9),
    metric('BucketSizeBytes', 'StandardIAStorage', 2e12),
    metric('NumberOfObjects', 'AllStorageTypes', 42),
  ];
  await new CloudWatchClient(sdk()).send(new PutMetricDataCommand({ Namespace: 'AWS/S3', MetricData }));
};
