import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { pullManifest } from '../../infra/local/registry/distribution-client.ts';
import { pushChart, pushImage, pushIndex, retag } from '../../infra/local/registry/push.ts';
import { type LocalRegistry, startRegistry } from '../../infra/local/registry/start-registry.ts';

const Envelope = z.object({
  events: z.array(
    z.object({ action: z.string(), target: z.object({ digest: z.string(), tag: z.string().optional() }) }),
  ),
});

let folder: string;
let listener: Server;
let registry: LocalRegistry;
const received: { type: string | undefined; secret: unknown; body: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  listener = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({
        type: request.headers['content-type'],
        secret: request.headers['authorization'],
        body,
      });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  registry = await startRegistry({
    folder,
    auth: true,
    notifications: [{ url: `http://127.0.0.1:${port}/hook`, headers: { Authorization: 'Bearer for-tests' } }],
    report: () => undefined,
  });
});

afterAll(async () => {
  await registry.stop();
  listener.close();
  await rm(folder, { recursive: true, force: true });
});

const pushedTags = (): string[] =>
  received
    .flatMap(({ body }) => Envelope.parse(JSON.parse(body)).events)
    .filter(({ action, target }) => action === 'push' && target.tag !== undefined)
    .map(({ target }) => `${target.tag}@${target.digest}`);

test('a push posts a real notification with its tag and digest, and with our header', async () => {
  const { digest } = await pushImage({ registry, repository: 'shop/web', tag: '1.0.0' });
  await vi.waitFor(() => expect(pushedTags()).toContain(`1.0.0@${digest}`), { timeout: 10_000 });
  expect(received[0]).toMatchObject({
    type: 'application/vnd.docker.distribution.events.v1+json',
    secret: 'Bearer for-tests',
  });
});

test('the same content has the same digest, other labels another', async () => {
  const image = { registry, repository: 'shop/same' };
  const first = await pushImage({ ...image, tag: 'a' });
  expect(await pushImage({ ...image, tag: 'b' })).toEqual(first);
  expect(await pushImage({ ...image, tag: 'c', labels: { x: '1' } })).not.toEqual(first);
});

test('an index names one image for each architecture', async () => {
  const { digest, platforms } = await pushIndex({ registry, repository: 'shop/multi', tag: '2.0.0' });
  const { content } = await pullManifest(registry, 'shop/multi', digest);
  expect(JSON.parse(content.toString())).toMatchObject({
    manifests: platforms.map((platform) => ({
      digest: platform.digest,
      platform: { architecture: platform.architecture },
    })),
  });
  expect(platforms.map(({ architecture }) => architecture)).toEqual(['amd64', 'arm64']);
});

test('a chart is told by the media type of its configuration', async () => {
  const { digest } = await pushChart({ registry, repository: 'charts/web', version: '1.2.3' });
  const { content } = await pullManifest(registry, 'charts/web', digest);
  expect(content.toString()).toContain('application/vnd.cncf.helm.config.v1+json');
});

test('a second tag on an image keeps its digest', async () => {
  const { digest } = await pushImage({ registry, repository: 'shop/tags', tag: 'old' });
  expect(await retag(registry, 'shop/tags', 'old', 'new')).toEqual({ digest });
});

test('without the password the registry gives nothing', async () => {
  const stranger = { url: registry.url };
  await expect(pullManifest(stranger, 'shop/web', '1.0.0')).rejects.toThrow('401');
});

test('images and the port outlive a power cut', async () => {
  const { digest } = await pushImage({ registry, repository: 'shop/kept', tag: '1' });
  await registry.kill();
  await expect(fetch(registry.url)).rejects.toThrow('fetch failed');
  await registry.restart();
  const { content } = await pullManifest(registry, 'shop/kept', digest);
  expect(content.length).toBeGreaterThan(0);
});

test('neither the password nor the secret of the webhook is in the log', async () => {
  const log = await readFile(join(folder, 'logs', 'registry.log'), 'utf8');
  const secrets = [registry.credentials?.password ?? 'no password', 'for-tests'];
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
