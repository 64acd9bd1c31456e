import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DoorMessage } from '../../functions/records/door-message.ts';
import { bundleOf } from '../../infra/constructs/function-bundles.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { type LambdaSandbox, startLambdaSandbox } from '../support/lambda-sandbox.ts';

/** Bytes; what Node reads at a cold start decides how long a sender waits for it. */
const MAX_BUNDLE_BYTES = 250_000;
const QUEUE_URL = 'http://127.0.0.1:4566/000000000000/drydock-events';
/** The one in the samples. */
const SECRET = 'a-secret-of-the-local-world-only';
const EVENTS = new URL('../../events/deployment/', import.meta.url);

const CONFIGURATION = {
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
  registries: { main: { host: 'registry.example.com', url: 'https://registry.example.com' } },
  sources: {
    registry: { kind: 'distribution', registry: 'main', auth: { type: 'bearer', secret: 'drydock/hook' } },
    ci: { kind: 'native', auth: { type: 'bearer', secret: 'drydock/hook' } },
  },
  deployment: { targets: { web: { image: 'registry.example.com/shop/web' } } },
};

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })),
});

let aws: AwsEndpoint;
let sandbox: LambdaSandbox;
let isQueueDown = false;

beforeAll(async () => {
  aws = await startAwsEndpoint();
  aws.answerWith(({ target, input }) => {
    if (target === 'secretsmanager.GetSecretValue') return { body: { SecretString: SECRET } };
    if (isQueueDown) return { status: 503, body: { __type: 'ServiceUnavailable' } };
    return { body: { Successful: Batch.parse(input).Entries.map(({ Id }) => ({ Id })) } };
  });
  const environment = {
    EVENT_QUEUE_URL: QUEUE_URL,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'canary-of-the-role',
    AWS_ENDPOINT_URL: aws.url,
  };
  sandbox = await startLambdaSandbox('deployment/receive-webhook', {
    configuration: CONFIGURATION,
    environment,
  });
}, 60_000);
beforeEach(() => {
  isQueueDown = false;
});
afterAll(() => Promise.all([sandbox?.stop(), aws?.stop()]));

const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(name, EVENTS), 'utf8')) as Record<string, unknown>;

/** Calls the handler and gives its answer with what came into the queue meanwhile. */
const post = async (event: unknown) => {
  const before = aws.calls.length;
  const answer = z.object({ statusCode: z.number(), body: z.string() }).parse(await sandbox.invoke(event));
  const batches = aws.calls.slice(before).filter(({ target }) => target === 'AmazonSQS.SendMessageBatch');
  const entries = batches.flatMap(({ input }) => Batch.parse(input).Entries);
  return {
    status: answer.statusCode,
    body: JSON.parse(answer.body) as unknown,
    queues: batches.map(({ input }) => Batch.parse(input).QueueUrl),
    messages: entries.map(({ MessageBody }) => DoorMessage.parse(JSON.parse(MessageBody))),
  };
};

it(`the bundle of the door has less than ${MAX_BUNDLE_BYTES} bytes`, () => {
  expect(bundleOf('deployment/receive-webhook').module.byteLength).toBeLessThan(MAX_BUNDLE_BYTES);
});

describe('the built door, called with the sample', () => {
  const image = 'registry.example.com/shop/web';
  const rows: [sample: string, message: object, outcomes: string[]][] = [
    [
      'distribution-v2.http-api',
      { kind: 'push', image, tag: '1.4.2', source: 'registry' },
      ['accepted', 'ignored'],
    ],
    ['distribution-plain-json.http-api', { kind: 'push', image, tag: '1.4.2' }, ['accepted', 'ignored']],
    ['distribution-v1-gitlab.rest-api', { kind: 'push', image, tag: '1.4.2' }, ['accepted', 'ignored']],
    ['native.http-api', { kind: 'push', image, tag: '1.4.2', id: 'pipeline-4711-deploy' }, ['accepted']],
    ['native-redeploy.rest-api', { kind: 'redeploy', image, id: 'redeploy-2026-11-21-a' }, ['accepted']],
    ['unreadable.http-api', { kind: 'unreadable', reasons: ['the body is not JSON'] }, ['unreadable']],
  ];
  it.each(rows)('%s, puts one message into the queue and says so', async (name, message, outcomes) => {
    const answer = await post(sample(`receive-webhook.${name}.json`));
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ outcomes: outcomes.map((outcome) => ({ outcome })) });
    expect(answer.queues).toEqual([QUEUE_URL]);
    expect(answer.messages).toMatchObject([message]);
  });

  it('of which there are no others', () => {
    const names = readdirSync(EVENTS).filter((file) => file.startsWith('receive-webhook.'));
    const tested = rows.map(([name]) => `receive-webhook.${name}.json`);
    expect(new Set(names)).toEqual(new Set(tested));
  });
});

describe('the built door', () => {
  const native = sample('receive-webhook.native.http-api.json');

  it('answers 401 to a stranger and puts nothing into the queue', async () => {
    const event = { ...native, headers: { authorization: 'Bearer a-guess-of-a-stranger' } };
    await expect(post(event)).resolves.toMatchObject({ status: 401, messages: [] });
  });

  it('answers 503 while SQS is down, and 202 to the repeat after it', async () => {
    isQueueDown = true;
    await expect(post(native)).resolves.toMatchObject({ status: 503 });
    isQueueDown = false;
    await expect(post(native)).resolves.toMatchObject({
      status: 202,
      messages: [{ id: 'pipeline-4711-deploy' }],
    });
  });

  it('fails on an event of no gateway, and says what it takes', async () => {
    await expect(sandbox.invoke({ hello: 'world' })).rejects.toMatchObject({
      name: 'RefusedError',
      message: expect.stringContaining('receive-webhook'),
    });
  });

  it('writes one line a request, and no secret in any', async () => {
    const lines = () => sandbox.log().split('\n').length;
    // Lines of earlier requests come through a pipe, after their answers.
    let before = -1;
    await expect
      .poll(
        () => {
          const isQuiet = lines() === before;
          before = lines();
          return isQuiet;
        },
        { interval: 200 },
      )
      .toBe(true);
    await post(native);
    await expect.poll(lines).toBe(before + 1);
    expect(sandbox.log()).not.toContain(SECRET);
    expect(sandbox.log()).not.toContain('canary');
    expect(sandbox.log()).not.toContain('eyJ');
  });
});
