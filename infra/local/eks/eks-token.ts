/** Why a token is refused, in words fit for the API server's log; the token itself is never in it. */
export type EksTokenForm =
  | { readonly ok: true; readonly host: string; readonly query: string }
  | { readonly ok: false; readonly reason: string };

const PREFIX = 'k8s-aws-v1.';
const MAX_TOKEN_BYTES = 4096;
const MAX_EXPIRES_SECONDS = 900;
/** A token dies this long after it was signed, whatever its own X-Amz-Expires says. */
export const TOKEN_LIFE_MS = 15 * 60_000;

const CLUSTER_HEADER = 'x-k8s-aws-id';
const STS_HOST = /^sts(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$/;
const KNOWN_KEYS = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

/**
 * Checks the form of an EKS bearer token and gives the query that STS is asked with.
 *
 * The rules are those of the authenticator that EKS runs, in its order:
 * https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster. Whether
 * the signature is right is for STS to say.
 */
export const readEksToken = (token: string, now: Date): EksTokenForm => {
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) return refuse('the token is larger than 4096 bytes');
  if (!token.startsWith(PREFIX)) return refuse(`the token does not start with ${PREFIX}`);
  const encoded = token.slice(PREFIX.length);
  // Padding is refused: the authenticator decodes raw base64url.
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return refuse('the token is not base64url without padding');
  const url = URL.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (!url) return refuse('the token holds no URL');
  return checkPlace(url) ?? checkQuery(url, now) ?? { ok: true, host: url.host, query: url.search.slice(1) };
};

type Refusal = Extract<EksTokenForm, { ok: false }>;

const refuse = (reason: string): Refusal => ({ ok: false, reason });

const checkPlace = (url: URL): Refusal | undefined => {
  if (url.protocol !== 'https:') return refuse('the scheme is not https');
  if (!STS_HOST.test(url.host) || url.username || url.password) return refuse('the host is not an STS host');
  if (url.pathname !== '/') return refuse('the path is not /');
  return undefined;
};

const checkQuery = (url: URL, now: Date): Refusal | undefined => {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (!KNOWN_KEYS.has(key))
      return refuse(`the query key ${JSON.stringify(name.slice(0, 60))} is not allowed`);
    if (query.has(key)) return refuse(`the query key ${key} comes twice`);
    query.set(key, value);
  }
  if (query.get('action') !== 'GetCallerIdentity') return refuse('the action is not GetCallerIdentity');
  if (!query.get('x-amz-signedheaders')?.toLowerCase().split(';').includes(CLUSTER_HEADER)) {
    return refuse(`the header ${CLUSTER_HEADER} is not signed`);
  }
  const expires = query.get('x-amz-expires') ?? '';
  if (!/^\d{1,6}$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) {
    return refuse('X-Amz-Expires is not a number of seconds from 0 to 900');
  }
  const signedAt = parseAmzDate(query.get('x-amz-date') ?? '');
  if (signedAt === undefined) return refuse('X-Amz-Date is not a time');
  if (now.getTime() > signedAt + TOKEN_LIFE_MS)
    return refuse('the token was signed more than 15 minutes ago');
  return undefined;
};

/** `20261121T080000Z` as milliseconds; undefined when it is anything else. */
const parseAmzDate = (value: string): number | undefined => {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(value);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
};
