import { afterEach, describe, expect, it } from 'vitest';
import { connectContainerRegistry } from '../../../functions/clients/container-registry.ts';
import { OCI_MANIFEST } from '../../../functions/records/manifest.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../../support/canned-server.ts';

/** What a well-meaning registry never does, and some do: circles, strangers, wrong sizes. */

const servers: CannedServer[] = [];
const serve = async (answer: Parameters<typeof startCannedServer>[0]): Promise<CannedServer> => {
  const server = await startCannedServer(answer);
  servers.push(server);
  return server;
};
const credentials = async () => ({ username: 'deployer', password: 'canary-7c1e' });
const connect = ({ url }: CannedServer) => connectContainerRegistry({ url, credentials });
const digest = `sha256:${'ab'.repeat(32)}`;
const found: CannedAnswer = { headers: { 'docker-content-digest': digest, 'content-type': OCI_MANIFEST } };

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

describe('listTags', () => {
  const pages: Record<string, { tags: string[]; next?: string }> = {
    'n=1000': { tags: ['a', 'b'], next: 'last=b&n=1000' },
    'last=b&n=1000': { tags: ['c'], next: 'last=c&n=1000' },
    'last=c&n=1000': { tags: ['d'] },
  };
  it.each<[string, (query: string) => string]>([
    ['relative links', (query) => `</v2/shop/web/tags/list?${query}>; rel="next"`],
    [
      'absolute links to an inner host',
      (query) => `<http://registry.internal:5000/v2/shop/web/tags/list?${query}>; rel="next"`,
    ],
  ])('reads all pages by %s', async (_, link) => {
    const server = await serve((path) => {
      const page = pages[path.split('?')[1] ?? ''];
      if (!page) return { status: 500 };
      return {
        headers: page.next ? { link: link(page.next) } : {},
        body: { name: 'shop/web', tags: page.tags },
      };
    });
    expect(await Array.fromAsync(connect(server).listTags('shop/web'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('reads no page further than its reader', async () => {
    const server = await serve(() => ({
      headers: { link: '<?last=b>; rel="next"' },
      body: { tags: ['a', 'b'] },
    }));
    for await (const tag of connect(server).listTags('shop/web')) if (tag === 'a') break;
    expect(server.requests).toHaveLength(1);
  });

  it('refuses a list that leads back to where it was', async () => {
    const server = await serve(() => ({ headers: { link: '<?last=b>; rel="next"' }, body: { tags: ['a'] } }));
    await expect(Array.fromAsync(connect(server).listTags('shop/web'))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.paging',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('refuses a list that never ends', async () => {
    let page = 0;
    const server = await serve(() => ({
      headers: { link: `<?last=${page++}>; rel="next"` },
      body: { tags: [] },
    }));
    await expect(Array.fromAsync(connect(server).listTags('shop/web'))).rejects.toMatchObject({
      code: 'registry.paging',
    });
    expect(server.requests).toHaveLength(1_000);
  });

  it('takes the pages of a registry that refuses the size of ours', async () => {
    const server = await serve((path) =>
      path.includes('n=1000') ? { status: 400 } : { body: { tags: ['a'] } },
    );
    expect(await Array.fromAsync(connect(server).listTags('shop/web'))).toEqual(['a']);
  });

  it('reads a repository without tags, which Distribution lists as null', async () => {
    const server = await serve(() => ({ body: { name: 'shop/web', tags: null } }));
    expect(await Array.fromAsync(connect(server).listTags('shop/web'))).toEqual([]);
  });

  it.each<[string, CannedAnswer]>([
    ['a page of a web server', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['a list of something else', { body: { tags: [1, 2] } }],
    ['a status that is no answer', { status: 418 }],
  ])('refuses %s', async (_, answer) => {
    const server = await serve(() => answer);
    await expect(Array.fromAsync(connect(server).listTags('shop/web'))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.refused',
      message: expect.stringContaining('drydock.yaml'),
    });
  });
});

describe('headManifest', () => {
  it('refuses a digest that is not the one it asked for', async () => {
    const server = await serve(() => found);
    const other = `sha256:${'cd'.repeat(32)}`;
    await expect(connect(server).headManifest('shop/web', other)).rejects.toMatchObject({
      code: 'registry.digest-mismatch',
    });
  });

  it('sends the four media types that a node can run', async () => {
    const server = await serve(() => found);
    await connect(server).headManifest('shop/web', '1');
    expect(server.requests[0]?.headers.accept?.split(', ').sort()).toEqual([
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.oci.image.manifest.v1+json',
    ]);
  });

  it.each([
    ['shop/../../admin', '1'],
    ['Shop/web', '1'],
    ['shop/web', '../../tags/list'],
    ['shop/web', '1?x=y'],
    ['', '1'],
  ])('never sends the names %j and %j', async (repository, reference) => {
    const server = await serve(() => found);
    await expect(connect(server).headManifest(repository, reference)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.reference',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('describeManifest', () => {
  it('refuses a manifest larger than registries take', async () => {
    const server = await serve(() => ({ body: 'x'.repeat(4_194_305) }));
    await expect(connect(server).describeManifest('shop/web', digest)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.answer-too-large',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('refuses what is no manifest', async () => {
    const server = await serve(() => ({ body: '<html>' }));
    await expect(connect(server).describeManifest('shop/web', digest)).rejects.toMatchObject({
      code: 'registry.refused',
    });
  });
});

describe('redirects', () => {
  const basic = `Basic ${Buffer.from('deployer:canary-7c1e').toString('base64')}`;
  const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };

  it('keep the permission inside the registry', async () => {
    const storage = await serve(() => found);
    const registry = await serve((path, { authorization }) => {
      if (authorization === undefined) return challenge;
      return { status: 307, headers: { location: `${storage.url}${path}` } };
    });
    expect((await connect(registry).headManifest('shop/web', '1'))?.digest).toBe(digest);
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, basic]);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('to a stranger who asks for credentials get none', async () => {
    const stranger = await serve(() => challenge);
    const registry = await serve((path) => ({
      status: 307,
      headers: { location: `${stranger.url}${path}` },
    }));
    await expect(connect(registry).headManifest('shop/web', '1')).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.unauthorized',
    });
    const seen = [...stranger.requests, ...registry.requests];
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it('in a circle end', async () => {
    const registry: CannedServer = await serve((path) => ({ status: 307, headers: { location: path } }));
    await expect(connect(registry).headManifest('shop/web', '1')).rejects.toMatchObject({
      name: 'TransientError',
    });
  });
});
