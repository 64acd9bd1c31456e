import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectContainerRegistry } from '../../../functions/clients/container-registry.ts';
import { pushImage } from '../../../infra/local/registry/push.ts';
import { startRegistry } from '../../../infra/local/registry/start-registry.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { startTokenRegistry } from '../../support/token-registry.ts';
import {
  startTokenServer,
  TOKEN_LIFETIME_SECONDS,
  TOKEN_USER,
  type TokenServer,
} from '../../support/token-server.ts';

/** Tokens that a real registry verifies, and passwords that it checks itself. */

const repository = 'shop/web';
const scope = `repository:${repository}:pull`;
const stops: (() => Promise<void>)[] = [];
let folder: string;
let tokens: TokenServer;
let proxy: FaultProxy;
let digest: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-tokens-'));
  tokens = await startTokenServer(folder);
  const plain = await startRegistry({ folder: join(folder, 'plain'), report: () => {} });
  stops.push(() => plain.stop());
  ({ digest } = await pushImage({ registry: plain, repository, tag: '1.0.0' }));
  const registry = await startTokenRegistry({ folder, blobs: join(folder, 'plain', 'blobs'), tokens });
  proxy = await startFaultProxy(registry.url);
  stops.push(
    () => proxy.stop(),
    () => tokens.stop(),
    () => registry.child.stop(),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await rm(folder, { recursive: true });
});

const clock = createFixedClock(new Date().toISOString());
const connect = (password = tokens.password) =>
  connectContainerRegistry({
    url: proxy.url,
    clock,
    credentials: async () => ({ username: TOKEN_USER, password }),
  });
/** Tokens bought since the test began. */
let before = 0;
const bought = (): string[] => tokens.asked.slice(before);
const statuses401 = () => proxy.count({ headers: ({ authorization }) => authorization === undefined });

beforeEach(() => {
  proxy.clear();
  tokens.endsInSeconds = TOKEN_LIFETIME_SECONDS;
  before = tokens.asked.length;
});

describe('a registry with a token service', () => {
  it('is answered once, and the token is used again', async () => {
    const client = connect();
    expect((await client.headManifest(repository, '1.0.0'))?.digest).toBe(digest);
    expect(await client.describeManifest(repository, digest)).toMatchObject({ kind: 'image' });
    expect([bought(), proxy.count(), statuses401()]).toEqual([[scope], 3, 1]);
  });

  it('sees no credentials itself, only tokens', async () => {
    await connect().headManifest(repository, '1.0.0');
    expect(proxy.requests.map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual([
      undefined,
      'Bearer',
    ]);
  });

  it('is asked for one token by ten questions at the same time', async () => {
    const client = connect();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.headManifest(repository, '1.0.0')),
    );
    expect([new Set(answers.map((answer) => answer?.digest)), bought()]).toEqual([
      new Set([digest]),
      [scope],
    ]);
  });

  it('gets a new token shortly before the old one ends, without a refusal in between', async () => {
    const client = connect();
    await client.headManifest(repository, '1.0.0');
    clock.advance((TOKEN_LIFETIME_SECONDS - 20) * 1_000);
    await client.headManifest(repository, '1.0.0');
    expect(bought()).toHaveLength(1);
    clock.advance(15_000);
    await client.headManifest(repository, '1.0.0');
    expect([bought().length, statuses401()]).toEqual([2, 1]);
  });

  it('gets a new token when the registry no longer takes the one that should still be good', async () => {
    // The registry allows 60 s for clocks that differ, so this token works for a moment and then is refused.
    tokens.endsInSeconds = -57;
    const client = connect();
    expect((await client.headManifest(repository, '1.0.0'))?.digest).toBe(digest);
    const used = proxy.requests.at(-1)?.headers.authorization ?? '';
    const url = `${proxy.url}/v2/${repository}/manifests/1.0.0`;
    const tryUsed = async () => (await fetch(url, { headers: { authorization: used } })).status;
    await expect.poll(tryUsed, { timeout: 10_000, interval: 200 }).toBe(401);
    tokens.endsInSeconds = TOKEN_LIFETIME_SECONDS;
    expect((await client.headManifest(repository, '1.0.0'))?.digest).toBe(digest);
    expect(bought()).toEqual([scope, scope]);
  });

  it('is refused after one fresh token that does not work either', async () => {
    tokens.endsInSeconds = -3_600;
    await expect(connect().headManifest(repository, '1.0.0')).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.unauthorized',
    });
    expect([bought().length, proxy.count()]).toEqual([1, 2]);
  });

  it('refuses a wrong password with a message that names everything but the password', async () => {
    const wrong = 'canary-4f1d-wrong-password';
    const error: unknown = await connect(wrong)
      .headManifest(repository, '1.0.0')
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'RefusedError', code: 'registry.unauthorized' });
    const told = String(error);
    for (const part of [new URL(proxy.url).host, new URL(tokens.url).host, scope, 'secret'])
      expect(told).toContain(part);
    const everything = inspect(error, { depth: 10, showHidden: true });
    const basic = Buffer.from(`${TOKEN_USER}:${wrong}`).toString('base64');
    for (const secret of [wrong, basic]) expect(everything).not.toContain(secret);
  });

  it('uses a rotated password without a new client', async () => {
    let password = 'old';
    const client = connectContainerRegistry({
      url: proxy.url,
      credentials: async () => ({ username: TOKEN_USER, password }),
    });
    await expect(client.headManifest(repository, '1.0.0')).rejects.toMatchObject({
      code: 'registry.unauthorized',
    });
    password = tokens.password;
    expect((await client.headManifest(repository, '1.0.0'))?.digest).toBe(digest);
  });

  it('tells who asks without credentials to name a secret', async () => {
    const client = connectContainerRegistry({ url: proxy.url });
    await expect(client.headManifest(repository, '1.0.0')).rejects.toMatchObject({
      code: 'registry.unauthorized',
      message: expect.stringContaining('Name a secret'),
    });
  });
});

describe('a registry that checks passwords itself', () => {
  it('gets Basic after it asked, and from then on at once', async () => {
    const registry = await startRegistry({ folder: join(folder, 'basic'), auth: true, report: () => {} });
    stops.unshift(() => registry.stop());
    const front = await startFaultProxy(registry.url);
    stops.unshift(() => front.stop());
    const { username = '', password = '' } = registry.credentials ?? {};
    const credentials = { username, password };
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const pushed = await pushImage({ registry, repository, tag: '1' });

    const client = connectContainerRegistry({ url: front.url, credentials: async () => credentials });
    expect((await client.headManifest(repository, '1'))?.digest).toBe(pushed.digest);
    expect(await Array.fromAsync(client.listTags(repository))).toEqual(['1']);
    expect(front.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, basic, basic]);

    const stranger = connectContainerRegistry({
      url: front.url,
      credentials: async () => ({ ...credentials, password: 'wrong' }),
    });
    await expect(stranger.headManifest(repository, '1')).rejects.toMatchObject({
      code: 'registry.unauthorized',
    });
  });
});
