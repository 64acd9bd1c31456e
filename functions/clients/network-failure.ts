/** Was this call ended by a signal, ours or that of a timeout? */
export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');

/** The failure under all the wrappings that `fetch` and its callers put around it. */
export const findInnermostCause = (error: Error): Error =>
  error.cause instanceof Error ? findInnermostCause(error.cause) : error;

/** A code such as ECONNREFUSED says more than a message; undici's own codes do not. */
export const describeNetworkFailure = (cause: Error): string =>
  'code' in cause && typeof cause.code === 'string' && !cause.code.startsWith('UND_ERR')
    ? cause.code
    : cause.message;
