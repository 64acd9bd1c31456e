import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { findFreePort } from '../../infra/local/free-port.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

/** Services whose requests AWS charges for, by the variable that leads an SDK client to them. */
const SERVICES = {
  S3: 'AWS_ENDPOINT_URL_S3',
  SQS: 'AWS_ENDPOINT_URL_SQS',
  SNS: 'AWS_ENDPOINT_URL_SNS',
  'Step Functions': 'AWS_ENDPOINT_URL_SFN',
  'Secrets Manager': 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const;

/** Requests by service and kind: `S3 PUT`, `SQS SendMessageBatch`. */
export type RequestCounts = ReadonlyMap<string, number>;

/** Stands between Lambdas and the local AWS and counts what is asked. */
export interface RequestMeter {
  /** What `startWorld` needs so that every Lambda asks through it. */
  readonly aws: { readonly port: number; readonly environment: Readonly<Record<string, string>> };
  counts(): RequestCounts;
  reset(): void;
  stop(): Promise<void>;
}

/** Starts one loopback server a service; each passes requests on as they came, so that signatures stay right. */
export const startRequestMeter = async (): Promise<RequestMeter> => {
  const awsPort = await findFreePort();
  const counts = new Map<string, number>();
  const environment: Record<string, string> = {};
  const servers = await Promise.all(
    Object.entries(SERVICES).map(async ([service, variable]) => {
      const server = createServer((incoming, outgoing) => {
        const kind = `${service} ${nameRequest(incoming)}`;
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        passOn(incoming, outgoing, awsPort);
      });
      environment[variable] = `http://127.0.0.1:${await listenOnLoopback(server)}`;
      return server;
    }),
  );
  return {
    aws: { port: awsPort, environment },
    counts: () => new Map([...counts].toSorted(([a], [b]) => a.localeCompare(b))),
    reset: () => counts.clear(),
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
};

/** The action where a header names it; otherwise the method, and LIST for a listing, which S3 prices like a PUT. */
const nameRequest = ({ headers, method = '', url = '' }: IncomingMessage): string => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return method === 'GET' && url.includes('list-type=2') ? 'LIST' : method;
};

const passOn = (incoming: IncomingMessage, outgoing: ServerResponse, port: number): void => {
  const { method, url, rawHeaders } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
};
