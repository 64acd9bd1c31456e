import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import {
  authenticateWebhook,
  signWebhook,
  type WebhookAuthentication,
} from '../../functions/rules/webhook-authentication.ts';

const NOW = new Date('2026-11-21T08:00:00Z');
const NOW_SECONDS = 1_795_248_000;
const BODY = Buffer.from('{"image":"registry.example.com/shop/web"}');
const bearer: WebhookAuthentication = { type: 'bearer', header: 'Authorization' };

describe('a secret in a header', () => {
  const rows: [title: string, headers: Record<string, string>, verdict: string][] = [
    ['with the scheme is right', { authorization: 'Bearer current-secret' }, 'ok'],
    ['with the scheme in another case is right', { authorization: 'bearer  current-secret' }, 'ok'],
    ['without the scheme is right', { authorization: 'current-secret' }, 'ok'],
    ['that is about to be withdrawn is right', { authorization: 'Bearer previous-secret' }, 'ok'],
    ['that is another one is wrong', { authorization: 'Bearer another-secret' }, 'wrong'],
    ['that is a beginning of ours is wrong', { authorization: 'Bearer current-secre' }, 'wrong'],
    ['that is longer than ours is wrong', { authorization: 'Bearer current-secrets' }, 'wrong'],
    ['that is sent twice is wrong', { authorization: 'Bearer x, Bearer current-secret' }, 'wrong'],
    ['that is only a scheme is wrong', { authorization: 'Bearer ' }, 'wrong'],
    ['that is empty is missing', { authorization: '' }, 'missing'],
    ['in another header is missing', { 'x-token': 'current-secret' }, 'missing'],
  ];
  it.each(rows)('%s', (_title, headers, verdict) => {
    const request = { headers: new Map(Object.entries(headers)), body: BODY };
    const judged = authenticateWebhook(bearer, request, ['current-secret', 'previous-secret'], NOW);
    expect(judged.ok ? 'ok' : judged.reason).toBe(verdict);
  });

  it('is looked for in the header that the source names', () => {
    const request = { headers: new Map([['x-registry-token', 'current-secret']]), body: BODY };
    const named: WebhookAuthentication = { type: 'bearer', header: 'X-Registry-Token' };
    expect(authenticateWebhook(named, request, ['current-secret'], NOW).ok).toBe(true);
  });

  it('proves nothing where there is no secret to compare with', () => {
    const request = { headers: new Map([['authorization', 'Bearer x']]), body: BODY };
    expect(authenticateWebhook(bearer, request, [], NOW).ok).toBe(false);
  });
});

const keyOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;
const CURRENT = keyOf('0123456789abcdef0123456789abcdef');
const PREVIOUS = keyOf('fedcba9876543210fedcba9876543210');
const STRANGER = keyOf('a stranger who guesses 32 bytes.');

interface Signing {
  readonly secret?: string;
  readonly secondsAgo?: number;
  readonly body?: Uint8Array;
  readonly headers?: Record<string, string>;
}

/** Signed by the specification's own library, so that ours is not checked against itself. */
const sign = ({ secret = CURRENT, secondsAgo = 0, body = BODY, headers = {} }: Signing) => {
  const seconds = NOW_SECONDS - secondsAgo;
  const signature = new Webhook(secret).sign('msg_1', new Date(seconds * 1000), Buffer.from(body));
  return {
    headers: new Map(
      Object.entries({
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': signature,
        ...headers,
      }),
    ),
    body: BODY,
  };
};

describe('a Standard Webhooks signature', () => {
  const otherBody = Buffer.from('{"image":"registry.example.com/shop/evil"}');
  const right = sign({}).headers.get('webhook-signature') ?? '';
  const rows: [title: string, signing: Signing, verdict: string][] = [
    ['of the current key is right', {}, 'ok'],
    ['of the previous key is right', { secret: PREVIOUS }, 'ok'],
    ['of a key without its prefix is right', { secret: CURRENT.replace('whsec_', '') }, 'ok'],
    ['of a stranger is wrong', { secret: STRANGER }, 'wrong'],
    ['of another body is wrong', { body: otherBody }, 'wrong'],
    ['for another id is wrong', { headers: { 'webhook-id': 'msg_2' } }, 'wrong'],
    ['for another time is wrong', { headers: { 'webhook-timestamp': String(NOW_SECONDS + 1) } }, 'wrong'],
    ['among others is right', { headers: { 'webhook-signature': `v1,AAAA v1a,BBBB ${right}` } }, 'ok'],
    [
      'of another version alone is wrong',
      { headers: { 'webhook-signature': right.replace('v1,', 'v2,') } },
      'wrong',
    ],
    ['that is empty is wrong', { headers: { 'webhook-signature': 'v1,' } }, 'wrong'],
    ['that is not there is missing', { headers: { 'webhook-signature': '' } }, 'missing'],
    ['without an id is missing', { headers: { 'webhook-id': '' } }, 'missing'],
    ['without a time is missing', { headers: { 'webhook-timestamp': '' } }, 'missing'],
    ['with words after the time is wrong', { headers: { 'webhook-timestamp': `${NOW_SECONDS}x` } }, 'wrong'],
    ['made 4 minutes ago is right', { secondsAgo: 240 }, 'ok'],
    ['made by a clock 4 minutes fast is right', { secondsAgo: -240 }, 'ok'],
    ['made 5 minutes ago is stale', { secondsAgo: 300 }, 'stale'],
    ['made by a clock 5 minutes fast is stale', { secondsAgo: -301 }, 'stale'],
    ['replayed a day later is stale', { secondsAgo: 86_400 }, 'stale'],
    [
      'of a stranger a day ago is wrong, and says nothing of the time',
      { secret: STRANGER, secondsAgo: 86_400 },
      'wrong',
    ],
  ];
  it.each(rows)('%s', (_title, signing, verdict) => {
    const judged = authenticateWebhook({ type: 'hmac' }, sign(signing), [CURRENT, PREVIOUS], NOW);
    expect(judged.ok ? 'ok' : judged.reason).toBe(verdict);
  });

  it('is over the bytes, so that a body of invalid UTF-8 can be signed and cannot be changed', () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const timestamp = String(NOW_SECONDS);
    const headers = new Map([
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', signWebhook(CURRENT, 'msg_1', timestamp, body) ?? ''],
    ]);
    expect(authenticateWebhook({ type: 'hmac' }, { headers, body }, [CURRENT], NOW).ok).toBe(true);
    // Another invalid byte decodes to the same replacement character; as text the two bodies would be equal.
    const changed = Buffer.from([0x7b, 0xfd, 0xfe, 0x7d]);
    expect(authenticateWebhook({ type: 'hmac' }, { headers, body: changed }, [CURRENT], NOW).ok).toBe(false);
  });

  it('is never right for a secret that is no key', () => {
    expect(authenticateWebhook({ type: 'hmac' }, sign({}), ['not a key!', 'whsec_'], NOW).ok).toBe(false);
  });

  it('agrees with the library of the specification for any key, id, time and text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.string({ minLength: 1 }),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.string({ unit: 'grapheme' }),
        (key, id, seconds, text) => {
          const secret = Buffer.from(key).toString('base64');
          const theirs = new Webhook(secret).sign(id, new Date(seconds * 1000), text);
          expect(signWebhook(secret, id, String(seconds), Buffer.from(text))).toBe(theirs);
        },
      ),
    );
  });

  it('is never right after any byte of the body has changed', () => {
    fc.assert(
      fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const body = Buffer.from(BODY);
        body[at] = (body[at] ?? 0) ^ change;
        const judged = authenticateWebhook({ type: 'hmac' }, { ...sign({}), body }, [CURRENT], NOW);
        expect(judged).toEqual({ ok: false, reason: 'wrong' });
      }),
    );
  });
});
