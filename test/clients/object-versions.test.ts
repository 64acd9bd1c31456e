import { afterEach, describe, expect, it, test } from 'vitest';
import { openObjectVersions } from '../../functions/clients/object-versions.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Questions and answers of S3 as its API reference has them. */

const servers: CannedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const listed = (inner: string): CannedAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListVersionsResult>`,
});

const open = async (answer: CannedAnswer) => {
  const server = await startCannedServer(() => answer);
  servers.push(server);
  const patience = { attempts: 2, attemptMs: 2_000, pauseMs: 1 };
  return {
    server,
    versions: openObjectVersions('eu-central-1', { client: connectS3(server.url), patience }),
  };
};

const AT = '<LastModified>2026-11-21T03:00:00.000Z</LastModified>';
const VERSION = `<Version><Key>a</Key><VersionId>v1</VersionId><IsLatest>false</IsLatest>${AT}<ETag>"e"</ETag><Size>7</Size><StorageClass>GLACIER</StorageClass></Version>`;
const MARKER = `<DeleteMarker><Key>a</Key><VersionId>m1</VersionId><IsLatest>true</IsLatest>${AT}</DeleteMarker>`;

describe('versions of a bucket', () => {
  it('are listed with the delete markers between them, and where the list goes on', async () => {
    const more =
      '<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>';
    const { versions, server } = await open(listed(`${more}${MARKER}${VERSION}`));
    const at = '2026-11-21T03:00:00.000Z';
    expect(await versions.list('uploads', { key: 'A', versionId: 'v0' })).toEqual({
      versions: [
        {
          key: 'a',
          versionId: 'v1',
          at,
          isLatest: false,
          object: { size: 7, etag: '"e"', storageClass: 'GLACIER' },
        },
        { key: 'a', versionId: 'm1', at, isLatest: true },
      ],
      next: { key: 'a', versionId: 'v1' },
    });
    const path = server.requests[0]?.path ?? '';
    expect(path).toContain('key-marker=A');
    expect(path).toContain('version-id-marker=v0');
  });

  it('end with the last page', async () => {
    const { versions } = await open(listed(VERSION));
    expect((await versions.list('uploads', undefined)).next).toBeUndefined();
  });

  it('stay when a key gets a delete marker: no version is named', async () => {
    const { versions, server } = await open({ status: 204 });
    await versions.mark('uploads', 'a b');
    expect(server.requests.map(({ path }) => path)).toEqual(['/uploads/a%20b?x-id=DeleteObject']);
    expect(server.requests[0]?.path).not.toContain('versionId');
  });

  test.each([
    [403, 'AccessDenied', 'archive.forbidden'],
    [404, 'NoSuchBucket', 'archive.no-bucket'],
    [503, 'SlowDown', 'archive.unavailable'],
  ])('that S3 answers with %i %s fail as %s', async (status, code, expected) => {
    const body = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
    const { versions } = await open({ status, headers: { 'content-type': 'application/xml' }, body });
    await expect(versions.list('uploads', undefined)).rejects.toMatchObject({ code: expected });
  });
});
