import * as z from 'zod';
import type { Clock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import type { SignedFetch } from './signed-fetch.ts';

/** The secrets by which senders prove themselves. */
export interface WebhookSecrets {
  /** Those that are valid now, the current one first; from a short cache. */
  read(reference: string, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Those that are valid now, past the cache, for a sender whose secret is not among those we know: it may be newer.
   * Undefined when that was asked a moment ago, so that a stranger cannot make us ask without end.
   */
  readAgain(reference: string, signal?: AbortSignal): Promise<readonly string[] | undefined>;
}

/** Milliseconds a secret is kept: one that was withdrawn ends within a minute. */
const CACHE_MS = 60_000;
/** Milliseconds between two readings past the cache; one that came new is believed after this at the latest. */
const ASK_AGAIN_MS = 5_000;
/** Milliseconds a secret is still taken when Secrets Manager is down: some senders try only once. */
const OUTAGE_MS = 15 * 60_000;

/**
 * Opens the webhook secrets in Secrets Manager: each a text, or `{"current": ..., "previous"?: ...}` while it rotates.
 *
 * @throws TransientError `aws.unavailable`, RefusedError `aws.refused` of the call.
 * @throws RefusedError `secret.malformed` when the value is neither, or too short to prove anything.
 */
export const openWebhookSecrets = (call: SignedFetch, clock: Clock): WebhookSecrets => {
  const kept = new Map<string, { secrets: readonly string[]; readAt: number }>();
  const askedAgainAt = new Map<string, number>();
  const reading = new Map<string, Promise<readonly string[]>>();

  const ask = async (reference: string, signal: AbortSignal | undefined): Promise<readonly string[]> => {
    const input = { SecretId: reference };
    const answer = await call({ service: 'secretsmanager', action: 'GetSecretValue', input, signal });
    const secrets = parseWebhookSecret(SecretValue.safeParse(answer).data?.SecretString ?? '', reference);
    kept.set(reference, { secrets, readAt: clock.now().getTime() });
    return secrets;
  };

  /** Requests that meet in one sandbox ask once. */
  const askOnce = (reference: string, signal: AbortSignal | undefined): Promise<readonly string[]> => {
    const asked = reading.get(reference) ?? ask(reference, signal).finally(() => reading.delete(reference));
    reading.set(reference, asked);
    return asked;
  };

  return {
    async read(reference, signal) {
      const known = kept.get(reference);
      const now = clock.now().getTime();
      if (known && now - known.readAt < CACHE_MS) return known.secrets;
      try {
        return await askOnce(reference, signal);
      } catch (error) {
        if (known && error instanceof TransientError && now - known.readAt < OUTAGE_MS) return known.secrets;
        throw error;
      }
    },

    async readAgain(reference, signal) {
      const now = clock.now().getTime();
      if (now - (askedAgainAt.get(reference) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS) return undefined;
      askedAgainAt.set(reference, now);
      return askOnce(reference, signal);
    },
  };
};

const SecretValue = z.object({ SecretString: z.string() });

/** Characters: what a stranger cannot guess at the rate that the gateway lets through. */
const MIN_LENGTH = 16;
const Secret = z.string().trim().min(MIN_LENGTH);
const Rotating = z.object({ current: Secret, previous: z.union([Secret, z.literal('')]).nullish() });

/**
 * The secrets that a value holds, the current one first.
 *
 * @throws RefusedError `secret.malformed`.
 */
export const parseWebhookSecret = (text: string, reference: string): readonly string[] => {
  const json = parseJson(text);
  const rotating = Rotating.safeParse(json);
  if (rotating.success)
    return [rotating.data.current, rotating.data.previous ?? ''].filter((one) => one !== '');
  const single = Secret.safeParse(text);
  if (single.success && (typeof json !== 'object' || json === null)) return [single.data];
  throw new RefusedError(
    'secret.malformed',
    `The webhook secret ${reference} is neither a text of at least ${MIN_LENGTH} characters nor ` +
      '{"current": "...", "previous": "..."} of such; put a new one, for example of `openssl rand -base64 32`.',
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
