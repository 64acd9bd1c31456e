import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listenOnLoopback, stopServing } from '../../infra/local/loopback.ts';

/**
 * A loopback server with answers from a script: a stand-in for what no real part here does (a registry that pages
 * in circles, redirects to strangers). It knows nothing of any protocol but HTTP.
 */
export interface CannedServer {
  readonly url: string;
  readonly requests: readonly { path: string; headers: IncomingMessage['headers'] }[];
  stop(): Promise<void>;
}

export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Bytes are sent as they are, an object as JSON. */
  readonly body?: string | Uint8Array | object;
}

/** Starts a server that answers each request with what `answer` says; https when a certificate is given. */
export const startCannedServer = async (
  /** `path` includes the query. */
  answer: (path: string, headers: IncomingMessage['headers']) => CannedAnswer,
  tls?: { readonly key: string; readonly certificate: string },
): Promise<CannedServer> => {
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    const { status = 200, headers = {}, body = '' } = answer(path, request.headers);
    const isPlain = typeof body === 'string' || body instanceof Uint8Array;
    response.writeHead(status, headers).end(isPlain ? body : JSON.stringify(body));
  };
  const server = tls
    ? createTlsServer({ key: tls.key, cert: tls.certificate }, listener)
    : createServer(listener);
  const port = await listenOnLoopback(server);
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    stop: () => stopServing(server),
  };
};
