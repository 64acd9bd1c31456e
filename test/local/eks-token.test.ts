import { expect, test } from 'vitest';

import { readEksToken } from '../../infra/local/eks/eks-token.ts';

const NOW = new Date('2026-11-21T08:10:00Z');
const QUERY =
  'Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261121' +
  '&X-Amz-Date=20261121T080000Z&X-Amz-Expires=60&X-Amz-Security-Token=session&X-Amz-Signature=ab12' +
  '&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id';
const URL_OF_TOKEN = `https://sts.eu-central-1.amazonaws.com/?${QUERY}`;

const encode = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;

test.for([
  ['a regional STS host', URL_OF_TOKEN],
  ['the global STS host', `https://sts.amazonaws.com/?${QUERY}`],
  ['a host in China', `https://sts.cn-north-1.amazonaws.com.cn/?${QUERY}`],
  ['keys in another case', URL_OF_TOKEN.replace('X-Amz-Expires', 'x-amz-expires')],
  ['an Expires of 900', URL_OF_TOKEN.replace('Expires=60', 'Expires=900')],
  ['a signature of 15 minutes ago', URL_OF_TOKEN.replace('T080000Z', 'T075500Z')],
  ['a signer whose clock is 4 minutes ahead', URL_OF_TOKEN.replace('T080000Z', 'T081400Z')],
] as const)('a token is taken with %s', ([, url]) => {
  expect(readEksToken(encode(url), NOW)).toEqual({
    ok: true,
    host: new URL(url).host,
    query: url.slice(url.indexOf('?') + 1),
  });
});

test.for([
  ['http', URL_OF_TOKEN.replace('https:', 'http:'), 'scheme'],
  ['another host', URL_OF_TOKEN.replace('amazonaws.com', 'example.com'), 'host'],
  ['a host that only begins like STS', URL_OF_TOKEN.replace('.com/', '.com.example.org/'), 'host'],
  ['a port', URL_OF_TOKEN.replace('.com/', '.com:8443/'), 'host'],
  ['a user name before the host', URL_OF_TOKEN.replace('//', '//who@'), 'host'],
  ['a path', URL_OF_TOKEN.replace('.com/', '.com/more'), 'path'],
  ['a key that an SDK adds', `${URL_OF_TOKEN}&x-id=GetCallerIdentity`, '"x-id" is not allowed'],
  ['a key that comes twice', `${URL_OF_TOKEN}&x-amz-expires=60`, 'twice'],
  ['another action', URL_OF_TOKEN.replace('GetCallerIdentity', 'AssumeRole'), 'action'],
  ['a cluster that is not signed', URL_OF_TOKEN.replace('%3Bx-k8s-aws-id', ''), 'x-k8s-aws-id'],
  ['an Expires above 900', URL_OF_TOKEN.replace('Expires=60', 'Expires=901'), 'Expires'],
  ['a negative Expires', URL_OF_TOKEN.replace('Expires=60', 'Expires=-1'), 'Expires'],
  ['no time', URL_OF_TOKEN.replace('X-Amz-Date=20261121T080000Z&', ''), 'X-Amz-Date'],
  ['a time that is none', URL_OF_TOKEN.replace('20261121T', '20269921T'), 'X-Amz-Date'],
  ['a signature over 15 minutes old', URL_OF_TOKEN.replace('T080000Z', 'T075459Z'), '15 minutes'],
] as const)('a token is refused with %s', ([, url, reason]) => {
  expect(readEksToken(encode(url), NOW)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
});

test.for([
  ['another prefix', encode(URL_OF_TOKEN).replace('v1', 'v2'), 'start with'],
  ['base64 padding', `${encode(URL_OF_TOKEN)}==`, 'padding'],
  ['characters of plain base64', `${encode(URL_OF_TOKEN)}+/`, 'padding'],
  ['no URL inside', encode('not a url'), 'no URL'],
  ['more than 4096 bytes', encode(`${URL_OF_TOKEN}&${'x'.repeat(4096)}`), '4096'],
] as const)('a token is refused with %s', ([, token, reason]) => {
  expect(readEksToken(token, NOW)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
});

test('a refusal never repeats the credential or signature of the token', () => {
  const answer = readEksToken(encode(`${URL_OF_TOKEN}&extra=1`), NOW);
  expect(JSON.stringify(answer)).not.toMatch(/AKID|ab12|session/);
});
