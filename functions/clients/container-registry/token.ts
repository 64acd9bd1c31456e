import * as z from 'zod';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Answer, Ask } from './ask.ts';
import type { Challenge } from './challenge.ts';
import { type Credentials, encodeBasic, refuseAccess } from './credentials.ts';
import { parseJsonBody } from './json.ts';

/** Seconds a token lives when its service does not say. Distribution: token authentication specification. */
const DEFAULT_LIFETIME_SECONDS = 60;
/** Seconds before its end at which a token is no longer used: a request takes time, and clocks differ a little. */
const RESERVE_SECONDS = 10;
const MAX_ANSWER_BYTES = 1_048_576;

const TokenAnswer = z
  .object({
    token: z.string().min(1).optional(),
    access_token: z.string().min(1).optional(),
    expires_in: z.number().positive().optional().catch(undefined),
    issued_at: z.string().optional().catch(undefined),
  })
  .transform(({ token, access_token, ...rest }) => ({ token: token ?? access_token, ...rest }));

export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch, by our clock, until which the token is used. */
  readonly usableUntil: number;
}

interface TokenRequest {
  readonly registry: URL;
  readonly challenge: Extract<Challenge, { scheme: 'bearer' }>;
  /** Used when the registry's challenge names no scope. */
  readonly scope: string;
  readonly credentials: Credentials | undefined;
}

/**
 * Buys a token from the service that the registry names.
 * Source: https://distribution.github.io/distribution/spec/auth/token/
 *
 * @throws RefusedError `registry.realm` when the service is no safe place for credentials,
 *   `registry.unauthorized` when it refuses them, `registry.token` when its answer holds no token.
 * @throws TransientError as `createAsk` says.
 */
export const requestToken = async (ask: Ask, clock: Clock, request: TokenRequest): Promise<Token> => {
  const { registry, challenge, credentials } = request;
  const url = checkRealm(registry, challenge.realm);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  const scopes = (challenge.scope ?? request.scope).split(' ').filter(Boolean);
  for (const scope of scopes) url.searchParams.append('scope', scope);

  const askedAt = clock.now().getTime();
  const answer = await ask({
    method: 'GET',
    url,
    headers: credentials ? { authorization: encodeBasic(credentials) } : {},
    maxBytes: MAX_ANSWER_BYTES,
  });
  if (answer.status === 401 || answer.status === 403) {
    throw refuseAccess({
      registry: registry.host,
      by: url.host,
      scope: scopes.join(' '),
      hasCredentials: credentials !== undefined,
    });
  }
  const parsed = answer.status === 200 ? TokenAnswer.safeParse(parseJsonBody(answer.body)) : undefined;
  if (!parsed?.data?.token) {
    throw new RefusedError(
      'registry.token',
      `The token service ${url.host} of ${registry.host} answered ${answer.status} without a token. Check the ` +
        "realm in the registry's `auth.token` settings.",
    );
  }
  return { value: parsed.data.token, usableUntil: askedAt + usableMs(parsed.data, answer, clock) };
};

/**
 * The realm often is another host (GitLab beside its registry, auth.docker.io). A registry that proved itself by
 * TLS may name it, if it is https too. Over plain http anybody on the way could, so then it must be the same host.
 */
const checkRealm = (registry: URL, realm: string): URL => {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isSafe =
    registry.protocol === 'https:' ? url?.protocol === 'https:' : url?.hostname === registry.hostname;
  if (url && isSafe && url.username === '' && url.password === '') return url;
  const wanted =
    registry.protocol === 'https:'
      ? 'is not https'
      : 'is on another host, and the registry speaks plain http';
  throw new RefusedError(
    'registry.realm',
    `${registry.host} sends us for a token to ${url?.host ?? 'no valid URL'}, which ${wanted}; no credentials ` +
      "were sent. Correct the realm in the registry's `auth.token` settings.",
  );
};

/** Age is told by the service's own clock (`Date` against `issued_at`), since ours may be minutes off. */
const usableMs = (token: z.output<typeof TokenAnswer>, answer: Answer, clock: Clock): number => {
  const lifetime = (token.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1_000;
  const issued = Date.parse(token.issued_at ?? '');
  const sent = Date.parse(answer.headers.get('date') ?? '');
  const now = Number.isNaN(sent) ? clock.now().getTime() : sent;
  const age = Number.isNaN(issued) ? 0 : Math.max(0, now - issued);
  return lifetime - age - Math.min(RESERVE_SECONDS * 1_000, lifetime / 2);
};
