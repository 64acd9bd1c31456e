import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import { startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { layOutArchive } from '../../infra/local/large-objects/virtual-archive.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { openRoleSession } from '../support/role-session.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeArchiveStore } from './contracts/archive-store.contract.ts';
import { describeSameReads } from './contracts/same-reads.contract.ts';

/** The archive store on real S3 calls with rights that are enforced; and the stand-in, held against the same S3. */

const PLAN = { seed: 'world', bytes: 500_000, members: 30, databaseBytes: 100_000 };
const BYTES = layOutArchive(PLAN);
const CONTENT = BYTES.read(0, BYTES.size);

const local = useAws();
beforeAll(async () => {
  for (const Bucket of ['versioned', 'plain']) await local().s3.send(new CreateBucketCommand({ Bucket }));
  const versioning = { Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' as const } };
  await local().s3.send(new PutBucketVersioningCommand(versioning));
});

const put = async (key: string, more: Partial<PutObjectCommandInput> = {}): Promise<void> =>
  void (await local().s3.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body: CONTENT, ...more })));

describeArchiveStore('the S3 of the local AWS', () => ({
  client: local().s3,
  versioned: 'versioned',
  plain: 'plain',
  put: async (Bucket, Key, plan) => {
    const archive = layOutArchive(plan);
    await local().s3.send(new PutObjectCommand({ Bucket, Key, Body: archive.read(0, archive.size) }));
  },
  delete: async (Bucket, Key) => void (await local().s3.send(new DeleteObjectCommand({ Bucket, Key }))),
}));

describe('rights, keys and classes', () => {
  const openAs = async (role: string, actions: readonly string[], key: string) => {
    const { environment } = await openRoleSession(local().aws, role, actions);
    const client = new S3Client({
      endpoint: local().aws.url,
      region: local().aws.region,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: {
        accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
        sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
      },
    });
    return openArchiveStore({ bucket: 'plain', key, client });
  };

  it('a role that may read nothing is told which right it lacks', async () => {
    await put('rights.tar');
    const store = await openAs('lister', ['s3:ListBucket'], 'rights.tar');
    const forbidden = { name: 'RefusedError', code: 'archive.forbidden', permission: 's3:GetObject' };
    await expect(store.describe()).rejects.toMatchObject(forbidden);
    const described = await openArchiveStore({
      bucket: 'plain',
      key: 'rights.tar',
      client: local().s3,
    }).describe();
    await expect(store.open(described).read(0, 512)).rejects.toMatchObject(forbidden);
  });

  it('s3:GetObject is enough for one that may read no attributes', async () => {
    const store = await openAs('reader', ['s3:GetObject'], 'rights.tar');
    const described = await store.describe();
    expect(described.size).toBe(CONTENT.length);
    expect(Buffer.from(await store.open(described).read(0, 2_000)).equals(CONTENT.subarray(0, 2_000))).toBe(
      true,
    );
  });

  it('the checksum is the one that S3 took when it was written', async () => {
    await put('checksum.tar', { ChecksumAlgorithm: 'CRC64NVME' });
    const head = new HeadObjectCommand({ Bucket: 'plain', Key: 'checksum.tar', ChecksumMode: 'ENABLED' });
    const { ChecksumCRC64NVME: value } = await local().s3.send(head);
    const { checksum } = await openArchiveStore({
      bucket: 'plain',
      key: 'checksum.tar',
      client: local().s3,
    }).describe();
    expect(checksum).toEqual({ algorithm: 'CRC64NVME', value, type: 'full-object' });
    expect(value).toMatch(/^.{11}=$/);
  });

  it('what lies in Glacier is described, and refuses to be read until it is restored', async () => {
    await put('cold.tar', { StorageClass: 'GLACIER' });
    const store = openArchiveStore({ bucket: 'plain', key: 'cold.tar', client: local().s3 });
    const described = await store.describe();
    expect(described.storageClass).toBe('GLACIER');
    await expect(store.open(described).read(0, 512)).rejects.toMatchObject({ code: 'archive.archived' });
  });

  it('a lock is described with its end', async () => {
    await local().s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
    const until = new Date('2031-05-01T00:00:00Z');
    await put('locked.tar', {
      Bucket: 'locked',
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: until,
    });
    const described = await openArchiveStore({
      bucket: 'locked',
      key: 'locked.tar',
      client: local().s3,
    }).describe();
    expect(described).toMatchObject({ lockMode: 'GOVERNANCE', lockedUntil: until.toISOString() });
  });

  it('a bucket that is not there is told from an archive that is not', async () => {
    const store = openArchiveStore({ bucket: 'nowhere', key: 'a.tar', client: local().s3 });
    await expect(store.describe()).rejects.toMatchObject({ code: 'archive.no-bucket' });
  });
});

describe('the stand-in for large objects', () => {
  let large: S3Client;
  let stop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const stand = await startLargeObjects();
    stop = () => stand.stop();
    large = connectS3(stand.url, local().aws.credentials, local().aws.region);
    stand.put('versioned', 'parity/a.tar', PLAN);
    await put('parity/a.tar', { Bucket: 'versioned', ContentType: 'application/x-tar' });
  });
  afterAll(() => stop?.());

  const object = { Bucket: 'versioned', Key: 'parity/a.tar' };
  describeSameReads(object, CONTENT.length, () => ({ real: local().s3, standIn: large }));
});
