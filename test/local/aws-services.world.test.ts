import { randomBytes, randomUUID } from 'node:crypto';

import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { PATIENCE, type Probe, startProbe } from './fixtures/probe.ts';

let probe: Probe;
beforeAll(async () => {
  probe = await startProbe();
});
afterAll(() => probe?.stop());

const client = () => ({
  endpoint: probe.aws.url,
  region: probe.aws.region,
  credentials: probe.aws.credentials,
});

describe('an HTTP API', () => {
  const post = async (contentType: string, body: Buffer) => {
    const response = await fetch(probe.aws.localUrl(`${probe.output('Api')}/hook/gitlab`), {
      method: 'POST',
      headers: { 'content-type': contentType, 'webhook-id': 'msg-1' },
      body: new Uint8Array(body),
    });
    return (await response.json()) as Record<string, unknown>;
  };

  it.each([
    ['JSON with odd spacing', 'application/json', Buffer.from('{ "a" :1,\n "b": "ü€😀" }\r\n')],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%20+&a=2')],
    [
      'JSON of a vendor type',
      'application/vnd.docker.distribution.events.v1+json',
      Buffer.from('{"events":[]}'),
    ],
    ['bytes of any value', 'application/octet-stream', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ['4 MB', 'application/json', Buffer.from(JSON.stringify(randomBytes(2_000_000).toString('hex')))],
  ])('hands on %s byte by byte', async (_, contentType, body) => {
    expect((await post(contentType, body))['raw']).toBe(body.toString('base64'));
  });

  it('hands on path, path parameter and headers', async () => {
    expect(await post('application/json', Buffer.from('{}'))).toMatchObject({
      rawPath: '/hook/gitlab',
      source: 'gitlab',
      headers: { 'webhook-id': 'msg-1', 'content-type': 'application/json' },
    });
  });

  it('still replaces what is no UTF-8 in a text body, which AWS would hand on as base64', async () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect((await post('application/json', body))['raw']).not.toBe(body.toString('base64'));
  });
});

describe('a conditional write to S3', () => {
  const object = () => ({ Bucket: probe.output('Ledger'), Key: randomUUID() });
  const put = (at: object & { Bucket: string; Key: string }, condition: object = {}) =>
    probe.s3.send(new PutObjectCommand({ ...at, Body: randomUUID(), ...condition }));
  const remove = (at: { Bucket: string; Key: string }, condition: object = {}) =>
    probe.s3.send(new DeleteObjectCommand({ ...at, ...condition }));
  const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

  it('If-None-Match lets exactly one of sixteen writers win', async () => {
    const at = object();
    const all = await Promise.allSettled(Array.from({ length: 16 }, () => put(at, { IfNoneMatch: '*' })));
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await expect(put(at, { IfNoneMatch: '*' })).rejects.toMatchObject(status(412));
  });

  it('If-Match with the present ETag writes, with a stale one gives 412', async () => {
    const at = object();
    const { ETag: stale } = await put(at);
    const { ETag: present } = await put(at, { IfMatch: stale });
    await expect(put(at, { IfMatch: stale })).rejects.toMatchObject(status(412));
    await put(at, { IfMatch: present });
  });

  it('If-Match on what was deleted gives 404', async () => {
    const at = object();
    const { ETag } = await put(at);
    await remove(at);
    await expect(put(at, { IfMatch: ETag })).rejects.toMatchObject(status(404));
  });

  it('If-None-Match after a deletion claims anew', async () => {
    const at = object();
    await put(at);
    await remove(at);
    await expect(put(at, { IfNoneMatch: '*' })).resolves.toMatchObject(status(200));
  });

  it('If-Match on a deletion with a stale ETag gives 412 and deletes nothing', async () => {
    const at = object();
    const { ETag: stale } = await put(at);
    const { ETag: present } = await put(at);
    await expect(remove(at, { IfMatch: stale })).rejects.toMatchObject(status(412));
    await probe.s3.send(new GetObjectCommand(at));
    await remove(at, { IfMatch: present });
    await expect(probe.s3.send(new GetObjectCommand(at))).rejects.toMatchObject(status(404));
  });
});

describe('a queue before a function', () => {
  it('hands on what was sent; a failed item of the batch ends in the dead letter queue alone', async () => {
    const sqs = new SQSClient(client());
    const send = (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: probe.output('Queue'), MessageBody }));
    const good = randomUUID();
    await Promise.all([send(good), send(`fail ${randomUUID()}`)]);
    expect(await probe.recorded('messages/', good)).toMatchObject({ body: good, eventSource: 'aws:sqs' });
    await vi.waitFor(async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: probe.output('DeadLetters'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
    }, PATIENCE);
  });

  it('gets what a topic publishes, with the message attributes in the envelope', async () => {
    const text = randomUUID();
    const sns = new SNSClient(client());
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'incident' } };
    await sns.send(new PublishCommand({ TopicArn: probe.output('Topic'), Message: text, MessageAttributes }));
    const record = (await probe.recorded('messages/', text)) as { body: string };
    expect(JSON.parse(record.body)).toMatchObject({
      Type: 'Notification',
      Message: text,
      MessageAttributes: { kind: { Type: 'String', Value: 'incident' } },
    });
  });
});
