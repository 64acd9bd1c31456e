import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectContainerRegistry } from '../../../functions/clients/container-registry.ts';
import { OCI_MANIFEST } from '../../../functions/records/manifest.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../../support/canned-server.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import { type Fault, startFaultProxy } from '../../support/fault-proxy.ts';

/** https as registries speak it: who is trusted, and what an error holds of the permission that was sent. */

const digest = `sha256:${'ab'.repeat(32)}`;
const found: CannedAnswer = { headers: { 'docker-content-digest': digest, 'content-type': OCI_MANIFEST } };
const password = 'canary-5b0f';
const basic = `Basic ${Buffer.from(`deployer:${password}`).toString('base64')}`;
const patience = { attempts: 2, attemptMs: 1_000, totalMs: 5_000 };
const connect = (url: string) =>
  connectContainerRegistry({ url, patience, credentials: async () => ({ username: 'deployer', password }) });

const authorities = getCACertificates('default');
const servers: Pick<CannedServer, 'stop'>[] = [];
let folder: string;
let tls: Certificate;
const serve = async (
  answer: Parameters<typeof startCannedServer>[0],
  secure = true,
): Promise<CannedServer> => {
  const server = await startCannedServer(answer, secure ? tls : undefined);
  servers.push(server);
  return server;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-tls-'));
  tls = await makeCertificate(folder);
});
afterEach(async () => {
  setDefaultCACertificates(authorities);
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => rm(folder, { recursive: true }));
const trustTheTest = (): void => setDefaultCACertificates([...authorities, tls.certificate]);

describe('a registry that speaks https', () => {
  it('is asked when its certificate is trusted', async () => {
    trustTheTest();
    const registry = await serve(() => found);
    expect((await connect(registry.url).headManifest('shop/web', '1'))?.digest).toBe(digest);
  });

  it('is not asked when its certificate is not, and the message says why', async () => {
    const registry = await serve(() => found);
    await expect(connect(registry.url).headManifest('shop/web', '1')).rejects.toMatchObject({
      name: 'TransientError',
      code: 'registry.unreachable',
      message: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/),
    });
    expect(registry.requests).toEqual([]);
  });

  it('is not believed when it sends us to plain http', async () => {
    trustTheTest();
    const plain = await serve(() => found, false);
    const registry = await serve((path) => ({ status: 307, headers: { location: `${plain.url}${path}` } }));
    await expect(connect(registry.url).headManifest('shop/web', '1')).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.insecure-redirect',
    });
  });

  it('gets a token from another host by https', async () => {
    trustTheTest();
    const service = await serve((_, { authorization }) =>
      authorization === basic ? { body: { token: 'good' } } : { status: 401 },
    );
    const registry = await serve((_, { authorization }) => {
      if (authorization === 'Bearer good') return found;
      return {
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${service.url}/token",service="s"` },
      };
    });
    expect((await connect(registry.url).headManifest('shop/web', '1'))?.digest).toBe(digest);
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer good']);
  });

  it('gets no credentials sent to a token service by plain http', async () => {
    trustTheTest();
    const service = await serve(() => ({ body: { token: 'good' } }), false);
    const challenge = { 'www-authenticate': `Bearer realm="${service.url}/token"` };
    const registry = await serve(() => ({ status: 401, headers: challenge }));
    await expect(connect(registry.url).headManifest('shop/web', '1')).rejects.toMatchObject({
      code: 'registry.realm',
    });
    expect(service.requests).toEqual([]);
  });
});

describe('an error after a permission was sent', () => {
  it.each<[string, Fault]>([
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['418', { status: 418 }],
    ['403', { status: 403 }],
    ['a dropped connection', { dropRequest: true }],
    ['a timeout', { delayMs: 60_000 }],
  ])('of %s holds nothing of it, causes included', async (_, fault) => {
    const registry = await serve((_, { authorization }) => {
      if (authorization === basic) return found;
      return { status: 401, headers: { 'www-authenticate': 'Basic' } };
    }, false);
    const proxy = await startFaultProxy(registry.url);
    servers.push(proxy);
    const client = connect(proxy.url);
    await client.headManifest('shop/web', '1');
    proxy.inject({}, fault, Number.POSITIVE_INFINITY);
    const error: unknown = await client.headManifest('shop/web', '1').catch((error: unknown) => error);
    expect(proxy.requests.at(-1)?.headers.authorization).toBe(basic);
    expect(error).toBeInstanceOf(Error);
    const everything = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [password, basic, basic.slice(6)]) expect(everything).not.toContain(secret);
  });
});
