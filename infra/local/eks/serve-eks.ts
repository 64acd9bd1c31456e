import type { IncomingMessage, ServerResponse } from 'node:http';
import { CutConnection } from '../faults.ts';
import type { EksAccount } from './account.ts';
import { EksException, writeJson } from './answer.ts';
import { answerEks, type EksCall } from './eks-api.ts';
import type { EksFaults } from './faults.ts';
import { reviewToken, TokenReview } from './token-review.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_CALLS = 10_000;

/** Everything that a request needs. */
export interface EksService {
  readonly account: EksAccount;
  readonly authenticatorNow: () => Date;
  readonly stsEndpoint: string;
  readonly faults: EksFaults;
  readonly calls: EksCall[];
}

/** Answers one request: an EKS call, or a TokenReview of an API server. */
export const serve = async (
  service: EksService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const body = parseBody(await readBody(request));
    const [root, name = ''] = path;
    if (root === 'token-reviews') {
      send(response, 200, await review(service, name, body));
      return;
    }
    const asked = { method: request.method ?? 'GET', path, query: url.searchParams, body };
    const answer = await answerEks(service.account, service.faults, asked, (call) => {
      service.calls.push(call);
      if (service.calls.length > MAX_CALLS) service.calls.shift();
    });
    send(response, 200, answer);
  } catch (error) {
    if (error instanceof CutConnection) {
      request.socket.destroy();
      return;
    }
    const message = error instanceof Error ? error.message : 'bad request';
    if (error instanceof EksException) send(response, error.status, { message }, error.name);
    else send(response, 400, { message }, 'InvalidRequestException');
  }
};

const review = async (service: EksService, cluster: string, body: unknown): Promise<unknown> => {
  const { token } = TokenReview.parse(body).spec;
  const entries = service.account.clusters.get(cluster)?.accessEntries.values() ?? [];
  return reviewToken({
    token,
    cluster,
    entries,
    stsEndpoint: service.stsEndpoint,
    now: service.authenticatorNow(),
  });
};

const send = (response: ServerResponse, status: number, body: unknown, error?: string): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(error ? { 'x-amzn-errortype': error } : {}),
  });
  response.end(writeJson(body));
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
