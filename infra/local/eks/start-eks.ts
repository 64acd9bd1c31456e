import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import type { Report } from '../report.ts';
import { answerEks, type EksAccount, type EksCluster } from './eks-api.ts';
import { reviewToken, TokenReview } from './token-review.ts';

export interface StartEks {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** Base URL of the STS that verifies presigned tokens. */
  readonly stsEndpoint: string;
  readonly report: Report;
  /** Where to listen, when somebody has to know before it starts; otherwise a free port. */
  readonly port?: number;
  /** The authenticator's clock; tests move it to see what a skewed one does. */
  readonly now?: () => Date;
}

export interface LocalEks {
  /** For `AWS_ENDPOINT_URL_EKS`. */
  readonly url: string;
  /** Where the API server of the cluster with this name has its bearer tokens reviewed. */
  tokenWebhookUrl(cluster: string): string;
  /** Makes a cluster known to DescribeCluster and ListClusters, under the name given here. */
  addCluster(cluster: {
    name: string;
    endpoint: string;
    certificateAuthority: string;
    version?: string;
  }): void;
  stop(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;

/**
 * Starts the stand-in for EKS on a free loopback port: the EKS calls that no local AWS answers, and the token
 * webhook of its clusters. What each leaves out is said in eks-api.ts and token-review.ts.
 */
export const startEks = async (options: StartEks): Promise<LocalEks> => {
  const clusters = new Map<string, EksCluster>();
  const now = options.now ?? (() => new Date());
  const account: EksAccount = { region: options.region, account: options.account, clusters, now };
  const server = createServer((request, response) => {
    void serve(account, options.stsEndpoint, request, response);
  });
  const url = await listen(server, options.port ?? 0);
  options.report(`EKS: ready on ${url}`);
  return {
    url,
    tokenWebhookUrl: (cluster) => `${url}/token-reviews/${encodeURIComponent(cluster)}`,
    addCluster: ({ version = '1.36', ...cluster }) => {
      clusters.set(cluster.name, { ...cluster, version, createdAt: now(), accessEntries: new Map() });
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const listen = async (server: Server, port: number): Promise<string> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The local EKS got no port.');
  return `http://127.0.0.1:${address.port}`;
};

const serve = async (
  account: EksAccount,
  stsEndpoint: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const body = parseBody(await readBody(request));
    const [root, name = ''] = path;
    if (root === 'token-reviews') {
      const review = TokenReview.parse(body);
      const entries = account.clusters.get(name)?.accessEntries.values() ?? [];
      const token = review.spec.token;
      send(
        response,
        200,
        await reviewToken({ token, cluster: name, entries, stsEndpoint, now: account.now() }),
      );
      return;
    }
    const answer = answerEks(account, {
      method: request.method ?? 'GET',
      path,
      query: url.searchParams,
      body,
    });
    send(response, answer.status, answer.body, answer.error);
  } catch (error) {
    send(
      response,
      400,
      { message: error instanceof Error ? error.message : 'bad request' },
      'InvalidRequestException',
    );
  }
};

const send = (response: ServerResponse, status: number, body: unknown, error?: string): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(error ? { 'x-amzn-errortype': error } : {}),
  });
  response.end(JSON.stringify(body));
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Error('The body is larger than 1 MB.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parseBody = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));
