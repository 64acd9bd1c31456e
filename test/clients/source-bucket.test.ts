import { afterEach, describe, expect, it } from 'vitest';
import { readSourceBucket } from '../../functions/clients/source-bucket.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Buckets that GitLab keeps objects in; answers as S3 writes them. */

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const list = (...keys: readonly string[]): CannedAnswer =>
  listDated(...keys.map((key) => [key, '2025-11-20T00:00:00.000Z'] as const));
const listDated = (...objects: readonly (readonly [string, string])[]): CannedAnswer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCount>${objects.length}</KeyCount>${objects
    .map(
      ([key, at]) => `<Contents><Key>${key}</Key><LastModified>${at}</LastModified><Size>1</Size></Contents>`,
    )
    .join('')}</ListBucketResult>`,
});

const read = async (answer: Parameters<typeof startCannedServer>[0], before?: Date) => {
  server = await startCannedServer(answer);
  const patience = { attempts: 2, attemptMs: 5_000, pauseMs: 1 };
  return readSourceBucket({ bucket: 'gl-uploads', before, client: connectS3(server.url), patience });
};

describe('the bucket of a part', () => {
  it('is empty when S3 lists nothing', async () => {
    expect(await read(() => list())).toBe('empty');
    expect(server?.requests.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\/gl-uploads\/?\?.*max-keys=1/),
    ]);
  });

  it('holds objects when S3 lists one, in a single request', async () => {
    expect(await read(() => list('@hashed/a/1.png'))).toBe('holds-objects');
    expect(server?.requests).toHaveLength(1);
  });

  it.each([
    ['empty', []],
    ['holds-objects', ['user/1.png']],
  ])('is %s by what stands behind the uploads that are not finished', async (state, behind) => {
    const answer = (path: string): CannedAnswer =>
      path.includes('start-after=tmp%2Fbuilds0') ? list(...behind) : list('tmp/builds/1');
    expect(await read(answer)).toBe(state);
  });

  it.each([
    ['holds-objects', 'an object is older', ['a', '2025-11-21T01:59:59.000Z']],
    ['unknown', 'all were written since', ['a', '2025-11-21T02:00:01.000Z']],
    ['empty', 'there is none now either', undefined],
  ] as const)('was %s at a moment when %s', async (state, _, object) => {
    const answer = object ? listDated(['b', '2026-01-01T00:00:00.000Z'], object) : list();
    expect(await read(() => answer, new Date('2025-11-21T02:00:00.000Z'))).toBe(state);
  });

  it('that may not be listed names the right that is missing', async () => {
    const refused = read(() => ({
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    }));
    await expect(refused).rejects.toMatchObject({ code: 'archive.forbidden', permission: 's3:ListBucket' });
  });

  it('that is busy is asked again', async () => {
    let count = 0;
    const state = await read(() => {
      count += 1;
      return count === 1 ? { status: 503 } : list('a');
    });
    expect([state, count]).toEqual(['holds-objects', 2]);
  });
});
