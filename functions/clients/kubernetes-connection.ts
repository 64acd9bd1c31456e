import {
  type ConfigurationOptions,
  type KubeConfig,
  Observable,
  type ObservableMiddleware,
  type RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { Http1KubeConfig } from './http1-kube-config.ts';
import { explainKubernetesError, findStatusCode } from './kubernetes-errors.ts';

/** How to reach one cluster; renewed as a whole when it stops working. */
export interface KubernetesConnection {
  /** Name of the cluster, for messages. */
  readonly cluster: string;
  /** The library's configuration: endpoint, certificate authority, credentials. */
  config(): Promise<KubeConfig>;
  /** Makes `config` give a fresh token and, after a failed connection, a fresh endpoint. */
  renew(why: 'token' | 'endpoint'): void;
  /**
   * Have long answers packed. They are a quarter as long then, and it costs more time than a network within a region
   * saves (kubectl's `--disable-compression` is there for that): for whoever is far away.
   */
  readonly compress?: true;
}

/** A call to the API server that takes longer than this will not come back. Milliseconds. */
export const CALL_DEADLINE_MS = 10_000;

/**
 * A kubeconfig with a bearer token that may change from call to call, and one pool of connections for all calls: the
 * library makes a new pool for each, which costs a TLS handshake a call.
 */
export class TokenKubeConfig extends Http1KubeConfig {
  readonly #getHeaders: () => Promise<Readonly<Record<string, string>>>;
  #dispatcher: ReturnType<RequestContext['getDispatcher']>;

  /** @param getHeaders the headers that say who we are; asked before each call. */
  constructor(getHeaders: () => Promise<Readonly<Record<string, string>>>) {
    super();
    this.#getHeaders = getHeaders;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    if (this.#dispatcher) context.setDispatcher(this.#dispatcher);
    else {
      await super.applySecurityAuthentication(context);
      this.#dispatcher = context.getDispatcher();
    }
    for (const [name, value] of Object.entries(await this.#getHeaders())) context.setHeaderParam(name, value);
  }
}

/**
 * Makes one call with a deadline. A refused token is renewed once and the call repeated; that is safe for a patch
 * too, since an unauthenticated request has done nothing.
 *
 * @throws TransientError, RefusedError as `explainKubernetesError` sorts them.
 */
export const callKubernetes = <T>(
  connection: KubernetesConnection,
  action: string,
  signal: AbortSignal | undefined,
  call: (config: KubeConfig, options: ConfigurationOptions) => Promise<T>,
): Promise<T> =>
  callWithSignal(connection, action, signal, (config, ended) => call(config, withSignal(ended)));

/** The same for calls that do not go through the library's own clients: they obey the signal they are given. */
export const callWithSignal = async <T>(
  connection: KubernetesConnection,
  action: string,
  signal: AbortSignal | undefined,
  call: (config: KubeConfig, ended: AbortSignal) => Promise<T>,
): Promise<T> => {
  const attempt = async (): Promise<T> => {
    const deadline = AbortSignal.timeout(CALL_DEADLINE_MS);
    return call(await connection.config(), signal ? AbortSignal.any([signal, deadline]) : deadline);
  };
  try {
    return await attempt();
  } catch (error) {
    if (findStatusCode(error) !== 401) throw settle(connection, action, error);
  }
  connection.renew('token');
  try {
    return await attempt();
  } catch (error) {
    throw settle(connection, action, error);
  }
};

/** Explains the error, and has the endpoint looked up again when nobody answered there. */
const settle = (connection: KubernetesConnection, action: string, error: unknown): Error => {
  const explained = explainKubernetesError(error, action, connection.cluster);
  if (explained.code === 'kubernetes.unreachable') connection.renew('endpoint');
  return explained;
};

const withSignal = (signal: AbortSignal): ConfigurationOptions => {
  const middleware: ObservableMiddleware = {
    pre: (context: RequestContext) => {
      context.setSignal(signal);
      return new Observable(Promise.resolve(context));
    },
    post: (context: ResponseContext) => new Observable(Promise.resolve(context)),
  };
  return { middleware: [middleware], middlewareMergeStrategy: 'append' };
};
