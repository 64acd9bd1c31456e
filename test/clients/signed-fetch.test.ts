import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSignedFetch } from '../../functions/clients/signed-fetch.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../support/aws-endpoint.ts';

let general: AwsEndpoint;
let special: AwsEndpoint;
beforeAll(async () => {
  [general, special] = await Promise.all([startAwsEndpoint(), startAwsEndpoint()]);
});
beforeEach(() => {
  for (const endpoint of [general, special]) endpoint.answerWith(() => ({ body: { said: 'yes' } }));
});
afterAll(() => Promise.all([general.stop(), special.stop()]));

const env = (change: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'canary-of-the-key',
  AWS_SESSION_TOKEN: 'session',
  AWS_ENDPOINT_URL: general.url,
  ...change,
});

const call = { service: 'sqs', action: 'SendMessageBatch', input: { a: 1 } } as const;

describe('a signed call', () => {
  it('is signed for service and region, names its action and carries the session', async () => {
    await expect(createSignedFetch(env())(call)).resolves.toEqual({ said: 'yes' });
    const [received] = general.calls.slice(-1);
    expect(received).toMatchObject({
      target: 'AmazonSQS.SendMessageBatch',
      input: { a: 1 },
      headers: { 'x-amz-security-token': 'session', 'content-type': 'application/x-amz-json-1.0' },
    });
    expect(received?.headers.authorization).toMatch(/AKIAEXAMPLE\/\d{8}\/eu-central-1\/sqs\/aws4_request/);
  });

  const endpoints: [
    title: string,
    call: Parameters<ReturnType<typeof createSignedFetch>>[0],
    variable: string,
  ][] = [
    ['SQS', call, 'AWS_ENDPOINT_URL_SQS'],
    [
      'Secrets Manager',
      { service: 'secretsmanager', action: 'GetSecretValue', input: {} },
      'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    ],
  ];
  it.each(endpoints)(
    'to %s goes to the endpoint of the service before the one of all',
    async (_, call, variable) => {
      special.answerWith(() => ({ body: { said: 'special' } }));
      const signedFetch = createSignedFetch(env({ [variable]: special.url }));
      await expect(signedFetch(call)).resolves.toEqual({ said: 'special' });
    },
  );

  it.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('needs %s', (name) => {
    expect(() => createSignedFetch(env({ [name]: '' }))).toThrow(name);
  });
});

describe('a call that fails', () => {
  const rows: [title: string, status: number, body: unknown, name: string, code: string][] = [
    ['because the service is down', 503, {}, 'TransientError', 'aws.unavailable'],
    ['because of a proxy that writes HTML', 502, '<html>', 'TransientError', 'aws.unavailable'],
    ['for too many calls', 429, {}, 'TransientError', 'aws.unavailable'],
    [
      'for too many calls, as 400',
      400,
      { __type: 'x#ThrottlingException' },
      'TransientError',
      'aws.unavailable',
    ],
    [
      'for credentials that ended',
      400,
      { __type: 'ExpiredTokenException' },
      'TransientError',
      'aws.unavailable',
    ],
    ['for a missing right', 400, { __type: 'x#AccessDeniedException' }, 'RefusedError', 'aws.refused'],
    [
      'for a missing queue',
      400,
      { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
      'RefusedError',
      'aws.refused',
    ],
  ];
  it.each(rows)('%s', async (_title, status, body, name, code) => {
    general.answerWith(() => ({ status, body }));
    const error: unknown = await createSignedFetch(env())(call).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, code });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary-of-the-key');
  });

  it('says what the service said', async () => {
    const body = { __type: 'AccessDeniedException', Message: 'may not sqs:SendMessage on drydock-events' };
    general.answerWith(() => ({ status: 400, body }));
    await expect(createSignedFetch(env())(call)).rejects.toThrow(
      /SQS refused SendMessageBatch.*may not sqs:Send/,
    );
  });

  it('once is made again', async () => {
    let first = true;
    general.answerWith(() => {
      if (!first) return { body: { said: 'at last' } };
      first = false;
      return { status: 503, body: {} };
    });
    await expect(createSignedFetch(env())(call)).resolves.toEqual({ said: 'at last' });
  });

  it('because the connection was cut is made again on another', async () => {
    let first = true;
    general.answerWith(() => {
      const isCut = first;
      first = false;
      return { body: { said: 'at last' }, isCut };
    });
    await expect(createSignedFetch(env())(call)).resolves.toEqual({ said: 'at last' });
  });

  it('because nobody listens is a TransientError', async () => {
    const signedFetch = createSignedFetch(env({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }));
    await expect(signedFetch(call)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'aws.unavailable',
    });
  });

  it('because our time is up is a TransientError', async () => {
    const signal = AbortSignal.abort(new Error('time is up'));
    await expect(createSignedFetch(env())({ ...call, signal })).rejects.toMatchObject({
      name: 'TransientError',
    });
  });
});
