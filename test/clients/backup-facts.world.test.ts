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
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openBucketFacts } from '../../functions/clients/bucket-facts/open-bucket-facts.ts';
import type { BucketFacts } from '../../functions/clients/bucket-facts.ts';
import { openDatabases } from '../../functions/clients/databases/open-databases.ts';
import { openRoleSimulation } from '../../functions/clients/role-simulation/open-role-simulation.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeDatabases } from './contracts/databases.contract.ts';

/** What is asked before a backup, of the local AWS, with the real SDK on both sides of the wire. */

const local = useAws({ inEnvironment: true });
let buckets: BucketFacts;
const sdk = () => ({
  endpoint: local().aws.url,
  region: local().aws.region,
  credentials: local().aws.credentials,
});

beforeAll(() => {
  buckets = openBucketFacts(local().aws.region);
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

describe('a bucket', () => {
  const open = async (options: { readonly lock?: boolean; readonly versions?: boolean } = {}) => {
    const s3 = new S3Client({ ...sdk(), forcePathStyle: true });
    const Bucket = `acme-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: options.lock ?? false }));
    if (options.versions) {
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    return { s3, Bucket };
  };

  it('as it was made has no versions, no replica and no lock', async () => {
    const { Bucket } = await open();
    expect(await buckets.readVersions(Bucket)).toEqual({ versioning: 'off' });
    expect(await buckets.readReplicas(Bucket)).toEqual([]);
    expect(await buckets.readReplication(Bucket)).toEqual({ status: 'none' });
    expect(await buckets.readLock(Bucket)).toEqual({ enabled: false });
    expect(await buckets.readSize(Bucket)).toBeUndefined();
    expect(await buckets.readEncryption(Bucket)).toEqual({ algorithm: 'AES256' });
  });

  it('that is not there is missing, whatever is asked of it', async () => {
    await expect(buckets.readVersions('acme-gone')).rejects.toMatchObject({ code: 'bucket.missing' });
    await expect(buckets.readLock('acme-gone')).rejects.toMatchObject({ code: 'bucket.missing' });
  });

  it('with versions, a lifecycle rule and a replica tells all three', async () => {
    const { s3, Bucket } = await open({ versions: true });
    const replica = await open({ versions: true });
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
      Destination: { Bucket: `arn:aws:s3:::${replica.Bucket}` },
    };
    const Role = 'arn:aws:iam::111122223333:role/replication';
    await s3.send(
      new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role, Rules: [rule] } }),
    );
    expect(await buckets.readVersions(Bucket)).toEqual({ versioning: 'enabled', noncurrentDays: 90 });
    expect(await buckets.readReplicas(Bucket)).toEqual([{ rule: 'all', to: replica.Bucket, isWhole: true }]);
    expect(await buckets.readReplication(Bucket)).toMatchObject({ status: 'unknown', to: replica.Bucket });
  });

  it('with object lock and a key tells both, the key by its own name', async () => {
    const { s3, Bucket } = await open({ lock: true });
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
    expect(await buckets.readLock(Bucket)).toEqual({
      enabled: true,
      default: { mode: 'GOVERNANCE', days: 14 },
    });
    expect(await buckets.readEncryption(Bucket)).toEqual({ algorithm: 'aws:kms', kmsKey: KeyMetadata?.Arn });
  });

  it('is as large as its last count says', async () => {
    const { Bucket } = await open();
    const cloudwatch = new CloudWatchClient(sdk());
    const count = (MetricName: string, type: string, Value: number) => ({
      MetricName,
      Value,
      Timestamp: new Date(),
      Dimensions: [
        { Name: 'BucketName', Value: Bucket },
        { Name: 'StorageType', Value: type },
      ],
    });
    const MetricData = [
      count('BucketSizeBytes', 'StandardStorage', 5e9),
      count('BucketSizeBytes', 'StandardIAStorage', 2e12),
      count('NumberOfObjects', 'AllStorageTypes', 42),
    ];
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/S3', MetricData }));
    expect(await buckets.readSize(Bucket)).toMatchObject({ bytes: 2.005e12, objects: 42 });
  });
});
