import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDistributionEvents } from '../../../functions/deployment/sources/distribution.ts';

const DIGEST = `sha256:${'ab12'.repeat(16)}`;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

const read = (body: unknown) =>
  readDistributionEvents({
    source: 'registry',
    registryHosts: ['registry.example.com'],
    headers: new Map(),
    body,
    receivedAt: new Date('2026-11-21T08:00:00Z'),
  });

const target = { mediaType: INDEX, repository: 'shop/web', digest: DIGEST, tag: '1.4.2' };
const push = (change: object = {}) => ({ id: 'event-1', action: 'push', target: { ...target, ...change } });
const readOne = (event: unknown) => read({ events: [event] })[0];

describe('a push by tag', () => {
  it('is an image, named by the registry of drydock.yaml and never by the host of the request', () => {
    expect(readOne({ ...push(), request: { host: 'internal:5000' }, actor: { user: 'eyJ.canary' } })).toEqual(
      {
        state: 'image',
        id: 'event-1',
        event: {
          version: 1,
          id: 'event-1',
          source: 'registry',
          kind: 'push',
          image: 'registry.example.com/shop/web',
          tag: '1.4.2',
          digest: DIGEST,
          mediaType: INDEX,
          receivedAt: '2026-11-21T08:00:00.000Z',
        },
      },
    );
  });

  it.each([
    ['an OCI index', INDEX],
    ['an OCI manifest', MANIFEST],
    ['a Docker manifest', DOCKER_MANIFEST],
    ['a Docker manifest list', 'application/vnd.docker.distribution.manifest.list.v2+json'],
    ['a schema 1 manifest', 'application/vnd.docker.distribution.manifest.v1+prettyjws'],
    ['something that is not named', undefined],
  ])('of %s is an image', (_title, mediaType) => {
    expect(readOne(push({ mediaType }))?.state).toBe('image');
  });

  it('with a digest in another form goes on without it, since the registry is asked anyway', () => {
    expect(readOne(push({ digest: 'sha256:0123456789abcdef0' }))).toMatchObject({
      state: 'image',
      event: { tag: '1.4.2', digest: undefined },
    });
  });

  it('with references of an image is an image', () => {
    const references = [{ mediaType: 'application/vnd.oci.image.config.v1+json' }, { mediaType: 'layer' }];
    expect(readOne(push({ mediaType: MANIFEST, references }))?.state).toBe('image');
  });

  it('of an index with references to manifests is an image', () => {
    expect(readOne(push({ references: [{ mediaType: MANIFEST }] }))?.state).toBe('image');
  });
});

describe('is ignored, with the reason:', () => {
  const chart = [{ mediaType: 'application/vnd.cncf.helm.config.v1+json' }];
  const rows: [title: string, event: unknown, reason: RegExp][] = [
    ['a pull', { ...push(), action: 'pull' }, /pull changes nothing/],
    ['a mount', { ...push(), action: 'mount' }, /mounted blob/],
    ['a deleted tag', { id: 'e', action: 'delete', target: { repository: 'shop/web', tag: '1' } }, /deleted/],
    ['a deleted repository', { id: 'e', action: 'delete', target: { repository: 'shop/web' } }, /deleted/],
    [
      'a rename',
      { id: 'e', action: 'rename', target: { repository: 'a', rename: { from: 'a', to: 'b' } } },
      /renamed/,
    ],
    ['an action of tomorrow', { ...push(), action: 'quarantine' }, /not a push/],
    ['a blob', push({ mediaType: 'application/octet-stream', tag: undefined }), /blob/],
    ['a push by digest', push({ tag: undefined }), /without a tag/],
    ['a push with an empty tag', push({ tag: '' }), /without a tag/],
    ['a cosign signature', push({ tag: `sha256-${'a'.repeat(64)}.sig` }), /signature/],
    ['a cosign attestation', push({ tag: `sha256-${'a'.repeat(64)}.att` }), /attestation/],
    ['an SBOM', push({ tag: `sha256-${'a'.repeat(64)}.sbom` }), /SBOM/],
    ['a list of referrers', push({ tag: `sha256-${'a'.repeat(64)}` }), /signature/],
    ['a Helm chart', push({ mediaType: MANIFEST, references: chart }), /chart/],
  ];
  it.each(rows)('%s', (_title, event, reason) => {
    expect(readOne(event)).toMatchObject({ state: 'ignored', reason: expect.stringMatching(reason) });
  });
});

describe('is kept for a person:', () => {
  const rows: [title: string, body: unknown][] = [
    ['a body that is no envelope', { some: 'thing' }],
    ['a list', []],
    ['a number', 7],
    ['null', null],
    ['an envelope whose events are no list', { events: {} }],
    ['an event without an id', { events: [{ ...push(), id: undefined }] }],
    ['an event that is a text', { events: ['push'] }],
    ['a push without a repository', { events: [push({ repository: undefined })] }],
    ['a repository in capitals', { events: [push({ repository: 'Shop/Web' })] }],
    ['a repository that climbs', { events: [push({ repository: '../secrets' })] }],
    ['a tag that no registry takes', { events: [push({ tag: '$(reboot)' })] }],
  ];
  it.each(rows)('%s', (_title, body) => {
    expect(read(body).map(({ state }) => state)).toEqual(['unreadable']);
  });
});

describe('an envelope', () => {
  it('of many events, related or not, is read event by event, and a broken one loses no other', () => {
    const events = [
      push(),
      { broken: true },
      { ...push({ repository: 'other' }), id: 'event-2' },
      { ...push(), action: 'pull' },
    ];
    expect(read({ events }).map(({ state }) => state)).toEqual(['image', 'unreadable', 'image', 'ignored']);
  });

  it('without events says nothing', () => {
    expect(read({ events: [] })).toEqual([]);
  });

  it('may be left out around a single event', () => {
    expect(read(push()).map(({ state }) => state)).toEqual(['image']);
  });
});

it('reads any JSON without throwing, and gives a reason that quotes nothing of it', () => {
  const canary = 'canary-0123456789';
  const event = fc.record(
    {
      id: fc.oneof(fc.string(), fc.constant(canary)),
      action: fc.oneof(fc.constantFrom('push', 'pull'), fc.jsonValue(), fc.constant(canary)),
      target: fc.oneof(
        fc.jsonValue(),
        fc.record({ repository: fc.constant(canary), tag: fc.jsonValue(), mediaType: fc.jsonValue() }),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ events: fc.array(event) })), (body) => {
      for (const reading of read(body)) {
        expect(reading.state === 'image' ? '' : reading.reason).not.toContain(canary);
      }
    }),
  );
});
