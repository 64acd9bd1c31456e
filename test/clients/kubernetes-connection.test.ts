import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type Kubernetes, openKubernetes } from '../../functions/clients/kubernetes.ts';
import { TokenKubeConfig } from '../../functions/clients/kubernetes-connection.ts';
import type { WorkloadRef } from '../../functions/records/workload.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

/** An API server that answers what a test says, to show what becomes of answers that a real one gives rarely. */

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const WEB: WorkloadRef = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const serve = async (
  answer: Answer,
): Promise<{ kubernetes: Kubernetes; renewed: string[]; seen: string[] }> => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    answer(request, response);
  });
  const port = await listenOnLoopback(server);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const renewed: string[] = [];
  const config = new TokenKubeConfig(async () => ({ Authorization: `Bearer token-${renewed.length}` }));
  config.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'test' },
  );
  const connection = {
    cluster: 'production',
    config: async () => config,
    renew: (why: string) => {
      renewed.push(why);
    },
  };
  return { kubernetes: openKubernetes(connection), renewed, seen };
};

const status = (response: ServerResponse, code: number, message: string, headers = {}): void => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', code, message }));
};

test('a refused token is renewed once and the call repeated with the new one', async () => {
  const { kubernetes, renewed, seen } = await serve((request, response) => {
    const isFresh = request.headers.authorization === 'Bearer token-1';
    if (isFresh) status(response, 404, 'not found');
    else status(response, 401, 'Unauthorized');
  });
  expect(await kubernetes.readWorkload(WEB)).toBeUndefined();
  expect(seen).toEqual(['Bearer token-0', 'Bearer token-1']);
  expect(renewed).toEqual(['token']);
});

test('a patch with a refused token is repeated as well', async () => {
  const { kubernetes, seen } = await serve((request, response) =>
    request.headers.authorization === 'Bearer token-1'
      ? status(response, 404, 'not found')
      : status(response, 401, 'Unauthorized'),
  );
  expect(await kubernetes.patchWorkload(WEB, [])).toMatchObject({ ok: false, reason: 'gone' });
  expect(seen).toHaveLength(2);
});

test.each([
  [401, 'RefusedError', 'kubernetes.unauthorized', /create-access-entry --cluster-name production/],
  [403, 'RefusedError', 'kubernetes.forbidden', /cluster-manifests -- --namespace/],
  [429, 'TransientError', 'kubernetes.unavailable', /429/],
  [500, 'TransientError', 'kubernetes.unavailable', /500/],
  [503, 'TransientError', 'kubernetes.unavailable', /503/],
  [400, 'RefusedError', 'kubernetes.refused', /400/],
] as const)('an answer of %i is a %s %s that says what to do', async (code, name, ours, message) => {
  const { kubernetes } = await serve((_, response) => status(response, code, 'because'));
  await expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject({
    name,
    code: ours,
    message: expect.stringMatching(message),
  });
});

test('Retry-After is handed on', async () => {
  const { kubernetes } = await serve((_, response) => status(response, 429, 'slow', { 'retry-after': '7' }));
  await expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject({ retryAfterSeconds: 7 });
});

test('a connection that is cut is unreachable, and the endpoint is looked up again', async () => {
  const { kubernetes, renewed } = await serve((request) => request.socket.destroy());
  await expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject({
    name: 'TransientError',
    code: 'kubernetes.unreachable',
  });
  expect(renewed).toEqual(['endpoint']);
});

test('an answer that is no JSON, as of a proxy in between, is explained and not thrown raw', async () => {
  const { kubernetes } = await serve((_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end('<html>Bad Gateway</html>');
  });
  await expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject({ code: 'kubernetes.unavailable' });
});

test('a call that never answers ends when its signal does', async () => {
  const { kubernetes } = await serve(() => undefined);
  const reading = kubernetes.readWorkload(WEB, AbortSignal.timeout(50));
  await expect(reading).rejects.toMatchObject({ name: 'TransientError', code: 'kubernetes.unreachable' });
});

test('calls share their connections', async () => {
  const sockets = new Set<unknown>();
  const { kubernetes } = await serve((request, response) => {
    sockets.add(request.socket);
    status(response, 404, 'not found');
  });
  for (let call = 0; call < 20; call++) await kubernetes.readWorkload(WEB);
  // The pool may open a second one while the first is still finishing.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test('a token appears in no error', async () => {
  const { kubernetes } = await serve((_, response) => status(response, 401, 'Unauthorized'));
  const error = await kubernetes.readWorkload(WEB).catch((caught: unknown) => caught);
  const shown = error instanceof Error ? `${error.stack} ${String(error.cause)}` : '';
  expect(shown).toContain('create-access-entry');
  expect(shown).not.toContain('token-');
});
