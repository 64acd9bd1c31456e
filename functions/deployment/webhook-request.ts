import type * as z from 'zod';
import type { Input } from './receive-webhook.contract.ts';

/** A request as the sender made it, whichever gateway handed it on. */
export interface WebhookRequest {
  /** Name of the source, from the path. */
  readonly source: string;
  /** Names in lower case; a header that came twice is joined by ", " (RFC 9110, section 5.3). */
  readonly headers: ReadonlyMap<string, string>;
  /** As it came over the wire. */
  readonly body: Uint8Array;
}

type GatewayEvent = z.output<typeof Input>;

/** Takes the sender's request out of an event of an HTTP API (payload 2.0), a function URL or a REST API. */
export const readGatewayEvent = (event: GatewayEvent): WebhookRequest => ({
  source: event.pathParameters?.['source'] ?? lastSegment('rawPath' in event ? event.rawPath : event.path),
  headers: new Map(headersOf(event)),
  body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
});

const headersOf = (event: GatewayEvent): [string, string][] => {
  const single = Object.entries(event.headers ?? {});
  // A REST API lists a repeated header here only; its `headers` hold the last value.
  const repeated = Object.entries(('multiValueHeaders' in event && event.multiValueHeaders) || {});
  return [...single, ...repeated.map(([name, values]): [string, string] => [name, values.join(', ')])].map(
    ([name, value]) => [name.toLowerCase(), value],
  );
};

/** A function URL has no path parameters. */
const lastSegment = (path: string): string => path.split('/').findLast((segment) => segment !== '') ?? '';
