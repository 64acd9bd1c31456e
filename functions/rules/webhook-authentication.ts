import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Is a webhook's sender who it says it is? Judged on the raw bytes, before anything is parsed. */

/** How a source proves itself: a fixed secret in a header, or a Standard Webhooks signature. */
export type WebhookAuthentication =
  | { readonly type: 'bearer'; readonly header: string }
  | { readonly type: 'hmac' };

export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** As it came over the wire. */
  readonly body: Uint8Array;
}

export type AuthenticationVerdict =
  | { readonly ok: true }
  /** For our log only; a sender that is not known is told nothing. */
  | { readonly ok: false; readonly reason: 'missing' | 'stale' | 'wrong' };

/** Standard Webhooks specification, "Webhook timestamp": the tolerance of its reference libraries. */
const TOLERANCE_SECONDS = 300;

/**
 * Judges one request against each secret that is valid now (two while a secret rotates). All secrets are compared,
 * whichever matches, and each comparison takes the same time for any input of one length.
 *
 * @param toleranceSeconds how far a signed time may be from `now`, either way.
 */
export const authenticateWebhook = (
  authentication: WebhookAuthentication,
  request: SignedRequest,
  secrets: readonly string[],
  now: Date,
  toleranceSeconds: number = TOLERANCE_SECONDS,
): AuthenticationVerdict =>
  authentication.type === 'bearer'
    ? compareHeader(request.headers.get(authentication.header.toLowerCase()), secrets)
    : verifySignature(request, secrets, now, toleranceSeconds);

/**
 * Signs as Standard Webhooks do.
 *
 * @param secret base64 of the key, with or without the prefix `whsec_`.
 * @param timestamp Unix seconds as written in the header.
 * @returns `v1,<base64>`, or undefined when the secret is no such key.
 */
export const signWebhook = (
  secret: string,
  id: string,
  timestamp: string,
  body: Uint8Array,
): string | undefined => {
  const key = decodeKey(secret);
  // Over the bytes: the specification's own library signs the body as text, which changes invalid UTF-8.
  return key && `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
};

/** With or without the scheme: GitLab's registry sends what its configuration says, word for word. */
const BEARER = /^Bearer +/i;

const compareHeader = (value: string | undefined, secrets: readonly string[]): AuthenticationVerdict => {
  if (value === undefined || value === '') return { ok: false, reason: 'missing' };
  const given = value.trim();
  return matchesAny([given, given.replace(BEARER, '')], secrets)
    ? { ok: true }
    : { ok: false, reason: 'wrong' };
};

/** More than a sender with two keys ever sends; bounds the work that a stranger can ask for. */
const MAX_SIGNATURES = 16;

const verifySignature = (
  { headers, body }: SignedRequest,
  secrets: readonly string[],
  now: Date,
  toleranceSeconds: number,
): AuthenticationVerdict => {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const signatures = headers.get('webhook-signature');
  if (!id || !timestamp || !signatures) return { ok: false, reason: 'missing' };
  const expected = secrets.flatMap((secret) => signWebhook(secret, id, timestamp, body) ?? []);
  const given = signatures.split(' ').filter((signature) => signature.startsWith('v1,'));
  if (!matchesAny(given.slice(0, MAX_SIGNATURES), expected)) return { ok: false, reason: 'wrong' };
  // After the signature, so that only who knows the secret can learn that the time was the fault.
  const ageSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return ageSeconds < toleranceSeconds ? { ok: true } : { ok: false, reason: 'stale' };
};

/** Compares each with each and stops at no match. Hashes have one length, which `timingSafeEqual` asks for. */
const matchesAny = (given: readonly string[], expected: readonly string[]): boolean => {
  const digests = expected.map(digest);
  let matches = 0;
  for (const candidate of given.map(digest)) {
    for (const digest of digests) matches += timingSafeEqual(candidate, digest) ? 1 : 0;
  }
  return matches > 0;
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

const decodeKey = (secret: string): Buffer | undefined => {
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
};
