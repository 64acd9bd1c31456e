import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { planCopy } from '../../functions/backup/copy/copy-plan.ts';
import { compareCopy } from '../../functions/backup/copy/copy-verdict.ts';
import { openArchiveCopier } from '../../functions/clients/archive-copy.ts';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import { layOutArchive } from '../../infra/local/large-objects/virtual-archive.ts';
import { openRoleSession } from '../support/role-session.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeArchiveCopier } from './contracts/archive-copier.contract.ts';

/** The archive copier on real S3 calls with rights that are enforced. */

const local = useAws();
beforeAll(async () => {
  for (const Bucket of ['archives', 'copies']) {
    await local().s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await local().s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
});

const put = async (
  Bucket: string,
  Key: string,
  plan: Parameters<typeof layOutArchive>[0],
  more: object = {},
): Promise<void> => {
  const archive = layOutArchive(plan);
  await local().s3.send(new PutObjectCommand({ Bucket, Key, Body: archive.read(0, archive.size), ...more }));
};

describeArchiveCopier('the S3 of the local AWS', () => ({
  client: local().s3,
  source: 'archives',
  target: 'copies',
  put,
}));

describe('a copy', () => {
  const SMALL = { seed: 'small', bytes: 500_000, members: 30, databaseBytes: 100_000 };
  const prepare = async (key: string, client: S3Client) => {
    await put('archives', key, SMALL, { ChecksumAlgorithm: 'CRC64NVME' });
    const source = await openArchiveStore({ bucket: 'archives', key, client: local().s3 }).describe();
    const copier = openArchiveCopier({ region: local().aws.region, bucket: 'copies', key, client });
    return { source, copier, target: openArchiveStore({ bucket: 'copies', key, client: local().s3 }) };
  };
  const connectAs = async (role: string, actions: readonly string[]): Promise<S3Client> => {
    const { environment } = await openRoleSession(local().aws, role, actions);
    return new S3Client({
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
  };

  it('has the checksum that S3 took of the archive', async () => {
    const { source, copier, target } = await prepare('checksum.tar', local().s3);
    await copier.copyWhole(source, planCopy(source, undefined));
    const copy = await target.describe();
    expect(copy.checksum).toEqual(source.checksum);
    expect(compareCopy(source, copy)).toEqual({ state: 'verified' });
  });

  it.each([
    ['that may not write there', 'no-writer', ['s3:GetObject', 's3:GetObjectVersion']],
    ['that may not read the archive', 'no-reader', ['s3:PutObject']],
  ])('is refused to a role %s, and the message says which right', async (_, role, actions) => {
    const { source, copier } = await prepare(`${role}.tar`, await connectAs(role, actions));
    await expect(copier.copyWhole(source, planCopy(source, undefined))).rejects.toMatchObject({
      code: 'archive.forbidden',
      message: expect.stringMatching(/s3:PutObject|s3:GetObject/),
    });
  });
});
