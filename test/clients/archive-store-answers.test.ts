import { inspect } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import type { ArchiveObject } from '../../functions/records/backup/verification.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** What becomes of answers that S3 gives on AWS and no S3 on this machine does. Texts of errors as AWS writes them. */

const OBJECT: ArchiveObject = {
  bucket: 'backups',
  key: 'archive.tar',
  etag: '"e-2"',
  size: 1_000,
  lastModified: '2026-11-20T01:00:00.000Z',
};
const CANARY = 'glpat-in-the-content';
const PATIENCE = { attempts: 2, attemptMs: 5_000, pauseMs: 1 };

let server: CannedServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
});

const openOn = async (answer: Parameters<typeof startCannedServer>[0], client?: S3Client) => {
  server = await startCannedServer(answer);
  return openArchiveStore({
    bucket: 'backups',
    key: 'archive.tar',
    client: client ?? connectS3(server.url),
    patience: PATIENCE,
  });
};
const refuse = (status: number, code: string, message: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});
const NOT_ALLOWED = 'User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform:';
const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/4c1d';

describe('a read that S3 refuses', () => {
  it.each<[number, string, string, string, string | undefined, string]>([
    [
      403,
      'AccessDenied',
      `${NOT_ALLOWED} s3:GetObject on resource: "x"`,
      'forbidden',
      's3:GetObject',
      'Give it to',
    ],
    [403, 'AccessDenied', 'Access Denied', 'forbidden', 's3:GetObject', 's3:ListBucket'],
    [
      403,
      'AccessDenied',
      `${NOT_ALLOWED} kms:Decrypt on resource: ${KEY_ARN}`,
      'forbidden',
      'kms:Decrypt',
      'key',
    ],
    [
      403,
      'AccessDenied',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
      'forbidden',
      'kms:Decrypt',
      "the key's policy",
    ],
    [400, 'KMS.DisabledException', `${KEY_ARN} is disabled.`, 'forbidden', 'kms:Decrypt', 'enable it'],
    [
      400,
      'KMS.KMSInvalidStateException',
      `${KEY_ARN} is pending deletion.`,
      'forbidden',
      'kms:Decrypt',
      'deletion',
    ],
    [400, 'KMS.NotFoundException', `Key '${KEY_ARN}' does not exist`, 'forbidden', 'kms:Decrypt', 'is lost'],
    [403, 'InvalidObjectState', 'The operation is not valid', 'archived', undefined, 'restore-object'],
    [404, 'NoSuchKey', 'The specified key does not exist.', 'gone', undefined, 'list-object-versions'],
    [
      404,
      'NoSuchVersion',
      'The specified version does not exist.',
      'gone',
      undefined,
      's3://backups/archive.tar',
    ],
    [405, 'MethodNotAllowed', 'The specified method is not allowed', 'gone', undefined, 'deleted'],
    [404, 'NoSuchBucket', 'The specified bucket does not exist', 'no-bucket', undefined, 'list-buckets'],
    [412, 'PreconditionFailed', 'At least one of the pre-conditions', 'changed', undefined, 'Begin again'],
    [403, 'InvalidAccessKeyId', 'The AWS Access Key Id', 'no-credentials', undefined, 'AWS_PROFILE'],
    [400, 'ExpiredToken', 'The provided token has expired.', 'no-credentials', undefined, 'sign in'],
    [400, 'InvalidArgument', 'Something is off.', 'refused', undefined, 'Something is off.'],
    [501, 'NotImplemented', 'Not here.', 'refused', undefined, 'Not here.'],
    [301, 'PermanentRedirect', 'Elsewhere.', 'wrong-region', undefined, 'ask there'],
  ])('with %i %s: %s is archive.%s for %s', async (status, name, text, code, permission, words) => {
    const store = await openOn(() => refuse(status, name, text));
    await expect(store.open(OBJECT).read(0, 100)).rejects.toMatchObject({
      name: 'RefusedError',
      code: `archive.${code}`,
      permission,
      message: expect.stringContaining(words),
    });
    expect(server?.requests).toHaveLength(1);
  });

  it.each([
    [503, 'SlowDown'],
    [400, 'RequestTimeout'],
    [403, 'RequestTimeTooSkewed'],
    [400, 'KMS.ThrottlingException'],
    [416, 'InvalidRange'],
  ])('with %i %s is asked again, and archive.unavailable in the end', async (status, name) => {
    const store = await openOn(() => refuse(status, name, 'Later.'));
    await expect(store.open(OBJECT).read(0, 100)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'archive.unavailable',
    });
    expect(server?.requests).toHaveLength(PATIENCE.attempts);
  });

  it('needs another right when a version is named', async () => {
    const store = await openOn(() => refuse(403, 'AccessDenied', 'Access Denied'));
    const named = store.open({ ...OBJECT, versionId: 'v1' });
    await expect(named.read(0, 1)).rejects.toMatchObject({ permission: 's3:GetObjectVersion' });
    expect(server?.requests[0]?.path).toContain('versionId=v1');
    expect(server?.requests[0]?.headers).toMatchObject({ 'if-match': '"e-2"', range: 'bytes=0-0' });
  });

  it('says that no region is set', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    const store = await openOn(() => ({}), new S3Client({ maxAttempts: 1 }));
    await expect(store.describe()).rejects.toMatchObject({ code: 'archive.no-region' });
  });
});

describe('an answer that is not what was asked for', () => {
  const part = (length: number): string => CANARY.repeat(60).slice(0, length);
  const whole = { etag: OBJECT.etag, 'content-range': 'bytes 0-99/1000' };
  it.each<[string, CannedAnswer, string, string]>([
    [
      'the whole object',
      { status: 200, headers: { etag: '"e-2"' }, body: part(1_000) },
      'unavailable',
      'unknown',
    ],
    [
      'another range',
      { headers: { ...whole, 'content-range': 'bytes 100-199/1000' }, body: part(100) },
      'unavailable',
      'bytes 100-199',
    ],
    [
      'a range of another size',
      { headers: { ...whole, 'content-range': 'bytes 0-99/2000' }, body: part(100) },
      'unavailable',
      '/2000',
    ],
    ['more than was asked for', { headers: whole, body: part(101) }, 'unavailable', 'more than 100 bytes'],
    ['less than was asked for', { headers: whole, body: part(99) }, 'unavailable', 'cut after 99 of 100'],
    ['another entity tag', { headers: { ...whole, etag: '"f"' }, body: part(100) }, 'changed', 'overwritten'],
    [
      'another version',
      { headers: { ...whole, 'x-amz-version-id': 'v2' }, body: part(100) },
      'changed',
      'overwritten',
    ],
  ])('%s is not believed, and no byte of it is told', async (_, answer, code, words) => {
    const store = await openOn(() => ({ status: 206, ...answer }));
    const error = await store
      .open({ ...OBJECT, versionId: 'v1' })
      .read(0, 100)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: `archive.${code}`, message: expect.stringContaining(words) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  });

  it.each([
    [-1, 10],
    [0.5, 10],
    [0, Number.NaN],
    [0, -10],
  ])('is never asked for: from %d on %d bytes', async (start, length) => {
    const store = await openOn(() => ({}));
    await expect(store.open(OBJECT).read(start, length)).rejects.toMatchObject({ code: 'archive.bad-range' });
    expect(server?.requests).toHaveLength(0);
  });
});
