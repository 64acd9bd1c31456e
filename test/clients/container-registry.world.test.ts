import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectContainerRegistry } from '../../functions/clients/container-registry.ts';
import { judgeArtifact } from '../../functions/deployment/artifact-kind.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../functions/records/manifest.ts';
import { pushImage } from '../../infra/local/registry/push.ts';
import { type LocalRegistry, startRegistry } from '../../infra/local/registry/start-registry.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { pushArtifact, pushIndexOf } from '../support/push-artifact.ts';

/** The registry client against a real registry without accounts, and against all that can go wrong on the way. */

const repository = 'shop/web';
const stops: (() => Promise<void>)[] = [];
let registry: LocalRegistry;
let proxy: FaultProxy;
let digest: string;
const at = (tag: string) => ({ registry, repository, tag });
const connect = (patience = { attempts: 3, attemptMs: 2_000, totalMs: 5_000 }) =>
  connectContainerRegistry({ url: proxy.url, patience });

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-registry-'));
  registry = await startRegistry({ folder, report: () => {} });
  proxy = await startFaultProxy(registry.url);
  stops.push(
    () => proxy.stop(),
    () => registry.stop(),
    () => rm(folder, { recursive: true }),
  );
  ({ digest } = await pushImage(at('1.0.0')));
});
afterEach(() => proxy.clear());
afterAll(async () => {
  for (const stop of stops) await stop();
});

describe('headManifest', () => {
  it("tells the registry's digest of a tag with one request", async () => {
    expect(await connect().headManifest(repository, '1.0.0')).toEqual({ digest, mediaType: OCI_MANIFEST });
    expect(proxy.requests).toMatchObject([{ method: 'HEAD' }]);
  });

  it('hashes the manifest when the registry names no digest', async () => {
    proxy.inject({}, { removeHeaders: ['docker-content-digest'] }, 2);
    expect(await connect().headManifest(repository, '1.0.0')).toEqual({ digest, mediaType: OCI_MANIFEST });
    expect(proxy.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it.each([
    ['a tag that is not there', repository, '9.9.9'],
    ['a digest that is not there', repository, `sha256:${'0'.repeat(64)}`],
    ['a repository that is not there', 'shop/nothing', '1.0.0'],
  ])('answers undefined for %s', async (_, repository, reference) => {
    expect(await connect().headManifest(repository, reference)).toBeUndefined();
  });

  it('sees a tag that moved', async () => {
    await pushImage(at('moving'));
    const first = await connect().headManifest(repository, 'moving');
    const moved = await pushArtifact(at('moving'), {
      config: 'application/vnd.oci.image.config.v1+json',
      layers: [],
    });
    expect([first?.digest === moved, (await connect().headManifest(repository, 'moving'))?.digest]).toEqual([
      false,
      moved,
    ]);
  });
});

describe('describeManifest', () => {
  it.each([
    [
      'image',
      'image',
      'application/vnd.oci.image.config.v1+json',
      'application/vnd.oci.image.layer.v1.tar+gzip',
    ],
    [
      'chart',
      'chart',
      'application/vnd.cncf.helm.config.v1+json',
      'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
    ],
    [
      'signature',
      'signature',
      'application/vnd.oci.image.config.v1+json',
      'application/vnd.dev.cosign.simplesigning.v1+json',
    ],
    [
      'attestation',
      'attestation',
      'application/vnd.oci.image.config.v1+json',
      'application/vnd.in-toto+json',
    ],
    [
      'flux',
      'other',
      'application/vnd.cncf.flux.config.v1+json',
      'application/vnd.cncf.flux.content.v1.tar+gzip',
    ],
  ])('tells that the %s is of kind %s', async (tag, kind, config, layer) => {
    const pushed = await pushArtifact(at(tag), { config, layers: [layer] });
    const described = await connect().describeManifest(repository, pushed);
    expect(described).toMatchObject({ digest: pushed, mediaType: OCI_MANIFEST, kind, declaredType: config });
    expect(described && judgeArtifact(described).ok).toBe(kind === 'image');
  });

  it('lists the platforms of an index without its attestations', async () => {
    const attestation = await pushArtifact(at('provenance'), {
      config: 'application/vnd.oci.image.config.v1+json',
      layers: ['application/vnd.in-toto+json'],
    });
    const pushed = await pushIndexOf(at('multi'), [
      { digest, os: 'linux', architecture: 'arm64' },
      { digest: attestation, os: 'unknown', architecture: 'unknown' },
    ]);
    expect(await connect().headManifest(repository, 'multi')).toEqual({
      digest: pushed,
      mediaType: OCI_INDEX,
    });
    expect(await connect().describeManifest(repository, pushed)).toEqual({
      digest: pushed,
      mediaType: OCI_INDEX,
      kind: 'index',
      platforms: ['linux/arm64'],
    });
  });

  it('refuses bytes that do not have the digest', async () => {
    const body = JSON.stringify({ schemaVersion: 2, config: { mediaType: 'x' }, layers: [] });
    proxy.inject({ method: 'GET' }, { status: 200, headers: { 'content-type': OCI_MANIFEST }, body });
    await expect(connect().describeManifest(repository, digest)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.digest-mismatch',
    });
  });

  it('answers undefined when the manifest has been deleted', async () => {
    expect(await connect().describeManifest(repository, `sha256:${'0'.repeat(64)}`)).toBeUndefined();
  });
});

describe('listTags', () => {
  it('lists all tags of a repository, and none of one that is not there', async () => {
    const tags = await Array.fromAsync(connect().listTags(repository));
    expect(tags).toContain('1.0.0');
    expect(await Array.fromAsync(connect().listTags('shop/nothing'))).toEqual([]);
  });
});

describe('when something fails for a moment', () => {
  it.each<[string, Fault]>([
    ['a 503', { status: 503 }],
    ['a 429 that asks for no pause', { status: 429, headers: { 'retry-after': '0' } }],
    ['an answer that takes too long', { delayMs: 60_000 }],
    ['a dropped request', { dropRequest: true }],
    ['an answer cut in the middle of its body', { cutAfterBytes: 20 }],
  ])('%s is tried again', async (_, fault) => {
    proxy.inject({}, fault);
    const described = await connect({ attempts: 3, attemptMs: 500, totalMs: 10_000 }).describeManifest(
      repository,
      digest,
    );
    expect([described?.digest, proxy.count()]).toEqual([digest, 2]);
  });

  it('is whole again after the registry was down, with the same client', async () => {
    const client = connect();
    await proxy.down();
    await expect(client.headManifest(repository, '1.0.0')).rejects.toMatchObject({
      name: 'TransientError',
      code: 'registry.unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await proxy.up();
    expect((await client.headManifest(repository, '1.0.0'))?.digest).toBe(digest);
  });
});

describe('when it goes on failing', () => {
  it.each<[string, Fault, string, number]>([
    ['503', { status: 503 }, 'registry.unavailable', 3],
    ['429 without a time', { status: 429 }, 'registry.throttled', 3],
    ['silence', { delayMs: 60_000 }, 'registry.unreachable', 3],
    ['cut answers', { cutAfterBytes: 20 }, 'registry.unreachable', 3],
    ['dropped requests', { dropRequest: true }, 'registry.unreachable', 3],
  ])('%s ends as TransientError after a bounded number of attempts', async (_, fault, code, attempts) => {
    proxy.inject({}, fault, Number.POSITIVE_INFINITY);
    const client = connect({ attempts: 3, attemptMs: 200, totalMs: 10_000 });
    await expect(client.describeManifest(repository, digest)).rejects.toMatchObject({
      name: 'TransientError',
      code,
    });
    expect(proxy.count()).toBe(attempts);
  });

  it.each([
    [429, 'registry.throttled'],
    [503, 'registry.unavailable'],
  ])('%i with a long Retry-After ends at once and hands the time on', async (status, code) => {
    proxy.inject({}, { status, headers: { 'retry-after': '60' } }, Number.POSITIVE_INFINITY);
    await expect(connect().headManifest(repository, '1.0.0')).rejects.toMatchObject({
      name: 'TransientError',
      code,
      retryAfterSeconds: 60,
    });
    expect(proxy.count()).toBe(1);
  });

  it('stops when its patience for everything ends, before all attempts are made', async () => {
    proxy.inject({}, { delayMs: 60_000 }, Number.POSITIVE_INFINITY);
    const client = connect({ attempts: 100, attemptMs: 150, totalMs: 400 });
    await expect(client.headManifest(repository, '1.0.0')).rejects.toMatchObject({
      code: 'registry.unreachable',
    });
    expect(proxy.count()).toBeLessThan(10);
  });

  it('stops when the caller has no more time', async () => {
    proxy.inject({}, { delayMs: 60_000 }, Number.POSITIVE_INFINITY);
    const asked = connect().headManifest(repository, '1.0.0', AbortSignal.timeout(100));
    await expect(asked).rejects.toMatchObject({ name: 'TransientError', code: 'registry.unreachable' });
  });

  it.each([401, 403])(
    '%i without a challenge is refused and says which secret to look at',
    async (status) => {
      proxy.inject({}, { status }, Number.POSITIVE_INFINITY);
      await expect(connect().headManifest(repository, '1.0.0')).rejects.toMatchObject({
        name: 'RefusedError',
        code: 'registry.unauthorized',
        message: expect.stringMatching(/repository:shop\/web:pull without credentials\. Name a secret/),
      });
      expect(proxy.count()).toBe(1);
    },
  );
});
