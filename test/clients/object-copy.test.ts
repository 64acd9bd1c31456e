import { afterEach, describe, expect, it, test } from 'vitest';
import { openObjectCopier } from '../../functions/clients/object-copy.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Questions and answers of S3 as its API reference has them. */

const servers: CannedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const xml = (name: string, inner: string): CannedAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${name}>`,
});

const open = async (answer: (path: string) => CannedAnswer) => {
  const server = await startCannedServer(answer);
  servers.push(server);
  const patience = { attempts: 2, attemptMs: 2_000, pauseMs: 1 };
  return { server, copier: openObjectCopier('eu-central-1', { client: connectS3(server.url), patience }) };
};

const folder = (name: string) => `<CommonPrefixes><Prefix>${name}/</Prefix></CommonPrefixes>`;

describe('folders of a bucket', () => {
  it('are listed to the last page', async () => {
    const { copier } = await open((path) =>
      path.includes('continuation-token=next')
        ? xml('ListBucketResult', folder('lfs.2'))
        : xml(
            'ListBucketResult',
            `${folder('uploads.1')}<NextContinuationToken>next</NextContinuationToken>`,
          ),
    );
    expect(await copier.listFolders('tmp')).toEqual(['uploads.1/', 'lfs.2/']);
  });

  it('have pages behind the last key that is done', async () => {
    const object = '<Contents><Key>uploads.1/b</Key><Size>7</Size></Contents>';
    const { copier, server } = await open(() =>
      xml('ListBucketResult', `<IsTruncated>true</IsTruncated>${object}`),
    );
    const page = await copier.listPage({ bucket: 'tmp', prefix: 'uploads.1/', after: 'uploads.1/a' });
    expect(page).toEqual({ objects: [{ key: 'uploads.1/b', size: 7 }], isLast: false });
    expect(server.requests[0]?.path).toContain('start-after=uploads.1%2Fa');
  });
});

describe('an object', () => {
  it('is copied in one request up to 5 GB, its key percent-encoded', async () => {
    const { copier, server } = await open(() => xml('CopyObjectResult', '<ETag>"e"</ETag>'));
    const from = { bucket: 'tmp', key: 'uploads.1/a b+ü.png', size: 5_000_000_000 };
    await copier.copy(from, { bucket: 'uploads', key: 'a b+ü.png' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['x-amz-copy-source']).toBe('tmp/uploads.1/a%20b%2B%C3%BC.png');
  });

  it('is copied in parts that cover every byte once when it is larger', async () => {
    const { copier, server } = await open((path) => {
      if (path.includes('uploads')) return xml('InitiateMultipartUploadResult', '<UploadId>u</UploadId>');
      if (path.includes('partNumber')) return xml('CopyPartResult', '<ETag>"p"</ETag>');
      return xml('CompleteMultipartUploadResult', '<ETag>"e"</ETag>');
    });
    const size = 5_000_000_001;
    await copier.copy({ bucket: 'tmp', key: 'x', size }, { bucket: 'objects', key: 'x' });
    const ranges = server.requests
      .flatMap(({ headers }) => /^bytes=(\d+)-(\d+)$/.exec(String(headers['x-amz-copy-source-range'])) ?? [])
      .filter((one) => /^\d+$/.test(one))
      .map(Number);
    const pairs = Array.from({ length: ranges.length / 2 }, (_, index) => [
      ranges[index * 2],
      ranges[index * 2 + 1],
    ]).toSorted(([a = 0], [b = 0]) => a - b);
    expect(pairs[0]?.[0]).toBe(0);
    expect(pairs.at(-1)?.[1]).toBe(size - 1);
    expect(pairs.slice(1).every(([first = 0], index) => first === (pairs[index]?.[1] ?? 0) + 1)).toBe(true);
  });

  it('keeps its headers when it is copied in parts, and comes from the version that was named', async () => {
    const { copier, server } = await open((path) => {
      if (path.includes('uploads')) return xml('InitiateMultipartUploadResult', '<UploadId>u</UploadId>');
      if (path.includes('partNumber')) return xml('CopyPartResult', '<ETag>"p"</ETag>');
      if (path.includes('uploadId')) return xml('CompleteMultipartUploadResult', '<ETag>"e"</ETag>');
      return { headers: { 'content-type': 'image/png', 'x-amz-meta-by': 'gitlab' } };
    });
    const from = { bucket: 'objects', key: 'a b', size: 6e9, versionId: 'v+1' };
    await copier.copy(from, { bucket: 'objects', key: 'a b' });
    const sent = server.requests.find(({ path }) => path.includes('uploads='));
    expect(sent?.headers).toMatchObject({ 'content-type': 'image/png', 'x-amz-meta-by': 'gitlab' });
    const sources = server.requests.flatMap(({ headers }) => headers['x-amz-copy-source'] ?? []);
    expect(new Set(sources)).toEqual(new Set(['objects/a%20b?versionId=v%2B1']));
  });

  it('leaves no upload behind when a part is refused', async () => {
    const denied = { status: 403, ...xml('Error', '<Code>AccessDenied</Code><Message>no</Message>') };
    const { copier, server } = await open((path) => {
      if (path.includes('uploads')) return xml('InitiateMultipartUploadResult', '<UploadId>u</UploadId>');
      return path.includes('partNumber') ? denied : {};
    });
    const copying = copier.copy({ bucket: 'tmp', key: 'x', size: 6e9 }, { bucket: 'objects', key: 'x' });
    await expect(copying).rejects.toMatchObject({ code: 'archive.forbidden' });
    expect(server.requests.some(({ path }) => path.startsWith('/objects/x?uploadId=u'))).toBe(true);
  });

  test.each([
    [403, 'AccessDenied', 'archive.forbidden'],
    [404, 'NoSuchKey', 'archive.gone'],
    [503, 'SlowDown', 'archive.unavailable'],
  ])('that S3 answers with %i %s fails as %s', async (status, code, expected) => {
    const { copier } = await open(() => ({
      status,
      ...xml('Error', `<Code>${code}</Code><Message>no</Message>`),
    }));
    const copying = copier.copy({ bucket: 'tmp', key: 'x', size: 1 }, { bucket: 'objects', key: 'x' });
    await expect(copying).rejects.toMatchObject({ code: expected });
  });
});
