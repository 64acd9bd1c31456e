/** One call as an operation sees it. */
export interface Call {
  /** The variable parts of the path, in order: cluster, then the thing in it. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An answer's body; times are Dates, which travel as seconds since 1970. */
export type Body = Readonly<Record<string, unknown>>;

/** Status of the exceptions of the EKS API reference, and of the common ones that a gateway before it answers. */
const STATUS = {
  AccessDeniedException: 403,
  ClientException: 400,
  InvalidParameterException: 400,
  InvalidRequestException: 400,
  InvalidStateException: 400,
  ResourceInUseException: 409,
  ResourceLimitExceededException: 400,
  ResourceNotFoundException: 404,
  ServerException: 500,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  UnknownOperationException: 404,
} as const;

export type EksExceptionName = keyof typeof STATUS;

/** What EKS refuses; the SDK reads the name from a header. */
export class EksException extends Error {
  override readonly name: EksExceptionName;
  readonly status: number;

  constructor(name: EksExceptionName, message: string) {
    super(message);
    this.name = name;
    this.status = STATUS[name];
  }
}

/**
 * One page of a list. EKS gives at most 100 items of most lists; fewer are given when the caller or `size` says so.
 * The token is the place of the next item, so a list that changes meanwhile shifts, as documented nowhere.
 */
export const page = <Item>(
  items: readonly Item[],
  question: { readonly maxResults?: number | undefined; readonly nextToken?: string | null | undefined },
  size: number,
): { readonly shown: Item[]; readonly nextToken: string | null } => {
  const wanted = question.maxResults ?? size;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 100) {
    throw new EksException('InvalidParameterException', 'maxResults must be a number from 1 to 100.');
  }
  const from = question.nextToken ? readToken(question.nextToken) : 0;
  const until = from + Math.min(wanted, size);
  return { shown: items.slice(from, until), nextToken: until < items.length ? writeToken(until) : null };
};

/** The paging of a call whose questions are in its query. */
export const queryPage = <Item>(items: readonly Item[], { query }: Call, size: number) =>
  page(
    items,
    {
      maxResults: query.has('maxResults') ? Number(query.get('maxResults')) : undefined,
      nextToken: query.get('nextToken'),
    },
    size,
  );

/** Opaque, so that nobody reads a meaning into it. */
const writeToken = (place: number): string => Buffer.from(`place:${place}`).toString('base64url');

const readToken = (token: string): number => {
  const place = /^place:(\d{1,6})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (place === undefined)
    throw new EksException('InvalidParameterException', 'The nextToken is not one of ours.');
  return Number(place);
};

/** JSON as the SDK reads it: a time is a number of seconds. */
export const writeJson = (body: unknown): string => JSON.stringify(toWire(body));

const toWire = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
};
