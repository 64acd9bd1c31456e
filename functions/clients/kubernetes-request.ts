import {
  ApiException,
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
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
}

/** Audit logs and the insights of EKS name the client by this; ours must be told from the user's own. */
export const USER_AGENT = `drydock/${DRYDOCK_VERSION} upgrade-check`;

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
  read: (answer: ResponseContext) => Promise<T>,
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
  { connection, clock }: Asker,
  question: RawQuestion,
  signal: AbortSignal | undefined,
  read: (answer: ResponseContext) => Promise<T>,
): Promise<T> => {
  for (const pause of PAUSES_MS) {
    try {
      return await askOnce(connection, question, signal, read);
    } catch (error) {
      if (!(error instanceof TransientError) || signal?.aborted) throw error;
      const asked = (error.retryAfterSeconds ?? 0) * 1_000;
      await clock.sleep(Math.min(Math.max(pause, asked), MAX_PAUSE_MS), signal);
    }
  }
  return askOnce(connection, question, signal, read);
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
export const readJson = async (answer: ResponseContext): Promise<unknown> => {
  const body = await answer.body.text();
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`${body.length} characters that are no JSON`);
  }
};

const library = new IsomorphicFetchHttpLibrary();

const askOnce = <T>(
  connection: KubernetesConnection,
  question: RawQuestion,
  signal: AbortSignal | undefined,
  read: (answer: ResponseContext) => Promise<T>,
): Promise<T> =>
  callWithSignal(connection, question.action, signal, async (config, ended) => {
    const request = new RequestContext(buildUrl(config, question), HttpMethod.GET);
    await config.applySecurityAuthentication(request);
    request.setHeaderParam('Accept', question.accept);
    request.setHeaderParam('User-Agent', USER_AGENT);
    if (question.leave) request.setHeaderParam('Connection', 'close');
    request.setSignal(ended);
    const answer = await library.send(request).toPromise();
    const { httpStatusCode: status, headers } = answer;
    if (status !== 200) throw new ApiException(status, '', await answer.body.text(), headers);
    return read(answer);
  });

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
