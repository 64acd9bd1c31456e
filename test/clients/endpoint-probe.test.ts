import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpointOf, probeEndpoint } from '../../functions/clients/endpoint-probe.ts';
import { knock } from '../../functions/clients/webhook-probe.ts';
import { listenOnLoopback, stopListening } from '../../infra/local/loopback.ts';
import { type CannedServer, startCannedServer } from '../support/canned-server.ts';

let server: CannedServer;
beforeAll(async () => {
  server = await startCannedServer((path) => ({ status: path === '/hooks/hook' ? 401 : 404 }));
});
afterAll(() => server.stop());

/** A port at which nobody listens any more. */
const freePort = async (): Promise<number> => {
  const once = createServer();
  const port = await listenOnLoopback(once);
  await stopListening(once);
  return port;
};

describe('the endpoint of a URL', () => {
  test.each([
    ['https://registry.example.com', { host: 'registry.example.com', port: 443, tls: true }],
    ['https://registry.example.com:5050/v2/', { host: 'registry.example.com', port: 5050, tls: true }],
    ['http://127.0.0.1:5000', { host: '127.0.0.1', port: 5000, tls: false }],
    ['http://[::1]', { host: '::1', port: 80, tls: false }],
  ])('%s is %j', (url, endpoint) => {
    expect(endpointOf(url)).toEqual(endpoint);
  });
});

describe('a probe', () => {
  test('says at which address somebody answers', async () => {
    expect(await probeEndpoint(endpointOf(server.url))).toBe('127.0.0.1');
  });

  test('of a name without an address', async () => {
    // RFC 6761: names under .invalid never exist.
    await expect(probeEndpoint(endpointOf('https://nobody.invalid'))).rejects.toMatchObject({
      name: 'TransientError',
      code: 'endpoint.name',
      message: 'nobody.invalid has no address in DNS.',
    });
  });

  test('of a port at which nobody listens', async () => {
    const port = await freePort();
    await expect(probeEndpoint(endpointOf(`http://127.0.0.1:${port}`))).rejects.toMatchObject({
      code: 'endpoint.connection',
      message: `127.0.0.1:${port} (127.0.0.1) does not answer (ECONNREFUSED).`,
    });
  });

  test('of a server that speaks no TLS where TLS is expected', async () => {
    const { port } = new URL(server.url);
    await expect(probeEndpoint(endpointOf(`https://127.0.0.1:${port}`))).rejects.toMatchObject({
      name: 'TransientError',
      code: 'endpoint.tls',
    });
  });
});

describe('a knock', () => {
  test.each([
    ['/hooks/hook', 401],
    ['/elsewhere', 404],
  ])('at %s gives %d', async (path, status) => {
    expect(await knock(`${server.url}${path}`)).toBe(status);
  });

  test('where nobody listens', async () => {
    await expect(knock(`http://127.0.0.1:${await freePort()}/hooks/hook`)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'webhook.unreachable',
    });
  });
});
