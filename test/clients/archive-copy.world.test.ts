import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planCopy } from '../../functions/backup/copy/copy-plan.ts';
import { compareCopy } from '../../functions/backup/copy/copy-verdict.ts';
import { openArchiveCopier } from '../../functions/clients/archive-copy.ts';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { layOutArchive } from '../../infra/local/large-objects/virtual-archive.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { openRoleSession } from '../support/role-session.ts';
import { describeArchiveCopier } from './contracts/archive-copier.contract.ts';

/** The archive copier on real S3 calls with rights that are enforced. */

const stops: (() => Promise<void>)[] = [];
let aws: LocalAws;
let root: S3Client;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-copies-'));
  aws = await startAws({ folder, report: () => undefined });
  stops.push(
    () => aws.stop(),
    () => rm(folder, { recursive: true, force: true }),
  );
  root = connectS3(aws.url, aws.credentials, aws.region);
  for (const Bucket of ['archives', 'copies']) {
    await root.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const put = async (
  Bucket: string,
  Key: string,
  plan: Parameters<typeof layOutArchive>[0],
  more: object = {},
): Promise<void> => {
  const archive = layOutArchive(plan);
  await root.send(new PutObjectCommand({ Bucket, Key, Body: archive.read(0, archive.size), ...more }));
};

describeArchiveCopier('the S3 of the local AWS', () => ({
  client: root,
  source: 'archives',
  target: 'copies',
  put,
}));

describe('a copy', () => {
  const SMALL = { seed: 'small', bytes: 500_000, members: 30, databaseBytes: 100_000 };
  const prepare = async (key: string, client: S3Client) => {
    await put('archives', key, SMALL, { ChecksumAlgorithm: 'CRC64NVME' });
    const source = await openArchiveStore({ bucket: 'archives', key, client: root }).describe();
    const copier = openArchiveCopier({ region: aws.region, bucket: 'copies', key, client });
    return { source, copier, target: openArchiveStore({ bucket: 'copies', key, client: root }) };
  };
  const connectAs = async (role: string, actions: readonly string[]): Promise<S3Client> => {
    const { environment } = await openRoleSession(aws, role, actions);
    return new S3Client({
      endpoint: aws.url,
      region: aws.region,
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
    const { source, copier, target } = await prepare('checksum.tar', root);
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
