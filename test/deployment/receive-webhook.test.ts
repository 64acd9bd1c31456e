import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { BEARER, createDoorWorld, SECRETS } from './door-world.ts';

const DIGEST = `sha256:${'ab12'.repeat(16)}`;
const target = {
  mediaType: 'application/vnd.oci.image.index.v1+json',
  repository: 'shop/web',
  digest: DIGEST,
  tag: '1',
};
const push = (id: string, change: object = {}) => ({ id, action: 'push', target: { ...target, ...change } });
const envelope = (...events: unknown[]): string => JSON.stringify({ events });

const signedHeaders = (body: string, at: Date, id = 'msg_1', secret = SECRETS['drydock/ci-hook'] ?? '') => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
});

describe('a push that a target follows', () => {
  it('is answered 202 and lies in the queue', async () => {
    const { post, messages } = createDoorWorld();
    await expect(post('registry', envelope(push('event-1')), BEARER)).resolves.toMatchObject({
      status: 202,
      body: { outcomes: [{ event: 'event-1', outcome: 'accepted' }] },
    });
    expect(messages).toMatchObject([
      { kind: 'push', id: 'event-1', image: 'registry.example.com/shop/web', tag: '1' },
    ]);
  });

  it('is answered 202 when a CI job signed it', async () => {
    const { post, messages, clock } = createDoorWorld();
    const body = JSON.stringify({ image: 'registry.example.com/shop/web', tag: '1.4.2' });
    const answer = await post('ci', body, signedHeaders(body, clock.now()));
    expect(answer.status).toBe(202);
    expect(messages).toMatchObject([{ kind: 'push', id: 'msg_1', source: 'ci', tag: '1.4.2' }]);
  });

  it('among others has one outcome for each, in their order', async () => {
    const { post, messages } = createDoorWorld();
    const events = [
      push('1'),
      { ...push('2'), action: 'pull' },
      push('3', { repository: 'shop/other' }),
      push('1'),
      { id: 4 },
      push('5', { tag: '2' }),
    ];
    const answer = await post('registry', envelope(...events), BEARER);
    expect(answer.body).toMatchObject({
      outcomes: [
        { event: '1', outcome: 'accepted' },
        { event: '2', outcome: 'ignored', reason: 'a pull changes nothing' },
        { event: '3', outcome: 'ignored', reason: 'no target uses this image' },
        { event: '1', outcome: 'ignored', reason: 'repeated in this request' },
        { outcome: 'unreadable', reason: expect.stringContaining('kept for a person') },
        { event: '5', outcome: 'accepted' },
      ],
    });
    expect(messages.map(({ kind }) => kind)).toEqual(['push', 'push', 'unreadable']);
  });
});

describe('an authenticated request that matters to nobody is answered 200:', () => {
  it.each([
    ['no events', '{"events":[]}', []],
    ['no body', '', [{ outcome: 'ignored', reason: 'the request has no body' }]],
    [
      'another image',
      envelope(push('1', { repository: 'a' })),
      [{ outcome: 'ignored', reason: 'no target uses this image' }],
    ],
  ])('%s', async (_title, body, outcomes) => {
    const { post, messages } = createDoorWorld();
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 200, body: { outcomes } });
    expect(messages).toEqual([]);
  });

  it('without any target, since the capability may be off', async () => {
    const { post } = createDoorWorld({
      registries: { main: { host: 'registry.example.com' } },
      sources: {
        registry: {
          kind: 'distribution',
          registry: 'main',
          auth: { type: 'bearer', secret: 'drydock/registry-hook' },
        },
      },
    });
    await expect(post('registry', envelope(push('1')), BEARER)).resolves.toMatchObject({ status: 200 });
  });
});

describe('an authenticated request that cannot be read is answered 202 and kept:', () => {
  const rows: [title: string, body: Uint8Array | string, reason: string][] = [
    ['no JSON', '{"events": [', 'the body is not JSON'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'the body is not valid UTF-8'],
    [
      'JSON of another form',
      '{"some":"thing"}',
      'the body is no notification envelope, which is {"events": [...]}',
    ],
    ['JSON nested a million deep', '['.repeat(1_000_000), 'the body is not JSON'],
  ];
  it.each(rows)('%s', async (_title, body, reason) => {
    const { post, messages } = createDoorWorld();
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 202 });
    expect(messages).toMatchObject([{ kind: 'unreadable', source: 'registry', reasons: [reason] }]);
  });

  it('once, however often it is sent', async () => {
    const { post, messages, clock } = createDoorWorld();
    await post('registry', 'oops', BEARER);
    clock.advance(60_000);
    await post('registry', 'oops', BEARER);
    const [first, second] = messages;
    expect(first?.id).toBe(second?.id);
  });

  it('cut to what a message can carry, with what came in written beside it', async () => {
    const { post, messages } = createDoorWorld();
    const body = `oops ${'é"\\'.repeat(1_000_000)}`;
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 202 });
    expect(messages).toMatchObject([{ kind: 'unreadable', isCut: true, bytes: Buffer.byteLength(body) }]);
    expect(Buffer.byteLength(JSON.stringify(messages[0]))).toBeLessThan(256 * 1024);
  });

  it('a JSON body of the size Lambda takes, and nested beyond reason', async () => {
    const { post, messages } = createDoorWorld();
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    await expect(post('registry', deep, BEARER)).resolves.toMatchObject({ status: 202 });
    expect(messages).toHaveLength(1);
  });
});

it('a body just under the limit of the gateway is read whole, and its answer lists a thousand outcomes', async () => {
  const { post, messages } = createDoorWorld();
  const events = Array.from({ length: 20_000 }, (_, index) =>
    push(`event-${index}`, { tag: `1.0.${index % 50}` }),
  );
  const body = envelope(...events);
  expect(body.length).toBeGreaterThan(4_000_000);
  const answer = await post('registry', body, BEARER);
  expect(answer).toMatchObject({ status: 202, body: { notListed: 19_000 } });
  expect(messages).toHaveLength(20_000);
});

describe('who does not prove itself', () => {
  const right = BEARER.authorization;
  const rows: [title: string, source: string, headers: Record<string, string>][] = [
    ['without a secret', 'registry', {}],
    ['with a wrong secret', 'registry', { authorization: 'Bearer something-else' }],
    ['at a source that does not exist', 'nobody', { authorization: right }],
    ['at a source named like a part of JavaScript', '__proto__', { authorization: right }],
    ['with the secret of another source', 'ci', { authorization: right }],
    [
      'with a signature of another key',
      'ci',
      signedHeaders('{', new Date('2026-11-21T08:00:00Z'), 'a', `whsec_${'A'.repeat(43)}=`),
    ],
  ];

  it.each(rows)(
    '%s gets the same 401, and nothing is read, kept or told',
    async (_title, source, headers) => {
      const { post, messages, lines } = createDoorWorld();
      await expect(post(source, '{', headers)).resolves.toEqual({
        status: 401,
        headers: { 'content-type': 'application/json' },
        body: { message: 'Unauthorized' },
      });
      expect(messages).toEqual([]);
      expect(JSON.stringify(lines)).not.toContain('canary');
    },
  );

  it('any more: a signed request replayed after five minutes', async () => {
    const { post, messages, clock } = createDoorWorld();
    const body = JSON.stringify({ image: 'registry.example.com/shop/web', tag: '1' });
    const headers = signedHeaders(body, clock.now());
    await expect(post('ci', body, headers)).resolves.toMatchObject({ status: 202 });
    clock.advance(299_000);
    await expect(post('ci', body, headers)).resolves.toMatchObject({ status: 202 });
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    clock.advance(1_000);
    await expect(post('ci', body, headers)).resolves.toMatchObject({ status: 401 });
  });
});

describe('while a secret rotates', () => {
  const body = envelope(push('1'));
  const newer = { authorization: 'Bearer a-newer-secret-0123456789' };

  it('both are taken', async () => {
    const { post, secrets } = createDoorWorld();
    const previous = SECRETS['drydock/registry-hook'];
    secrets['drydock/registry-hook'] = JSON.stringify({ current: 'a-newer-secret-0123456789', previous });
    await expect(post('registry', body, newer)).resolves.toMatchObject({ status: 202 });
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 202 });
  });

  it('a new one acts at once, and the withdrawn one ends with that', async () => {
    const { post, secrets } = createDoorWorld();
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 202 });
    secrets['drydock/registry-hook'] = 'a-newer-secret-0123456789';
    await expect(post('registry', body, newer)).resolves.toMatchObject({ status: 202 });
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 401 });
  });

  it('a withdrawn one ends within a minute when nobody sends the new one', async () => {
    const { post, secrets, clock } = createDoorWorld();
    await post('registry', body, BEARER);
    secrets['drydock/registry-hook'] = 'a-newer-secret-0123456789';
    clock.advance(60_000);
    await expect(post('registry', body, BEARER)).resolves.toMatchObject({ status: 401 });
  });
});

describe('when we cannot store, the sender is told to try again:', () => {
  const rows: [title: string, fault: 'queue' | 'secrets', error: Error, level: string][] = [
    ['SQS is down', 'queue', new TransientError('aws.unavailable', 'SQS is down'), 'warn'],
    ['SQS refuses us', 'queue', new RefusedError('aws.refused', 'AccessDenied'), 'error'],
    ['Secrets Manager is down', 'secrets', new TransientError('aws.unavailable', 'down'), 'warn'],
    ['the secret is gone', 'secrets', new RefusedError('aws.refused', 'ResourceNotFound'), 'error'],
  ];
  it.each(rows)('%s', async (_title, fault, error, level) => {
    const { post, faults, lines, messages } = createDoorWorld();
    faults[fault] = error;
    await expect(post('registry', envelope(push('1')), BEARER)).resolves.toEqual({
      status: 503,
      headers: { 'content-type': 'application/json', 'retry-after': '5' },
      body: { message: 'Service Unavailable' },
    });
    expect(messages).toEqual([]);
    expect(lines).toMatchObject([{ level, message: error.message }]);
  });

  it('but not for what nobody waits for', async () => {
    const { post, faults } = createDoorWorld();
    faults.queue = new TransientError('aws.unavailable', 'SQS is down');
    const pull = envelope({ ...push('1'), action: 'pull' });
    await expect(post('registry', pull, BEARER)).resolves.toMatchObject({ status: 200 });
  });
});
