import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Ledger } from '../../functions/clients/ledger.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { useFaultyAws } from '../support/faulty-aws.ts';
import { describeLedger } from './contracts/ledger.contract.ts';

/** The ledger on real S3 calls: the same promises as the fake, and what it does when S3 is busy or gone. */

const BUCKET = 'ledger';
const counterKind = { name: 'counter', schema: z.object({ version: z.literal(1), count: z.int() }) };
const count = (value: number) => ({ version: 1 as const, count: value });

const local = useFaultyAws('S3');
let proxy: FaultProxy;
let ledger: Ledger;
let prefixes = 0;
const newKey = (): string => `faults/${++prefixes}.json`;

beforeAll(async () => {
  const { aws } = local();
  proxy = local().proxy;
  const client = {
    endpoint: aws.url,
    region: aws.region,
    credentials: aws.credentials,
    forcePathStyle: true,
  };
  await new S3Client(client).send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { connectLedger } = await import('../../functions/clients/ledger-s3.ts');
  ledger = connectLedger(BUCKET);
});

describeLedger('S3', () => ({ ledger, prefix: `contract-${++prefixes}` }));

it('a 409, where two conditional writes met at S3, is tried again', async () => {
  const key = newKey();
  proxy.inject(
    { method: 'PUT' },
    { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' },
    3,
  );
  expect(await ledger.claim(counterKind, key, count(1))).toMatchObject({ ok: true });
  expect(proxy.count({ method: 'PUT', path: key })).toBe(4);
});

it('a 409 that does not end is a transient error that names the key', async () => {
  const key = newKey();
  const conflict = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' };
  proxy.inject({ method: 'PUT' }, conflict, Number.POSITIVE_INFINITY);
  await expect(ledger.claim(counterKind, key, count(1))).rejects.toMatchObject({
    name: 'TransientError',
    code: 'ledger.unavailable',
    message: expect.stringContaining(key),
  });
});

it('a 503 is tried again by the SDK', async () => {
  const key = newKey();
  proxy.inject({ method: 'PUT' }, { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }, 2);
  expect(await ledger.claim(counterKind, key, count(1))).toMatchObject({ ok: true });
});

it('S3 that is gone is a transient error, for reads, writes and lists', async () => {
  await proxy.down();
  const unavailable = { name: 'TransientError', code: 'ledger.unavailable' };
  await expect(ledger.read(counterKind, newKey())).rejects.toMatchObject(unavailable);
  await expect(ledger.claim(counterKind, newKey(), count(1))).rejects.toMatchObject(unavailable);
  await expect(Array.fromAsync(ledger.list('faults/'))).rejects.toMatchObject(unavailable);
  await proxy.up();
});

it('a right that is missing is refused, with what to do', async () => {
  proxy.inject({ method: 'GET' }, { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
  await expect(ledger.read(counterKind, newKey())).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'ledger.forbidden',
    message: expect.stringContaining('npm run deploy'),
  });
});

it('a write whose answer was lost is found by its own retry, and the value is there once', async () => {
  const key = newKey();
  proxy.inject({ method: 'PUT', path: key }, { loseAnswer: true });
  // The SDK repeats the write, and S3 says that the key exists: it is our own write that lies there.
  expect(await ledger.claim(counterKind, key, count(7))).toEqual({ ok: false, reason: 'exists' });
  expect((await ledger.read(counterKind, key))?.value.count).toBe(7);
});
