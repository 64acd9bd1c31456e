import { describe, expect, it } from 'vitest';
import { readNativeEvent } from '../../../functions/deployment/sources/native.ts';

const DIGEST = `sha256:${'ab12'.repeat(16)}`;

interface Sent {
  readonly headers?: Record<string, string>;
  readonly registryHosts?: readonly string[];
  readonly at?: string;
}

const read = (body: unknown, { headers = {}, registryHosts = ['registry.example.com'], at }: Sent = {}) => {
  const receivedAt = new Date(at ?? '2026-11-21T08:00:00Z');
  const request = {
    source: 'ci',
    registryHosts,
    headers: new Map(Object.entries(headers)),
    body,
    receivedAt,
  };
  return readNativeEvent(request)[0];
};

const announced = (body: unknown, sent?: Sent) => {
  const reading = read(body, sent);
  if (reading?.state !== 'image') throw new Error(`no image: ${JSON.stringify(reading)}`);
  return reading.event;
};

describe('an announcement names', () => {
  const web = { image: 'registry.example.com/shop/web' };
  const rows: [title: string, body: object, event: object][] = [
    ['image and tag', { ...web, tag: '1.4.2' }, { ...web, tag: '1.4.2', kind: 'push' }],
    ['image, tag and digest', { ...web, tag: '1', digest: DIGEST }, { ...web, tag: '1', digest: DIGEST }],
    ['a digest alone', { ...web, digest: DIGEST }, { ...web, tag: undefined, digest: DIGEST }],
    ['the tag inside the image', { image: `${web.image}:1.4.2` }, { ...web, tag: '1.4.2' }],
    [
      'tag and digest inside the image',
      { image: `${web.image}:1@${DIGEST}` },
      { ...web, tag: '1', digest: DIGEST },
    ],
    ['a registry with a port', { image: 'localhost:5000/web', tag: '1' }, { image: 'localhost:5000/web' }],
    ['no registry, where there is one', { image: 'shop/web', tag: '1' }, web],
    ['a redeploy', { ...web, tag: '1', redeploy: true }, { kind: 'redeploy' }],
    ['nothing for null', { ...web, tag: '1', digest: null }, { digest: undefined }],
  ];
  it.each(rows)('%s', (_title, body, event) => {
    expect(announced(body)).toMatchObject(event);
  });

  it('Docker Hub without saying so, where that is one of the registries', () => {
    const registryHosts = ['registry.example.com', 'docker.io'];
    expect(announced({ image: 'shop/web', tag: '1' }, { registryHosts }).image).toBe('docker.io/shop/web');
  });
});

describe('is kept for a person:', () => {
  const rows: [title: string, body: unknown, reason: RegExp][] = [
    ['no image', { tag: '1.1.1' }, /the body is not/],
    ['a list', [{ image: 'a', tag: '1' }], /the body is not/],
    ['neither tag nor digest', { image: 'registry.example.com/web' }, /neither `tag` nor `digest`/],
    ['a tag that no registry takes', { image: 'registry.example.com/web', tag: 'a b' }, /`tag`/],
    ['a digest that is none', { image: 'registry.example.com/web', digest: 'latest' }, /`digest`/],
    ['an image in capitals', { image: 'registry.example.com/Web', tag: '1' }, /`image`/],
  ];
  it.each(rows)('%s', (_title, body, reason) => {
    expect(read(body)).toMatchObject({ state: 'unreadable', reason: expect.stringMatching(reason) });
  });

  it('an image without a registry, where there are two', () => {
    const registryHosts = ['registry.example.com', 'registry.example.org'];
    expect(read({ image: 'shop/web', tag: '1' }, { registryHosts })).toMatchObject({
      state: 'unreadable',
      reason: expect.stringContaining('names no registry'),
    });
  });
});

it('a signature is ignored', () => {
  const tag = `sha256-${'a'.repeat(64)}.sig`;
  expect(read({ image: 'registry.example.com/web', tag })).toMatchObject({ state: 'ignored' });
});

describe('the id of an announcement', () => {
  const body = { image: 'registry.example.com/web', tag: '1' };
  const idOf = (change: object = {}, sent?: Sent): string => announced({ ...body, ...change }, sent).id;

  it('is the Idempotency-Key, so that a new key is a new deployment', () => {
    expect(idOf({}, { headers: { 'idempotency-key': 'pipeline-1' } })).toBe('pipeline-1');
  });

  it('is the webhook-id where that is what was signed', () => {
    expect(idOf({}, { headers: { 'webhook-id': 'msg_1' } })).toBe('msg_1');
  });

  it('is the hash of a key too long for a name', () => {
    const headers = { 'idempotency-key': 'k'.repeat(5_000) };
    expect(idOf({}, { headers })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('without a key is the same for the same content within ten minutes', () => {
    expect(idOf({}, { at: '2026-11-21T08:00:01Z' })).toBe(idOf({}, { at: '2026-11-21T08:09:59Z' }));
  });

  const others: [title: string, change: object, at: string][] = [
    ['ten minutes later', {}, '2026-11-21T08:10:01Z'],
    ['for another tag', { tag: '2' }, '2026-11-21T08:00:01Z'],
    ['for a digest beside the tag', { digest: DIGEST }, '2026-11-21T08:00:01Z'],
    ['for a redeploy', { redeploy: true }, '2026-11-21T08:00:01Z'],
  ];
  it.each(others)('without a key is another %s', (_title, change, at) => {
    expect(idOf(change, { at })).not.toBe(idOf({}, { at: '2026-11-21T08:00:01Z' }));
  });
});
