import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerPages } from '../../functions/clients/ledger-pages.ts';
import type { ManifestStore } from '../../functions/clients/manifest-store.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { useFaultyAws } from '../support/faulty-aws.ts';

/** Pages and manifests on real S3 calls, and what they say when S3 refuses or is gone. */

const BUCKET = 'ledger';
const local = useFaultyAws('S3');
let proxy: FaultProxy;
let s3: S3Client;
let pages: LedgerPages;
let manifests: ManifestStore;

beforeAll(async () => {
  const { aws } = local();
  proxy = local().proxy;
  const { region, credentials } = aws;
  s3 = new S3Client({ endpoint: aws.url, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  pages = (await import('../../functions/clients/ledger-pages.ts')).connectPages(BUCKET);
  manifests = (await import('../../functions/clients/manifest-store.ts')).openManifests(BUCKET, 'blue');
});

const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

describe('pages', () => {
  it.each([
    ['report.html', 'text/html; charset=utf-8'],
    ['report.md', 'text/markdown; charset=utf-8'],
  ])('%s is shown by a browser as %s', async (key, contentType) => {
    await pages.write(key, 'Größe');
    expect(await pages.read(key)).toBe('Größe');
    const { ContentType } = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(ContentType).toBe(contentType);
  });

  it('a page is written over: it is made of a record, which stays', async () => {
    for (const text of ['first', 'second']) await pages.write('again.html', text);
    expect(await pages.read('again.html')).toBe('second');
  });

  it('of a page that is not there there is no text', async () => {
    expect(await pages.read('none.html')).toBeUndefined();
  });

  it.each([
    [403, 'RefusedError', 'ledger.forbidden'],
    [500, 'TransientError', 'ledger.unavailable'],
  ])('an answer of %i is %s %s, for writing and for reading', async (status, name, code) => {
    proxy.inject({}, { status, body: '<Error><Code>X</Code></Error>' }, Number.POSITIVE_INFINITY);
    await expect(pages.write('a.html', 'x')).rejects.toMatchObject({ name, code });
    await expect(pages.read('a.html')).rejects.toMatchObject({ name, code });
  });
});

describe('manifests', () => {
  it('of the cluster are listed by name, others and what is no manifest are not', async () => {
    await put('upgrade/manifests/blue/web/deployment.yaml', 'kind: Deployment');
    await put('upgrade/manifests/blue/notes.txt', 'notes');
    await put('upgrade/manifests/blue-green/other.yaml', 'kind: Other');
    expect(await manifests.list()).toEqual(['web/deployment.yaml']);
    expect(await manifests.read('web/deployment.yaml')).toEqual([
      { name: 'web/deployment.yaml', text: 'kind: Deployment' },
    ]);
  });

  it('one that is larger than a Lambda may hold is refused before it is read', async () => {
    await put('upgrade/manifests/blue/huge.yaml', 'x'.repeat(64 * 1024 * 1024 + 1));
    await expect(manifests.read('huge.yaml')).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'manifest.too-large',
      message: expect.stringContaining('more than 64 MB'),
    });
  });

  it('an S3 that refuses is said, and is no empty list', async () => {
    proxy.inject({}, { status: 403, body: '<Error><Code>X</Code></Error>' }, Number.POSITIVE_INFINITY);
    await expect(manifests.list()).rejects.toMatchObject({ code: 'ledger.forbidden' });
  });
});
