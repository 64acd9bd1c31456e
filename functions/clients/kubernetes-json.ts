import { text } from 'node:stream/consumers';
import { ApiException, HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';
import { DRYDOCK_VERSION } from '../runtime/version.ts';
import { callWithSignal, type KubernetesConnection } from './kubernetes-connection.ts';

/**
 * Calls whose bodies are taken as they are. The library's own clients read every object into the classes of their
 * version of Kubernetes, and a field of a newer one is lost on the way: a copy of a pod template has to keep all.
 */
export interface JsonCall {
  /** What is tried, for messages: `create Job gitlab/backup`. */
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the API server: `/apis/batch/v1/namespaces/gitlab/jobs`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Of a PATCH it is a JSON patch (RFC 6902), a list of operations. */
  readonly body?: unknown;
}

/** The name under which the API server notes our writes in `managedFields`, and audit logs our calls. */
const USER_AGENT = `drydock/${DRYDOCK_VERSION}`;

/**
 * Makes one call and reads its answer as JSON.
 *
 * @throws TransientError, RefusedError of `explainKubernetesError`.
 */
export const sendKubernetes = (
  connection: KubernetesConnection,
  call: JsonCall,
  signal?: AbortSignal,
): Promise<unknown> =>
  callWithSignal(connection, call.action, signal, async (config, ended) => {
    const answer = await requestKubernetes(config, call, ended);
    const whole = await text(answer.body);
    try {
      return JSON.parse(whole);
    } catch {
      throw new Error(`${whole.length} characters that are no JSON`);
    }
  });

/**
 * Sends a request and gives the answer when it has begun, its body unread.
 *
 * @throws ApiException for every status but those of success.
 */
export const requestKubernetes = async (
  config: KubeConfig,
  { method, path, query = {}, body }: JsonCall,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> => {
  // The server's URL may have a path of its own, as a cluster behind a proxy has.
  const url = new URL(`${config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? ''}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const context = new RequestContext(url.href, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  const answer = await request(url, {
    ...(dispatcher === undefined ? {} : { dispatcher }),
    method,
    headers: {
      ...context.getHeaders(),
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(body === undefined
        ? {}
        : { 'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  if (answer.statusCode < 300) return answer;
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
  throw new ApiException(answer.statusCode, '', await text(answer.body), Object.fromEntries(headers));
};
