import { afterEach, describe, expect, it } from 'vitest';
import { openObjectKeys } from '../../functions/clients/object-keys.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Names of objects, page by page; answers as S3 writes them. */

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const page = (keys: readonly string[], isTruncated = false): CannedAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>${isTruncated}</IsTruncated>${keys
    .map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
    .join('')}</ListBucketResult>`,
});
const refusal = (status: number, code: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

type Answer = (path: string, count: number) => CannedAnswer;
const open = async (answer: Answer) => {
  let count = 0;
  const canned = await startCannedServer((path) => answer(path, ++count));
  server = canned;
  const patience = { attempts: 2, attemptMs: 5_000, pauseMs: 1 };
  return openObjectKeys('eu-central-1', { client: connectS3(canned.url), patience });
};
const list = async (answer: Answer, after?: string) =>
  (await open(answer)).list('acme-gitaly', 'manifests/', after);
const find = async (answer: Answer) => (await open(answer)).find('acme-backups', '1_gitlab_backup.tar');

describe('names of objects', () => {
  it('come under a prefix, with whether there is more', async () => {
    expect(await list(() => page(['manifests/a', 'manifests/b'], true))).toEqual({
      keys: ['manifests/a', 'manifests/b'],
      more: true,
    });
    const asked = new URL(server?.requests[0]?.path ?? '', 'http://test');
    expect(asked.pathname).toMatch(/^\/acme-gitaly\/?$/);
    expect(asked.searchParams.get('prefix')).toBe('manifests/');
    expect(asked.searchParams.has('start-after')).toBe(false);
  });

  it('go on behind the last one of before', async () => {
    expect(await list(() => page(['manifests/c']), 'manifests/b')).toEqual({
      keys: ['manifests/c'],
      more: false,
    });
    expect(server?.requests[0]?.path).toContain('start-after=manifests%2Fb');
  });

  it('of an empty bucket are none', async () => {
    expect(await list(() => page([]))).toEqual({ keys: [], more: false });
  });

  it('are asked for again when S3 is busy', async () => {
    const answer = (_: string, count: number) =>
      count === 1 ? refusal(503, 'SlowDown') : page(['manifests/a']);
    expect(await list(answer)).toMatchObject({ keys: ['manifests/a'] });
  });

  it.each([
    ['AccessDenied', 403, { code: 'archive.forbidden', permission: 's3:ListBucket' }],
    ['NoSuchBucket', 404, { code: 'archive.no-bucket' }],
    ['SlowDown', 503, { code: 'archive.unavailable' }],
  ])('%s ends in an error that says what helps', async (code, status, expected) => {
    await expect(list(() => refusal(status, code))).rejects.toMatchObject(expected);
  });
});

const AT = '2026-11-21T03:10:00.000Z';
const object = (
  key: string,
  told = `<Size>40000000000</Size><ETag>"e-4"</ETag><LastModified>${AT}</LastModified>`,
) => ({
  ...page([]),
  body: `<?xml version="1.0"?><ListBucketResult><Contents><Key>${key}</Key>${told}</Contents></ListBucketResult>`,
});

describe('one object', () => {
  it('is found with its size, entity tag and time, by a list of one name', async () => {
    expect(await find(() => object('1_gitlab_backup.tar'))).toEqual({
      size: 40_000_000_000,
      etag: '"e-4"',
      lastModified: AT,
    });
    const asked = new URL(server?.requests[0]?.path ?? '', 'http://test');
    expect(asked.pathname).toMatch(/^\/acme-backups\/?$/);
    expect(asked.searchParams.get('prefix')).toBe('1_gitlab_backup.tar');
    expect(asked.searchParams.get('max-keys')).toBe('1');
  });

  it.each([
    ['nothing begins with its name', page([])],
    ['a longer name begins with it', object('1_gitlab_backup.tar.part')],
  ])('is not there when %s', async (_, answer) => {
    expect(await find(() => answer)).toBeUndefined();
  });

  it('is asked for again when the answer tells no entity tag, and is then not known', async () => {
    const answer = () => object('1_gitlab_backup.tar', '<Size>1</Size>');
    await expect(find(answer)).rejects.toMatchObject({ code: 'archive.unavailable' });
    expect(server?.requests).toHaveLength(2);
  });

  it('needs the right to list', async () => {
    await expect(find(() => refusal(403, 'AccessDenied'))).rejects.toMatchObject({
      code: 'archive.forbidden',
      permission: 's3:ListBucket',
    });
  });
});
