import type { Clock } from '../../runtime/clock.ts';
import { TransientError } from '../../runtime/errors.ts';
import type { Answer, Ask } from './ask.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import { type Credentials, encodeBasic, refuseAccess } from './credentials.ts';
import { requestToken } from './token.ts';

/** What a registry accepted for one repository, kept until shortly before it ends. */
interface Grant {
  readonly header: string;
  readonly challenge: Challenge;
  /** Milliseconds since the epoch. */
  readonly usableUntil: number;
}

interface Options {
  readonly registry: URL;
  readonly credentials: (() => Promise<Credentials | undefined>) | undefined;
  readonly ask: Ask;
  readonly clock: Clock;
}

export interface Authorization {
  /** The Authorization header to send at once; undefined until the registry has said what it wants. */
  recall(repository: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The header that answers a 401; `rejected` is the one that was sent with the request. */
  answer(
    repository: string,
    challenged: Answer,
    rejected: string | undefined,
    signal?: AbortSignal,
  ): Promise<string>;
  /** The error for an answer of 401 or 403 that stands. */
  refuse(repository: string): RefusedAccess;
}
type RefusedAccess = ReturnType<typeof refuseAccess>;

const scopeOf = (repository: string): string => `repository:${repository}:pull`;

/**
 * Keeps the permissions for one registry: at most one request for a token of a repository is on its way at any
 * time, and tokens are renewed before they end. Credentials are read anew for each token, so rotation just works.
 */
export const createAuthorization = ({ registry, credentials, ask, clock }: Options): Authorization => {
  const grants = new Map<string, Grant>();
  const pending = new Map<string, Promise<Grant>>();

  const refuse = (repository: string): RefusedAccess =>
    refuseAccess({
      registry: registry.host,
      by: registry.host,
      scope: scopeOf(repository),
      hasCredentials: credentials !== undefined,
    });

  const obtain = async (repository: string, challenge: Challenge): Promise<Grant> => {
    const given = await credentials?.();
    if (challenge.scheme === 'basic') {
      if (!given) throw refuse(repository);
      return { header: encodeBasic(given), challenge, usableUntil: Number.POSITIVE_INFINITY };
    }
    const scope = scopeOf(repository);
    const token = await requestToken(ask, clock, { registry, challenge, scope, credentials: given });
    return { header: `Bearer ${token.value}`, challenge, usableUntil: token.usableUntil };
  };

  const renew = (repository: string, challenge: Challenge): Promise<Grant> => {
    const started = pending.get(repository);
    if (started) return started;
    const renewal = obtain(repository, challenge)
      .then((grant) => {
        grants.set(repository, grant);
        return grant;
      })
      .catch((error: unknown) => {
        // The registry may have moved to another service since: the next request starts from its own words.
        grants.delete(repository);
        throw error;
      })
      .finally(() => pending.delete(repository));
    pending.set(repository, renewal);
    return renewal;
  };

  return {
    async recall(repository, signal) {
      const grant = grants.get(repository);
      if (!grant) return undefined;
      if (clock.now().getTime() < grant.usableUntil) return grant.header;
      return (await untilAborted(renew(repository, grant.challenge), registry.host, signal)).header;
    },

    async answer(repository, challenged, rejected, signal) {
      const current = grants.get(repository);
      // Somebody else renewed while our request was on its way.
      if (current && current.header !== rejected) return current.header;
      // A host to which we were redirected may not ask for the registry's credentials.
      const challenge =
        challenged.url.origin === registry.origin
          ? readChallenge(challenged.headers.get('www-authenticate'))
          : undefined;
      if (!challenge) throw refuse(repository);
      return (await untilAborted(renew(repository, challenge), registry.host, signal)).header;
    },

    refuse,
  };
};

/** Waits for shared work no longer than this caller may; the work goes on for the others. */
const untilAborted = <T>(work: Promise<T>, host: string, signal?: AbortSignal): Promise<T> => {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () =>
    reject(new TransientError('registry.unreachable', `${host} gave no token within the time there was.`));
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', giveUp));
};
