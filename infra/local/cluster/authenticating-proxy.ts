import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type RequestOptions, request as send } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';
import { listenOnLoopback, stopServing } from '../loopback.ts';
import type { Report } from '../report.ts';
import { makeSelfSignedCertificate } from './self-signed-certificate.ts';
import { askTokenWebhook, type Caller } from './token-webhook.ts';

export interface AuthenticatingProxy {
  /** What DescribeCluster gives in place of the API server's own endpoint and certificate. */
  readonly endpoint: string;
  readonly certificateAuthority: string;
  stop(): Promise<void>;
}

type Credentials = RequestOptions & { headers: OutgoingHttpHeaders };

/** Neither is the caller's to send: one is answered here, the others would let a caller be anybody. */
const OWN_HEADERS = /^(authorization|impersonate-.*)$/;

/**
 * Stands before the API server of a cluster of the user's own, which knows nothing of EKS tokens: has each token
 * reviewed as an EKS cluster does, and forwards the request under the kubeconfig's credentials, impersonating whom
 * the review named. So the cluster itself authorises Drydock's own user and group.
 *
 * Left out: connection upgrades (exec, attach, port-forward), for which Drydock has no right anyway. The user of the
 * kubeconfig needs the right to impersonate users and groups, as cluster administrators have.
 */
export const startAuthenticatingProxy = async (options: {
  readonly kubeconfig: string;
  /** Where bearer tokens are reviewed (TokenReview, v1). */
  readonly tokenWebhookUrl: string;
  readonly report: Report;
}): Promise<AuthenticatingProxy> => {
  const config = new KubeConfig();
  config.loadFromFile(options.kubeconfig);
  const upstream = config.getCurrentCluster()?.server;
  if (upstream === undefined) throw new Error(`${options.kubeconfig} has no current context.`);
  const { certificate, key } = makeSelfSignedCertificate(new Date());

  const server = createServer({ cert: certificate, key }, (request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 502, 'BadGateway', `${upstream} cannot be reached: ${message}`);
    });
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const caller = token === undefined ? undefined : await askTokenWebhook(options.tokenWebhookUrl, token);
    if (!caller) return refuse(response, 401, 'Unauthorized', 'Unauthorized');
    const credentials: Credentials = { headers: {} };
    await config.applyToHTTPSOptions(credentials);
    await forward(new URL(request.url ?? '/', upstream), caller, credentials, request, response);
  };

  const endpoint = `https://127.0.0.1:${await listenOnLoopback(server)}`;
  options.report(`Kubernetes: your cluster at ${upstream}, with EKS tokens at ${endpoint}`);
  return {
    endpoint,
    certificateAuthority: Buffer.from(certificate).toString('base64'),
    stop: () => stopServing(server),
  };
};

/** Passes both bodies on as they come, so that a watch delivers each event at once. */
const forward = async (
  url: URL,
  caller: Caller,
  credentials: Credentials,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const headers = {
    ...withoutOwn(request.headers),
    ...Object.fromEntries(Object.entries(credentials.headers)),
    host: url.host,
    'impersonate-user': caller.username,
    'impersonate-group': [...caller.groups],
  };
  const call = send(url, { ...credentials, method: request.method, headers });
  request.pipe(call);
  response.on('close', () => call.destroy());
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.flushHeaders();
  answer.pipe(response);
  answer.on('error', () => response.destroy());
};

const withoutOwn = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name)));

/** Says no as an API server does: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const refuse = (response: ServerResponse, code: number, reason: string, message: string): void => {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }),
  );
};
