import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  type AuthenticatingProxy,
  startAuthenticatingProxy,
} from '../../infra/local/cluster/authenticating-proxy.ts';
import { makeSelfSignedCertificate } from '../../infra/local/cluster/self-signed-certificate.ts';
import { listenOnLoopback, stopListening, stopServing } from '../../infra/local/loopback.ts';

const OURS = { username: 'arn:drydock', groups: ['drydock:deployment'] };

/** An API server that says what it was asked, a token webhook that knows one token, and the proxy between. */
const upstreamPair = makeSelfSignedCertificate(new Date());
const asked: IncomingMessage[] = [];
const upstream = createServer(
  { cert: upstreamPair.certificate, key: upstreamPair.key },
  (request, response) => {
    asked.push(request);
    response.writeHead(200, { 'content-type': 'application/json' });
    // A watch: one event now, and no end.
    response.write('{"type":"ADDED"}\n');
    if (!request.url?.includes('watch=true')) response.end();
  },
);
const webhook = createHttpServer((request, response) => void review(request, response));
const review = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const isKnown = JSON.stringify(await json(request)).includes('"k8s-aws-v1.good"');
  response.end(JSON.stringify({ status: isKnown ? { authenticated: true, user: OURS } : {} }));
};

let folder = '';
let proxy: AuthenticatingProxy;
beforeEach(async () => {
  asked.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'drydock-proxy-'));
  const kubeconfig = join(folder, 'config');
  const ca = Buffer.from(upstreamPair.certificate).toString('base64');
  const server = `https://127.0.0.1:${await listenOnLoopback(upstream)}`;
  await writeFile(
    kubeconfig,
    stringify({
      clusters: [{ name: 'own', cluster: { server, 'certificate-authority-data': ca } }],
      users: [{ name: 'admin', user: { token: 'of-the-admin' } }],
      contexts: [{ name: 'own', context: { cluster: 'own', user: 'admin' } }],
      'current-context': 'own',
    }),
  );
  const tokenWebhookUrl = `http://127.0.0.1:${await listenOnLoopback(webhook)}`;
  proxy = await startAuthenticatingProxy({ kubeconfig, tokenWebhookUrl, report: () => undefined });
});
afterEach(async () => {
  await proxy.stop();
  await Promise.all([stopServing(upstream), stopListening(webhook)]);
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const ca = Buffer.from(proxy.certificateAuthority, 'base64');
    get(`${proxy.endpoint}${path}`, { ca, headers, agent: false }, resolve).on('error', reject);
  });

describe('the proxy before a cluster of the user', () => {
  it('asks as whom the token stands for, with the credentials of the kubeconfig', async () => {
    const answer = await ask('/api/v1/pods?limit=1', { authorization: 'Bearer k8s-aws-v1.good' });
    expect(await json(answer)).toEqual({ type: 'ADDED' });
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/api/v1/pods?limit=1' });
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer of-the-admin',
      'impersonate-user': OURS.username,
      'impersonate-group': OURS.groups[0],
    });
  });

  it.each([
    ['no token', {}],
    ['a token that is refused', { authorization: 'Bearer k8s-aws-v1.forged' }],
    ['a password', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ])('turns away who comes with %s', async (_, headers) => {
    const answer = await ask('/api/v1/secrets', headers);
    expect(answer.statusCode).toBe(401);
    expect(await json(answer)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
    expect(asked).toEqual([]);
  });

  it('lets nobody choose whom to be', async () => {
    await ask('/api/v1/secrets', {
      authorization: 'Bearer k8s-aws-v1.good',
      'Impersonate-User': 'admin',
      'impersonate-group': 'system:masters',
      'Impersonate-Extra-Scopes': 'all',
    });
    expect(asked[0]?.headers).toMatchObject({
      'impersonate-user': OURS.username,
      'impersonate-group': OURS.groups[0],
    });
    expect(Object.keys(asked[0]?.headers ?? {})).not.toContain('impersonate-extra-scopes');
  });

  it('delivers the events of a watch as they come, and ends it when the caller does', async () => {
    const answer = await ask('/api/v1/pods?watch=true', { authorization: 'Bearer k8s-aws-v1.good' });
    const [first] = await Array.fromAsync(takeOne(answer));
    expect(String(first)).toContain('ADDED');
    const [request] = asked;
    await new Promise<void>((resolve) => request?.socket.once('close', () => resolve()));
  });

  it('says that the cluster cannot be reached', async () => {
    await stopServing(upstream);
    const answer = await ask('/version', { authorization: 'Bearer k8s-aws-v1.good' });
    expect(answer.statusCode).toBe(502);
    expect(await json(answer)).toMatchObject({ message: expect.stringContaining('cannot be reached') });
  });
});

/** Reads one chunk and goes away, as a watch that has seen enough. */
async function* takeOne(answer: IncomingMessage): AsyncGenerator<unknown> {
  for await (const chunk of answer) {
    yield chunk;
    return;
  }
}
