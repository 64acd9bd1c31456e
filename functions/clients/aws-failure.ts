/** What an AWS SDK threw, sorted by what it means for us. Knows no service and loads no SDK. */

export type AwsFailure =
  /** Nobody is signed in, or what they signed in with is no longer good. */
  | 'no-credentials'
  /** A policy says no. */
  | 'forbidden'
  | 'throttled'
  /** What was asked for is not there. */
  | 'missing'
  /** No answer, or one that says the service is ill. */
  | 'unreachable'
  /** The service understood, and will not. */
  | 'refused';

/** Codes that every service may give: "Common Errors" of each API reference, and the SDK's own for credentials. */
const NO_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AuthFailure|ExpiredToken|RequestExpired|MissingAuthenticationToken|IncompleteSignature|NotAuthorizedToken)/;
const FORBIDDEN = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden)/;
const THROTTLED = /(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded)/;
const MISSING = /(NotFound|NoSuch)/;

/** Sorts an error of an AWS SDK. @param error whatever the SDK threw. */
export const judgeAwsFailure = (error: unknown): AwsFailure => {
  const name = nameOf(error);
  const status = statusOf(error);
  if (NO_CREDENTIALS.test(name)) return 'no-credentials';
  if (FORBIDDEN.test(name)) return 'forbidden';
  if (THROTTLED.test(name) || status === 429) return 'throttled';
  if (MISSING.test(name)) return 'missing';
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unreachable';
};

/**
 * The action that a policy denies, by the service's own words: one call may need several, such as iam:PassRole.
 *
 * @param error what the SDK threw.
 * @param action the action of the call itself, for services that do not say.
 */
export const findDeniedAction = (error: unknown, action: string): string =>
  /not authorized to perform:? ([a-z0-9-]+:\w+)/.exec(textOf(error))?.[1] ?? action;

/** The name that the service gave its error; empty when there is none. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** The service's own sentence. */
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};
