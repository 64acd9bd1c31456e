import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { makeSelfSignedCertificate } from '../../cluster/self-signed-certificate.ts';
import { listenOnLoopback, stopServing } from '../../loopback.ts';
import { type ContainerLog, LogQuery } from './container-log.ts';

/** Where the log of a container is asked for, by names. */
export interface LogShelf {
  /** @returns the log, or why there is none: a text for whoever asks. */
  find(namespace: string, pod: string, container: string): ContainerLog | string;
}

/**
 * The one endpoint of a kubelet that the API server asks here: `GET /containerLogs/<namespace>/<pod>/<container>`. A
 * real kubelet wants a certificate of its API server; this one listens on the loopback address alone.
 *
 * Left out: exec, attach, port-forward, metrics, `previous` (nothing here starts a container twice).
 */
export const serveLogs = async (shelf: LogShelf): Promise<{ port: number; stop(): Promise<void> }> => {
  const { certificate, key } = makeSelfSignedCertificate(new Date());
  const server = createServer({ cert: certificate, key }, (request, response) => {
    void answer(shelf, request, response).catch(() => response.destroy());
  });
  return { port: await listenOnLoopback(server), stop: () => stopServing(server) };
};

const answer = async (
  shelf: LogShelf,
  { url = '/', method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { pathname, searchParams } = new URL(url, 'https://kubelet');
  const [place, ...names] = pathname.split('/').slice(1).map(decodeURIComponent);
  const [namespace = '', pod = '', container = ''] = names;
  if (method !== 'GET' || place !== 'containerLogs' || names.length !== 3) {
    return refuse(response, 404, 'Only /containerLogs is served here.');
  }
  const query = LogQuery.safeParse(Object.fromEntries(searchParams));
  if (!query.success) return refuse(response, 400, query.error.message);
  const log = shelf.find(namespace, pod, container);
  if (typeof log === 'string') return refuse(response, 400, log);
  if (query.data.previous) {
    return refuse(response, 400, `previous terminated container "${container}" in pod "${pod}" not found`);
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  for await (const piece of log.read(query.data, gone.signal)) {
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
};

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(message);
};
