import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import type { ArchiveObject } from '../../functions/records/backup/verification.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';

/** What a read does when S3 is busy, slow, cut off or gone: whole reads are tried again, and only so often. */

const PLAN = { seed: 'faults', bytes: 2_000_000, members: 30, databaseBytes: 100_000 };
const PATIENCE = { attempts: 4, attemptMs: 400, pauseMs: 2 };
const SLOW_DOWN = { status: 503, body: '<Error><Code>SlowDown</Code><Message>Slow</Message></Error>' };
const GET = { method: 'GET', path: 'archive.tar' };

let stand: LargeObjects;
let proxy: FaultProxy;
let store: ReturnType<typeof openArchiveStore>;
let described: ArchiveObject;
let expected: Buffer;
beforeAll(async () => {
  stand = await startLargeObjects();
  expected = stand.put('backups', 'archive.tar', PLAN).archive.read(1_000, 301_000);
  proxy = await startFaultProxy(stand.url);
  store = openArchiveStore({
    bucket: 'backups',
    key: 'archive.tar',
    client: connectS3(proxy.url),
    patience: PATIENCE,
  });
  described = await store.describe();
});
afterEach(() => {
  proxy.clear();
  stand.trouble({});
});
afterAll(async () => {
  await proxy.stop();
  await stand.stop();
});
const read = (signal?: AbortSignal): Promise<Uint8Array> =>
  store.open(described).read(1_000, 300_000, signal);
const isRight = (bytes: Uint8Array): boolean => expected.equals(bytes);

describe('a read', () => {
  it.each<[string, Fault]>([
    ['S3 asks to slow down', SLOW_DOWN],
    ['S3 fails', { status: 500, body: '<Error><Code>InternalError</Code></Error>' }],
    ['the body is cut off', { cutAfterBytes: 20_000 }],
    ['the body is cut off before it begins', { cutAfterBytes: 0 }],
    ['the connection is lost', { dropRequest: true }],
    ['the answer is lost', { loseAnswer: true }],
    ['the answer is late', { delayAnswerMs: 1_000 }],
    ['the answer does not say which bytes it holds', { removeHeaders: ['content-range'] }],
    ['the answer has no length and is cut', { removeHeaders: ['content-length'] }],
  ])('is right in the end when %s', async (_, fault) => {
    proxy.inject(GET, fault, 2);
    expect(isRight(await read())).toBe(true);
  });

  it.each<[string, Fault, string]>([
    ['S3 keeps asking to slow down', SLOW_DOWN, 'SlowDown, 503'],
    ['every body is cut off', { cutAfterBytes: 20_000 }, 's3://backups/archive.tar'],
    ['every answer is late', { delayAnswerMs: 1_000 }, '(too slow)'],
    [
      'no answer says which bytes it holds',
      { removeHeaders: ['content-range'] },
      'range unknown instead of bytes',
    ],
  ])('is given up as archive.unavailable after 4 attempts when %s', async (_, fault, words) => {
    proxy.inject(GET, fault, Number.POSITIVE_INFINITY);
    await expect(read()).rejects.toMatchObject({
      name: 'TransientError',
      code: 'archive.unavailable',
      message: expect.stringContaining(words),
    });
    expect(proxy.count(GET)).toBe(4);
  });

  it('is given up when S3 is gone', async () => {
    await proxy.down();
    await expect(read()).rejects.toMatchObject({
      name: 'TransientError',
      code: 'archive.unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await proxy.up();
    expect(isRight(await read())).toBe(true);
  });

  it('that begins in time and then crawls is tried again', async () => {
    stand.trouble({ slowEvery: 2, slowMs: 200 });
    await read();
    expect(isRight(await read())).toBe(true);
    expect(proxy.count(GET)).toBe(3);
  });

  it('ends with the reason of its signal, in the middle of an answer and in a pause', async () => {
    const reason = new Error('the Lambda ends');
    const endAfter = (ms: number): AbortSignal => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), ms);
      return controller.signal;
    };
    // Nothing else would end it in time: an attempt may take longer, and so may a pause.
    const patient = openArchiveStore({
      bucket: 'backups',
      key: 'archive.tar',
      client: connectS3(proxy.url),
      patience: { ...PATIENCE, attemptMs: 60_000, pauseMs: 60_000 },
    }).open(described);
    stand.trouble({ slowEvery: 1, slowMs: 100 });
    await expect(patient.read(0, 512, endAfter(150))).rejects.toBe(reason);
    await expect(patient.read(0, 512, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(proxy.count(GET)).toBe(1);
    proxy.inject(GET, SLOW_DOWN, Number.POSITIVE_INFINITY);
    await expect(patient.read(0, 512, endAfter(100))).rejects.toBe(reason);
  });
});

it('many reads side by side are all right though every third is refused and every fourth is cut', async () => {
  stand.trouble({ refuseEvery: 3, cutEvery: 4 });
  const source = openArchiveStore({
    bucket: 'backups',
    key: 'archive.tar',
    client: connectS3(stand.url),
    patience: { ...PATIENCE, attempts: 12, attemptMs: 5_000 },
  }).open(described);
  const ranges = Array.from({ length: 40 }, (_, index) => index * 5_000);
  const bytes = await Promise.all(ranges.map((start) => source.read(1_000 + start, 5_000)));
  expect(expected.subarray(0, 200_000).equals(Buffer.concat(bytes))).toBe(true);
});

it('a description is tried again as well', async () => {
  proxy.inject({ method: 'HEAD' }, { status: 503 }, 2);
  expect(await store.describe()).toEqual(described);
});

it('an archive that is overwritten while it is read is noticed at the next read', async () => {
  const plain = await startLargeObjects({ plainBuckets: ['backups'] });
  plain.put('backups', 'archive.tar', PLAN);
  plain.trouble({ overwriteAfter: { reads: 2, plan: { ...PLAN, seed: 'other' } } });
  const changing = openArchiveStore({ bucket: 'backups', key: 'archive.tar', client: connectS3(plain.url) });
  const source = changing.open(await changing.describe());
  await source.read(0, 512);
  await source.read(512, 512);
  await expect(source.read(1_024, 512)).rejects.toMatchObject({ code: 'archive.changed' });
  await plain.stop();
});
