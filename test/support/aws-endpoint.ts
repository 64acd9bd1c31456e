import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listenOnLoopback, stopServing } from '../../infra/local/loopback.ts';

/** One call as it came in. */
export interface ReceivedCall {
  /** `AmazonSQS.SendMessageBatch`. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly input: unknown;
}

export interface AwsAnswer {
  readonly status?: number;
  readonly body: unknown;
  /** Cuts the connection instead of answering. */
  readonly isCut?: boolean;
}

export interface AwsEndpoint {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Decides what the calls that follow get. */
  answerWith(answer: (call: ReceivedCall) => AwsAnswer): void;
  stop(): Promise<void>;
}

/**
 * An endpoint on loopback that speaks the JSON protocol of AWS and answers as a test says: for faults that the real
 * services do not produce on request. It checks no signature and knows no rule of any service; those are tested
 * against the local AWS.
 */
export const startAwsEndpoint = async (): Promise<AwsEndpoint> => {
  const calls: ReceivedCall[] = [];
  let decide: (call: ReceivedCall) => AwsAnswer = () => ({ body: {} });
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = {
      target: String(request.headers['x-amz-target']),
      headers: request.headers,
      input: await json(request),
    };
    calls.push(call);
    const { status = 200, body, isCut = false } = decide(call);
    if (isCut) request.socket.destroy();
    else
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void take(request, response));
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answerWith: (answer) => {
      decide = answer;
    },
    stop: () => stopServing(server),
  };
};
