import { isDrydockError, RefusedError, TransientError } from '../../runtime/errors.ts';
import { limitTime, openPatientHttp, type Patience, readHttpFailure, retryDetails } from '../patient-http.ts';

export const DEFAULT_PATIENCE: Patience = { attempts: 3, attemptMs: 5_000, totalMs: 15_000 };

export interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** Bytes of body that are read; a longer one is refused. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly body: Uint8Array;
}

export type Ask = (question: Question) => Promise<Answer>;

/**
 * Makes the one way to speak HTTP to registries and their token services. Statuses that may pass (408, 429, 5xx),
 * broken connections and timeouts are tried again within the patience; every other status is an answer.
 * On a redirect to another origin `fetch` drops the Authorization header (Fetch standard, HTTP-redirect fetch).
 *
 * @throws TransientError `registry.unreachable`, `registry.unavailable`, `registry.throttled`.
 * @throws RefusedError `registry.insecure-redirect`, `registry.answer-too-large`.
 */
export const createAsk = (patience: Patience = DEFAULT_PATIENCE): Ask => {
  const session = openPatientHttp(patience);
  return async ({ method, url, headers, maxBytes, signal }) => {
    let from = url;
    try {
      const response = await session(url, {
        method,
        headers: { 'user-agent': 'drydock', ...headers },
        signal: limitTime(patience, signal),
        // The body is read as part of the attempt, so that a body that is cut or stalls is tried again too.
        fetch: async (input, init) => {
          const received = await fetch(input, init);
          from = new URL(received.url || url);
          refuseDowngrade(url, from);
          const body = await readBody(received, maxBytes, url.host);
          const { status, headers } = received;
          return new Response(body.length > 0 ? body : null, { status, headers });
        },
      });
      return {
        status: response.status,
        headers: response.headers,
        url: from,
        body: new Uint8Array(await response.arrayBuffer()),
      };
    } catch (error) {
      throw toOurError(error, url.host, patience);
    }
  };
};

/** A digest that came over plain http could be anyone's; the bytes behind it would then be deployed. */
const refuseDowngrade = (asked: URL, answered: URL): void => {
  if (asked.protocol !== 'https:' || answered.protocol === 'https:') return;
  throw new RefusedError(
    'registry.insecure-redirect',
    `${asked.host} redirects to plain http (${answered.host}), which anyone on the way can change. ` +
      'Set its public address to https.',
  );
};

const readBody = async (
  response: Response,
  maxBytes: number,
  host: string,
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new RefusedError(
        'registry.answer-too-large',
        `${host} answered with more than ${maxBytes} bytes, which no manifest and no tag list has. ` +
          'Check that the address is that of a container registry.',
      );
    }
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
};

const toOurError = (error: unknown, host: string, patience: Patience): unknown => {
  const failure = isDrydockError(error) ? undefined : readHttpFailure(error);
  if (!failure) return error;
  if (failure.kind === 'status') {
    const { status, retryAfterSeconds } = failure;
    const details = retryDetails(retryAfterSeconds);
    if (status === 429) {
      const wait = retryAfterSeconds === undefined ? '' : ` and asks to wait ${retryAfterSeconds} s`;
      return new TransientError('registry.throttled', `${host} limits our requests${wait}.`, details);
    }
    return new TransientError('registry.unavailable', `${host} answers ${status}; trying again.`, details);
  }
  if (failure.kind === 'unreachable') {
    const why = `${host} could not be reached: ${failure.why}. Check DNS, port 443 and the network rules.`;
    return new TransientError('registry.unreachable', why, { cause: failure.cause });
  }
  const seconds = patience.totalMs / 1_000;
  return new TransientError(
    'registry.unreachable',
    `${host} gave no answer within the time there was (at most ${seconds} s); trying again.`,
  );
};
