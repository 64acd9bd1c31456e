import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback, stopServing } from '../../infra/local/loopback.ts';

/** What one action answers: an XML body, or an error in the service's own form. */
export type QueryAnswer =
  | { readonly xml: string }
  | { readonly error: string; readonly message?: string; readonly status?: number };

export interface AwsQueryEndpoint {
  readonly url: string;
  /** The parameters of each call so far, `Action` among them. */
  readonly calls: readonly URLSearchParams[];
  /** Sets what an action answers from now on; one that is not set is refused as unknown. */
  answer(action: string, answer: (parameters: URLSearchParams) => QueryAnswer): void;
  stop(): Promise<void>;
}

/**
 * An endpoint on loopback that speaks the query protocol of EC2, IAM and RDS and answers as a test says: for pages, and for
 * things that the local AWS does not do. It checks no signature; what it does not show is tested on the local AWS.
 */
export const startAwsQueryEndpoint = async (): Promise<AwsQueryEndpoint> => {
  const answers = new Map<string, (parameters: URLSearchParams) => QueryAnswer>();
  const calls: URLSearchParams[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parameters = new URLSearchParams(await text(request));
    calls.push(parameters);
    const action = parameters.get('Action') ?? '';
    const answer = answers.get(action)?.(parameters) ?? { error: 'InvalidAction' };
    const status = 'error' in answer ? (answer.status ?? 400) : 200;
    const isEc2 = parameters.get('Version') === EC2_VERSION;
    response.writeHead(status, { 'content-type': 'text/xml' }).end(writeXml(action, answer, isEc2));
  };
  const server = createServer((request, response) => void take(request, response));
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer: (action, answer) => answers.set(action, answer),
    stop: () => stopServing(server),
  };
};

/** Version of the API of EC2, by which a call of it is known. */
const EC2_VERSION = '2016-11-15';

/** Others wrap a result once more, and say errors in another form than EC2. */
const writeXml = (action: string, answer: QueryAnswer, isEc2: boolean): string => {
  if ('xml' in answer) {
    const result = isEc2 ? answer.xml : `<${action}Result>${answer.xml}</${action}Result>`;
    return `<${action}Response>${result}</${action}Response>`;
  }
  const error = `<Error><Type>Sender</Type><Code>${answer.error}</Code><Message>${answer.message ?? ''}</Message></Error>`;
  return isEc2
    ? `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>`
    : `<ErrorResponse>${error}</ErrorResponse>`;
};

/** `<set><item>...</item></set>`, and the token of the next page. */
export const writeSet = (name: string, items: readonly string[], nextToken?: string): string =>
  `<${name}>${items.map((item) => `<item>${item}</item>`).join('')}</${name}>${
    nextToken === undefined ? '' : `<nextToken>${nextToken}</nextToken>`
  }`;
