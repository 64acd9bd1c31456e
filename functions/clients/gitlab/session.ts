import ky, { HTTPError, isNetworkError, isTimeoutError } from 'ky';
import { isDrydockError, RefusedError, TransientError } from '../../runtime/errors.ts';
import { readRetryAfter } from '../container-registry/retry-after.ts';
import { describeNetworkFailure, findInnermostCause, isAbort } from '../network-failure.ts';

/** How long one question to a GitLab may take. */
export interface GitLabPatience {
  /** Attempts of what may be repeated: everything but POST. */
  readonly attempts: number;
  /** Milliseconds for one attempt. */
  readonly attemptMs: number;
  /** Milliseconds for all attempts and pauses. */
  readonly totalMs: number;
}

export const DEFAULT_PATIENCE: GitLabPatience = { attempts: 3, attemptMs: 10_000, totalMs: 25_000 };

/** Longer pauses than this many seconds are for Step Functions to wait. */
const MAX_PAUSE_SECONDS = 3;

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
  patience: GitLabPatience = DEFAULT_PATIENCE,
): GitLabSession => {
  const base = new URL('api/v4/', url.endsWith('/') ? url : `${url}/`);
  const session = ky.create({
    timeout: patience.attemptMs,
    redirect: 'manual',
    throwHttpErrors: mayPass,
    retry: {
      limit: patience.attempts - 1,
      retryOnTimeout: true,
      jitter: true,
      backoffLimit: 1_000,
      maxRetryAfter: MAX_PAUSE_SECONDS * 1_000,
      shouldRetry: ({ error }) => (asksForLongPause(error) ? false : undefined),
    },
  });
  return async ({ method, path, query = {}, body, signal }) => {
    const address = new URL(path, base);
    address.search = new URLSearchParams(query).toString();
    const deadline = AbortSignal.timeout(patience.totalMs);
    try {
      const response = await session(address, {
        method,
        headers: { 'PRIVATE-TOKEN': token, accept: 'application/json', 'user-agent': 'drydock' },
        ...(body && { json: body }),
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        // The body is read as part of the attempt, so that one that is cut is tried again too.
        fetch: async (input, init) => readWhole(await fetch(input, init)),
      });
      return await readAnswer(response, base, address);
    } catch (error) {
      throw toOurError(error, base.host);
    }
  };
};

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const asksForLongPause = (error: unknown): boolean =>
  error instanceof HTTPError && (readRetryAfter(error.response.headers) ?? 0) > MAX_PAUSE_SECONDS;

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

/** The foreign errors hold the request, and with it the token: only their innermost cause is kept. */
const toOurError = (error: unknown, host: string): unknown => {
  if (isDrydockError(error)) return error;
  if (error instanceof HTTPError) {
    const { status, headers } = error.response;
    const retryAfterSeconds = readRetryAfter(headers);
    const wait = retryAfterSeconds === undefined ? '' : ` and asks to wait ${retryAfterSeconds} s`;
    return new TransientError(
      'gitlab.unavailable',
      `${host} answers ${status}${wait}.`,
      retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    );
  }
  if (isNetworkError(error)) {
    const cause = findInnermostCause(error);
    return new TransientError(
      'gitlab.unavailable',
      `${host} could not be reached: ${describeNetworkFailure(cause)}.`,
      {
        cause,
      },
    );
  }
  if (isTimeoutError(error) || isAbort(error)) {
    return new TransientError('gitlab.unavailable', `${host} gave no answer within the time there was.`);
  }
  return error;
};
