import { isDrydockError, RefusedError, TransientError } from '../../runtime/errors.ts';
import { limitTime, openPatientHttp, type Patience, readHttpFailure, retryDetails } from '../patient-http.ts';

export const DEFAULT_PATIENCE: Patience = { attempts: 3, attemptMs: 10_000, totalMs: 25_000 };

/** No issue and no file of infrastructure code is as large. */
const MAX_BODY_BYTES = 5_000_000;

export interface GitLabQuestion {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/api/v4/`; its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/** What a GitLab says that is neither a failure nor a refusal of the token; 404, 409 and the like are answers. */
export interface GitLabAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type GitLabSession = (question: GitLabQuestion) => Promise<GitLabAnswer>;

/**
 * Speaks to the REST API of one GitLab, https://docs.gitlab.com/api/rest/, with an access token. A redirect is
 * refused, because `fetch` would hand the header PRIVATE-TOKEN to whatever host it leads to.
 *
 * @throws RefusedError `gitlab.forbidden` (401, 403), `gitlab.moved`, `gitlab.no-api` (an answer that is no JSON).
 * @throws TransientError `gitlab.unavailable` (408, 429, 5xx, no answer, a cut one), with the pause it asks for.
 */
export const openSession = (
  url: string,
  token: string,
  patience: Patience = DEFAULT_PATIENCE,
): GitLabSession => {
  const base = new URL('api/v4/', url.endsWith('/') ? url : `${url}/`);
  const session = openPatientHttp(patience, { redirect: 'manual' });
  return async ({ method, path, query = {}, body, signal }) => {
    const address = new URL(path, base);
    address.search = new URLSearchParams(query).toString();
    try {
      const response = await session(address, {
        method,
        headers: { 'PRIVATE-TOKEN': token, accept: 'application/json', 'user-agent': 'drydock' },
        ...(body && { json: body }),
        signal: limitTime(patience, signal),
        // The body is read as part of the attempt, so that one that is cut is tried again too.
        fetch: async (input, init) => readWhole(await fetch(input, init)),
      });
      return await readAnswer(response, base, address);
    } catch (error) {
      throw toOurError(error, base.host);
    }
  };
};

const readWhole = async (response: Response): Promise<Response> => {
  const { status, headers } = response;
  const bytes = await response.arrayBuffer();
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
};

const readAnswer = async (response: Response, base: URL, address: URL): Promise<GitLabAnswer> => {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    throw new RefusedError(
      'gitlab.moved',
      `${base.host} sends ${address.pathname} on to ${headers.get('location') ?? 'another address'}. ` +
        'Write the new address or project path into drydock.yaml; a token is not sent after a redirect.',
    );
  }
  const text = await response.text();
  if (status === 401 || status === 403) throw forbid(base.host, address, status, text);
  if (text.length > MAX_BODY_BYTES) {
    throw new RefusedError('gitlab.no-api', `${base.host} answered with more than ${MAX_BODY_BYTES} bytes.`);
  }
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new RefusedError(
      'gitlab.no-api',
      `${base.host} answered ${status} to ${address.pathname} with something that is no JSON. ` +
        'Check that the url in drydock.yaml is the address of a GitLab.',
    );
  }
};

const forbid = (host: string, address: URL, status: number, text: string): RefusedError => {
  const why = /insufficient_scope/.test(text) ? 'the token lacks the scope api' : `it answers ${status}`;
  return new RefusedError(
    'gitlab.forbidden',
    `${host} does not let the token do this (${why}, at ${address.pathname}). Make a project access token with the ` +
      'scope api and the role Developer, and write it into the secret that drydock.yaml names.',
  );
};

const toOurError = (error: unknown, host: string): unknown => {
  const failure = isDrydockError(error) ? undefined : readHttpFailure(error);
  if (!failure) return error;
  if (failure.kind === 'status') {
    const { status, retryAfterSeconds } = failure;
    const wait = retryAfterSeconds === undefined ? '' : ` and asks to wait ${retryAfterSeconds} s`;
    const details = retryDetails(retryAfterSeconds);
    return new TransientError('gitlab.unavailable', `${host} answers ${status}${wait}.`, details);
  }
  if (failure.kind === 'unreachable') {
    const why = `${host} could not be reached: ${failure.why}.`;
    return new TransientError('gitlab.unavailable', why, { cause: failure.cause });
  }
  return new TransientError('gitlab.unavailable', `${host} gave no answer within the time there was.`);
};
