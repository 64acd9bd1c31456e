import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listArchives, openArchiveStore } from '../../functions/clients/archive-store.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Descriptions and listings from answers that no S3 on this machine gives. */

const HEAD = {
  etag: '"0123456789abcdef0123456789abcdef-640"',
  'last-modified': 'Fri, 20 Nov 2026 01:00:00 GMT',
  'x-amz-version-id': 'v1',
};
const PATIENCE = { attempts: 2, attemptMs: 5_000, pauseMs: 1 };

let server: CannedServer;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

/** Each call is told by a header that only it has. */
const callOf = (headers: IncomingHttpHeaders): 'head' | 'attributes' | 'get' =>
  'x-amz-object-attributes' in headers ? 'attributes' : 'x-amz-checksum-mode' in headers ? 'head' : 'get';
const openOn = async (answers: Partial<Record<ReturnType<typeof callOf>, CannedAnswer>>) => {
  server = await startCannedServer((_, headers) => answers[callOf(headers)] ?? { status: 403 });
  return openArchiveStore({ bucket: 'b', key: 'k', client: connectS3(server.url), patience: PATIENCE });
};
const attributes = (etag: string, checksum: string): CannedAnswer => ({
  body: `<?xml version="1.0"?><R><ETag>${etag}</ETag><Checksum>${checksum}</Checksum></R>`,
});
const ETAG = HEAD.etag.replaceAll('"', '');

describe('a description', () => {
  it.each<[string, Record<string, string>, object | undefined]>([
    [
      'of the whole object',
      { 'x-amz-checksum-crc64nvme': 'abc=', 'x-amz-checksum-type': 'FULL_OBJECT' },
      { algorithm: 'CRC64NVME', value: 'abc=', type: 'full-object' },
    ],
    [
      'of the checksums of its parts',
      { 'x-amz-checksum-sha256': 'abc=-640', 'x-amz-checksum-type': 'COMPOSITE' },
      { algorithm: 'SHA256', value: 'abc=-640', type: 'composite' },
    ],
    [
      'of parts without a word about it',
      { 'x-amz-checksum-crc32': 'abc=-640' },
      { algorithm: 'CRC32', value: 'abc=-640', type: 'composite' },
    ],
    ['that S3 does not keep', {}, undefined],
  ])('has the checksum %s', async (_, headers, checksum) => {
    const store = await openOn({ head: { headers: { ...HEAD, 'content-length': '0', ...headers } } });
    expect((await store.describe()).checksum).toEqual(checksum);
  });

  it.each<[string, CannedAnswer, object | undefined]>([
    [
      'are asked for it when HEAD has none',
      attributes(ETAG, '<ChecksumCRC64NVME>x=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>'),
      { algorithm: 'CRC64NVME', value: 'x=', type: 'full-object' },
    ],
    ['of another object do not count', attributes('other', '<ChecksumCRC32>x=</ChecksumCRC32>'), undefined],
    ['may be forbidden', { status: 403 }, undefined],
    ['may not be implemented', { status: 501 }, undefined],
  ])('is whole though its attributes %s', async (_, answer, checksum) => {
    const store = await openOn({ head: { headers: { ...HEAD, 'content-length': '7' } }, attributes: answer });
    const described = await store.describe();
    expect(described).toMatchObject({ size: 7, etag: HEAD.etag, versionId: 'v1', storageClass: 'STANDARD' });
    expect(described.checksum).toEqual(checksum);
    expect(server.requests.at(-1)?.path).toContain('versionId=v1');
  });

  it('has sizes beyond 32 bits, exactly', async () => {
    const store = await openOn({ head: { headers: { ...HEAD, 'content-length': '5497558138881' } } });
    expect((await store.describe()).size).toBe(5_497_558_138_881);
  });

  it('that is refused says why, though the answer to a HEAD can not', async () => {
    const text =
      'User: arn:aws:iam::111122223333:role/r is not authorized to perform: kms:Decrypt on resource: k';
    const body = `<Error><Code>AccessDenied</Code><Message>${text}</Message></Error>`;
    const store = await openOn({ head: { status: 403 }, get: { status: 403, body } });
    await expect(store.describe()).rejects.toMatchObject({
      code: 'archive.forbidden',
      permission: 'kms:Decrypt',
    });
  });

  it('follows the bucket to its region, once for all that follow', async () => {
    const region = 'ap-southeast-9';
    server = await startCannedServer((_, headers) =>
      headers.authorization?.includes(region)
        ? { headers: { ...HEAD, 'content-length': '9', 'x-amz-checksum-crc32': 'x=' } }
        : { status: 301, headers: { 'x-amz-bucket-region': region } },
    );
    vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', '111122223333');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const store = openArchiveStore({ bucket: 'b', key: 'k', region: 'ap-southeast-8', patience: PATIENCE });
    const described = await Promise.all([store.describe(), store.describe()]);
    expect(described.map(({ size }) => size)).toEqual([9, 9]);
    await store.describe();
    expect(server.requests).toHaveLength(5);
  });
});

describe('a listing', () => {
  const keyOf = (day: number): string => `n/17000000${day}_2023_11_${day}_16.5.1-ee_gitlab_backup.tar`;
  const page = (day: number, next?: string): CannedAnswer => ({
    body:
      `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>` +
      (next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`) +
      `<Contents><Key>${keyOf(day)}</Key><Size>${day}</Size><LastModified>2023-11-14T00:00:00Z</LastModified></Contents>` +
      '</ListBucketResult>',
  });

  it('of several pages begins with the last of the last', async () => {
    server = await startCannedServer((path) =>
      path.includes('continuation-token=p3')
        ? page(13)
        : path.includes('=p2')
          ? page(12, 'p3')
          : page(11, 'p2'),
    );
    const place = { bucket: 'b', prefix: 'n/', client: connectS3(server.url) };
    const { archives, isCut } = await listArchives({ ...place, limit: 2 });
    expect(archives.map(({ key }) => key)).toEqual([keyOf(13), keyOf(12)]);
    expect(isCut).toBe(true);
    expect(server.requests).toHaveLength(3);
    // Folders are not walked through.
    expect(server.requests.every(({ path }) => path.includes('delimiter=%2F'))).toBe(true);
  });

  it('that never ends is cut, and says so', async () => {
    server = await startCannedServer(() => page(11, 'again'));
    const { archives, isCut } = await listArchives({
      bucket: 'b',
      limit: 3,
      prefix: 'n/',
      client: connectS3(server.url),
    });
    expect(archives).toHaveLength(3);
    expect(isCut).toBe(true);
    expect(server.requests).toHaveLength(200);
  });

  it('that is refused names its own right', async () => {
    server = await startCannedServer(() => ({
      status: 403,
      body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    }));
    await expect(listArchives({ bucket: 'b', client: connectS3(server.url) })).rejects.toMatchObject({
      code: 'archive.forbidden',
      permission: 's3:ListBucket',
      message: expect.stringContaining('s3://b/'),
    });
  });
});
