import { pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { ApiException, HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../runtime/clock.ts';
import { isDrydockError, RefusedError, TransientError } from '../runtime/errors.ts';
import { DRYDOCK_VERSION } from '../runtime/version.ts';
import type { Absence } from './kubernetes-absence.ts';
import { callWithSignal, type KubernetesConnection } from './kubernetes-connection.ts';
import { findStatusMessage } from './kubernetes-errors.ts';

/** One GET, with the answer's body as it comes: the library's own clients build every object anew, field by field. */
export interface RawQuestion {
  /** What is tried, for messages: `list deployments.apps`. */
  readonly action: string;
  /** The right that it takes: `list deployments.apps`, `get /metrics`. */
  readonly permission: string;
  /** From the root of the API server: `/apis/apps/v1/deployments`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly accept: string;
  /** Ends the connection behind the answer, so that the next such question meets another API server. */
  readonly leave?: true;
}

/** Whom to ask, and the clock by which a busy one is waited for. */
export interface Asker {
  readonly connection: KubernetesConnection;
  readonly clock: Clock;
  readonly absence: Absence;
  /** What it is asked for, in one word for audit logs; an upgrade check without it. */
  readonly purpose?: string;
}

/** Audit logs and the insights of EKS name the client by this; ours must be told from the user's own. */
export const USER_AGENT = `drydock/${DRYDOCK_VERSION} upgrade-check`;
const nameAgent = ({ purpose }: Asker): string =>
  purpose === undefined ? USER_AGENT : `drydock/${DRYDOCK_VERSION} ${purpose}`;

/** A peer that is busy is asked so often; the pauses between are these, or what it asks for up to the longest. */
const PAUSES_MS = [500, 2_000];
const MAX_PAUSE_MS = 10_000;

/**
 * Asks the API server and hands the answer to `read`, which has to read its body to the end. Asks again when the API
 * server is busy or away for a moment.
 *
 * @throws TransientError, RefusedError of `explainKubernetesError`; `kubernetes.forbidden` with the permission, and
 * `kubernetes.not-served` for a path that the API server does not know.
 */
export const askKubernetes = async <T>(
  asker: Asker,
  question: RawQuestion,
  signal: AbortSignal | undefined,
  read: (body: Readable) => Promise<T>,
): Promise<T> => {
  asker.absence.check();
  try {
    const answer = await askPatiently(asker, question, signal, read);
    asker.absence.note(undefined);
    return answer;
  } catch (error) {
    // Whoever breaks a question off learns nothing about the API server.
    if (!signal?.aborted) asker.absence.note(error);
    throw explain(error, asker.connection, question);
  }
};

const askPatiently = async <T>(
  asker: Asker,
  question: RawQuestion,
  signal: AbortSignal | undefined,
  read: (body: Readable) => Promise<T>,
): Promise<T> => {
  const { clock } = asker;
  for (const pause of PAUSES_MS) {
    try {
      return await askOnce(asker, question, signal, read);
    } catch (error) {
      if (!(error instanceof TransientError) || signal?.aborted) throw error;
      const asked = (error.retryAfterSeconds ?? 0) * 1_000;
      await clock.sleep(Math.min(Math.max(pause, asked), MAX_PAUSE_MS), signal);
    }
  }
  return askOnce(asker, question, signal, read);
};

/** Says of a refusal what it takes: the general explanation speaks of the rights of a deployment. */
const explain = (error: unknown, { cluster }: KubernetesConnection, question: RawQuestion): unknown => {
  const exception = findApiException(error);
  if (exception?.code !== 403 && exception?.code !== 404) return error;
  const { action, permission } = question;
  const what = `Could not ${action} in cluster ${cluster}`;
  return exception.code === 403
    ? new RefusedError('kubernetes.forbidden', `${what}: ${findStatusMessage(exception)}.`, {
        cause: exception,
        permission,
      })
    : new RefusedError('kubernetes.not-served', `${what}: it does not serve ${question.path}.`, {
        cause: exception,
      });
};

/** Reads a JSON answer whole. What is no JSON is not quoted, as the parser's own error does: it may be of a Secret. */
export const readJson = async (body: Readable): Promise<unknown> => {
  const whole = await text(body);
  try {
    return JSON.parse(whole);
  } catch {
    throw new Error(`${whole.length} characters that are no JSON`);
  }
};

/** By undici's own call: `fetch` takes a third more of processor for the same lists. */
const askOnce = <T>(
  asker: Asker,
  question: RawQuestion,
  signal: AbortSignal | undefined,
  read: (body: Readable) => Promise<T>,
): Promise<T> =>
  callWithSignal(asker.connection, question.action, signal, async (config, ended) => {
    const url = buildUrl(config, question);
    const context = new RequestContext(url, HttpMethod.GET);
    await config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    const answer = await request(url, {
      ...(dispatcher === undefined ? {} : { dispatcher }),
      headers: {
        ...context.getHeaders(),
        accept: question.accept,
        'user-agent': nameAgent(asker),
        ...(asker.connection.compress ? { 'accept-encoding': 'gzip' } : {}),
      },
      reset: question.leave === true,
      signal: ended,
    });
    const body = unpack(answer);
    if (answer.statusCode === 200) return read(body);
    throw new ApiException(answer.statusCode, '', await text(body), flatten(answer.headers));
  });

/** The body as it was before the API server packed it; whatever breaks on the way breaks the reading of it. */
const unpack = ({ headers, body }: Dispatcher.ResponseData): Readable =>
  headers['content-encoding'] === 'gzip' ? pipeline(body, createGunzip(), () => undefined) : body;

const flatten = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The server's URL may have a path of its own, as a cluster behind a proxy has. */
const buildUrl = (config: KubeConfig, { path, query = {} }: RawQuestion): string => {
  const server = config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? '';
  const url = new URL(`${server}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  return url.href;
};

/** The library's exception with status and body below one of our errors; undefined for any other. */
export const findApiException = (error: unknown): ApiException<unknown> | undefined =>
  isDrydockError(error) && error.cause instanceof ApiException ? error.cause : undefined;
