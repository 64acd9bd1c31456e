import { expect, test } from 'vitest';
import { createTokenSource } from '../../functions/clients/kubernetes-token.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a/session+token=',
};
const MINUTE = 60_000;

/** The only query keys that the authenticator of EKS lets through. */
const ALLOWED = [
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
];

const createSource = (region = 'eu-central-1', expiresInMinutes?: number) => {
  const clock = createFixedClock('2026-03-01T12:00:00.000Z');
  let asked = 0;
  const credentials = async () => {
    asked += 1;
    const expiration = new Date(clock.now().getTime() + (expiresInMinutes ?? 0) * MINUTE);
    return expiresInMinutes === undefined ? CREDENTIALS : { ...CREDENTIALS, expiration };
  };
  const tokens = createTokenSource({ cluster: 'shop', region, clock, credentials });
  return { clock, tokens, asked: () => asked };
};

const open = (token: string): URL =>
  new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());

test('a token is a presigned GetCallerIdentity of the region, with the nine query keys and no other', async () => {
  const token = await createSource().tokens.getToken();
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  const url = open(token);
  expect(url.origin + url.pathname).toBe('https://sts.eu-central-1.amazonaws.com/');
  expect([...url.searchParams.keys()].sort()).toEqual(ALLOWED);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Expires': '60',
    'X-Amz-Date': '20260301T120000Z',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Security-Token': CREDENTIALS.sessionToken,
    'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20260301/eu-central-1/sts/aws4_request',
  });
});

test('a token of long-lived credentials has no session token', async () => {
  const { sessionToken: _, ...longLived } = CREDENTIALS;
  const tokens = createTokenSource({
    cluster: 'shop',
    region: 'eu-central-1',
    clock: createFixedClock(),
    credentials: async () => longLived,
  });
  const keys = [...open(await tokens.getToken()).searchParams.keys()];
  expect(keys.sort()).toEqual(ALLOWED.filter((key) => key !== 'X-Amz-Security-Token'));
});

test('the signature is bound to the cluster', async () => {
  const clock = createFixedClock();
  const sign = async (cluster: string): Promise<string | null> => {
    const tokens = createTokenSource({
      cluster,
      region: 'eu-central-1',
      clock,
      credentials: async () => CREDENTIALS,
    });
    return open(await tokens.getToken()).searchParams.get('X-Amz-Signature');
  };
  expect(await sign('shop')).not.toBe(await sign('other'));
});

test('China has a domain of its own', async () => {
  const url = open(await createSource('cn-north-1').tokens.getToken());
  expect(url.hostname).toBe('sts.cn-north-1.amazonaws.com.cn');
});

test('a token is kept for 14 minutes and then made anew', async () => {
  const { clock, tokens } = createSource();
  const first = await tokens.getToken();
  clock.advance(14 * MINUTE - 1);
  expect(await tokens.getToken()).toBe(first);
  clock.advance(1);
  expect(await tokens.getToken()).not.toBe(first);
});

test('a token is made anew a minute before its credentials end', async () => {
  const { clock, tokens, asked } = createSource('eu-central-1', 5);
  await tokens.getToken();
  clock.advance(4 * MINUTE - 1);
  await tokens.getToken();
  expect(asked()).toBe(1);
  clock.advance(1);
  await tokens.getToken();
  expect(asked()).toBe(2);
});

test('a hundred callers at once share one signature', async () => {
  const { tokens, asked } = createSource();
  const made = await Promise.all(Array.from({ length: 100 }, () => tokens.getToken()));
  expect(new Set(made).size).toBe(1);
  expect(asked()).toBe(1);
});

test('a forgotten token is made anew', async () => {
  const { clock, tokens } = createSource();
  const first = await tokens.getToken();
  clock.advance(1_000);
  tokens.forgetToken();
  expect(await tokens.getToken()).not.toBe(first);
});

test('without credentials the error says so, and the next call tries again', async () => {
  let works = false;
  const tokens = createTokenSource({
    cluster: 'shop',
    region: 'eu-central-1',
    clock: createFixedClock(),
    credentials: async () => {
      if (works) return CREDENTIALS;
      throw new Error('Could not load credentials from any providers');
    },
  });
  await expect(tokens.getToken()).rejects.toMatchObject({ code: 'aws.no-credentials' });
  works = true;
  expect(await tokens.getToken()).toMatch(/^k8s-aws-v1\./);
});
