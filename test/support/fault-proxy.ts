import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listenOnLoopback, stopServing } from '../../infra/local/loopback.ts';

/**
 * A loopback reverse proxy that breaks chosen requests on their way to a real part (registry, S3, SQS), and passes
 * on the others untouched: method, path, headers and Host as they came, so that signatures stay right.
 */
export interface FaultProxy {
  /** `http://127.0.0.1:<port>`; stays the same through `down` and `up`. */
  readonly url: string;
  /** Every request that arrived, in order, whatever became of it. */
  readonly requests: readonly SeenRequest[];
  count(matcher?: RequestMatcher): number;
  /** Breaks the next `times` requests that match (all of them: `Infinity`). Faults are used up in the order given. */
  inject(matcher: RequestMatcher, fault: Fault, times?: number): void;
  /** Forgets faults that were not used and the requests seen. */
  clear(): void;
  /** Refuses connections and cuts the open ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface RequestMatcher {
  readonly method?: string;
  /** Found anywhere in path and query. */
  readonly path?: RegExp | string;
  readonly headers?: (headers: IncomingMessage['headers']) => boolean;
}

export type Fault =
  /** Answers by itself; the real part never sees the request. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** Passes on after a while. */
  | { readonly delayMs: number }
  /** Passes on at once, and hands the answer back after a while. */
  | { readonly delayAnswerMs: number }
  /** Passes on and leaves headers out of the answer. */
  | { readonly removeHeaders: readonly string[] }
  /** Passes on and cuts the connection after so many bytes of the answer's body. */
  | { readonly cutAfterBytes: number }
  /** The real part serves the request, and the answer never arrives. */
  | { readonly loseAnswer: true }
  /** Cuts the connection before the real part sees the request. */
  | { readonly dropRequest: true };

interface Injection {
  readonly matcher: RequestMatcher;
  readonly fault: Fault;
  left: number;
}

/** Starts a proxy before `upstream`, an http URL without a path. */
export const startFaultProxy = async (upstream: string): Promise<FaultProxy> => {
  const target = new URL(upstream);
  const requests: SeenRequest[] = [];
  const injections: Injection[] = [];

  const takeFault = (seen: SeenRequest): Fault | undefined => {
    const injection = injections.find(({ matcher, left }) => left > 0 && matches(matcher, seen));
    if (injection) injection.left -= 1;
    return injection?.fault;
  };
  const server = createServer((incoming, outgoing) => {
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    requests.push(seen);
    serve(incoming, outgoing, target, takeFault(seen));
  });
  const port = await listenOnLoopback(server);

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    count: (matcher = {}) => requests.filter((seen) => matches(matcher, seen)).length,
    inject: (matcher, fault, times = 1) => void injections.push({ matcher, fault, left: times }),
    clear: () => {
      requests.length = 0;
      injections.length = 0;
    },
    down: () => stopServing(server),
    up: async () => void (await listenOnLoopback(server, port)),
    stop: () => stopServing(server),
  };
};

const matches = ({ method, path, headers }: RequestMatcher, seen: SeenRequest): boolean =>
  (method === undefined || method === seen.method) &&
  (path === undefined || (typeof path === 'string' ? seen.path.includes(path) : path.test(seen.path))) &&
  (headers === undefined || headers(seen.headers));

const serve = (incoming: IncomingMessage, outgoing: ServerResponse, target: URL, fault?: Fault): void => {
  if (fault === undefined) pass(incoming, outgoing, target);
  else if ('status' in fault) {
    incoming.resume();
    outgoing.writeHead(fault.status, fault.headers).end(fault.body);
  } else if ('delayMs' in fault) {
    const timer = setTimeout(() => pass(incoming, outgoing, target), fault.delayMs);
    outgoing.once('close', () => clearTimeout(timer));
  } else if ('delayAnswerMs' in fault)
    pass(incoming, outgoing, target, { answerAfterMs: fault.delayAnswerMs });
  else if ('cutAfterBytes' in fault) pass(incoming, outgoing, target, { cut: fault.cutAfterBytes });
  else if ('removeHeaders' in fault) pass(incoming, outgoing, target, { removed: fault.removeHeaders });
  else if ('loseAnswer' in fault) pass(incoming, outgoing, target, { cut: 'everything' });
  else incoming.socket.destroy();
};

interface Tampering {
  /** Ends the connection after so many bytes of the answer's body. */
  readonly cut?: number | 'everything';
  readonly removed?: readonly string[];
  readonly answerAfterMs?: number;
}

/** Streams request and answer through. */
const pass = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: URL,
  { cut, removed = [], answerAfterMs = 0 }: Tampering = {},
): void => {
  const handBack = (answer: IncomingMessage): void => {
    if (cut === 'everything') {
      answer.resume().on('end', hangUp);
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, leaveOut(removed, answer.rawHeaders));
    if (cut === undefined) {
      answer.pipe(outgoing);
      return;
    }
    let left = cut;
    answer.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, left);
      left -= part.length;
      outgoing.write(part, left === 0 ? hangUp : undefined);
    });
    answer.on('end', hangUp);
  };
  const hangUp = (): void => void incoming.socket.destroy();
  const forwarded = request(
    { host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, agent: false },
    (answer) => {
      answer.on('error', hangUp);
      if (answerAfterMs === 0) handBack(answer);
      else {
        const timer = setTimeout(handBack, answerAfterMs, answer);
        outgoing.once('close', () => clearTimeout(timer));
      }
    },
  );
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    forwarded.setHeader(name, values ?? []);
  forwarded.on('error', hangUp);
  outgoing.once('close', () => forwarded.destroy());
  incoming.pipe(forwarded);
};

/** Raw headers are a flat list of names and values. */
const leaveOut = (removed: readonly string[], rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => !removed.includes((rawHeaders[index - (index % 2)] ?? '').toLowerCase()));
