import { MANIFEST_MEDIA_TYPES } from '../../records/manifest.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Patience } from '../patient-http.ts';
import { type Answer, createAsk } from './ask.ts';
import { createAuthorization } from './authorization.ts';
import type { Credentials } from './credentials.ts';
import { refuseAnswer } from './refusals.ts';

interface Options {
  readonly registry: URL;
  readonly credentials: (() => Promise<Credentials | undefined>) | undefined;
  readonly clock: Clock;
  readonly patience: Patience;
}

interface Request {
  readonly method?: 'GET' | 'HEAD';
  /** Below `/v2/<repository>/`. */
  readonly path: string;
  readonly query?: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Statuses that mean something to the one who asks: it is there, the question does not fit, it is not there. */
const ANSWERS: ReadonlySet<number> = new Set([200, 400, 404]);

export type RegistrySession = (repository: string, request: Request) => Promise<Answer>;

/**
 * Asks one registry: sends the permission it has, answers one challenge, and gives back 200, 400 and 404.
 *
 * @throws RefusedError `registry.unauthorized` when the answer to the challenge is refused as well,
 *   `registry.refused` for any other status; TransientError as `createAsk` says.
 */
export const openSession = ({ registry, credentials, clock, patience }: Options): RegistrySession => {
  const ask = createAsk(patience);
  const authorization = createAuthorization({ registry, credentials, ask, clock });

  return async (repository, { method = 'GET', path, query = '', maxBytes, signal }) => {
    const url = new URL(`/v2/${repository}/${path}`, registry);
    url.search = query;
    const accept = path.startsWith('manifests/') ? { accept: MANIFEST_MEDIA_TYPES.join(', ') } : {};
    const send = (header: string | undefined): Promise<Answer> => {
      const headers = { ...accept, ...(header ? { authorization: header } : {}) };
      return ask({ method, url, headers, maxBytes, signal });
    };
    const recalled = await authorization.recall(repository, signal);
    const first = await send(recalled);
    const answer =
      first.status === 401
        ? await send(await authorization.answer(repository, first, recalled, signal))
        : first;
    if (answer.status === 401 || answer.status === 403) throw authorization.refuse(repository);
    if (!ANSWERS.has(answer.status)) throw refuseAnswer(registry, url, answer.status);
    return answer;
  };
};
