import ky, { HTTPError, isNetworkError, isTimeoutError, type KyInstance } from 'ky';
import { describeNetworkFailure, findInnermostCause, isAbort } from './network-failure.ts';
import { readRetryAfter } from './retry-after.ts';

/** How long one question to an outside server may take. */
export interface Patience {
  /** Attempts of what may be repeated: everything but POST. */
  readonly attempts: number;
  /** Milliseconds for one attempt, its body included. */
  readonly attemptMs: number;
  /** Milliseconds for all attempts and pauses. */
  readonly totalMs: number;
}

/** Longer pauses than this many seconds are Step Functions' to wait, which costs nothing there. */
const MAX_PAUSE_SECONDS = 3;

/**
 * Speaks HTTP with a patience: what may pass (408, 429, 5xx, broken connections, timeouts of an attempt) is tried
 * again, unless the server asks for a long pause; every other status is an answer. The end of all attempts is
 * `limitTime`'s, the reading of what came of them `readHttpFailure`'s.
 */
export const openPatientHttp = (
  { attempts, attemptMs }: Patience,
  options: { readonly redirect?: 'manual' } = {},
): KyInstance =>
  ky.create({
    ...options,
    timeout: attemptMs,
    throwHttpErrors: mayPass,
    retry: {
      limit: attempts - 1,
      retryOnTimeout: true,
      jitter: true,
      backoffLimit: 1_000,
      maxRetryAfter: MAX_PAUSE_SECONDS * 1_000,
      shouldRetry: ({ error }) => (asksForLongPause(error) ? false : undefined),
    },
  });

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const asksForLongPause = (error: unknown): boolean =>
  error instanceof HTTPError && (readRetryAfter(error.response.headers) ?? 0) > MAX_PAUSE_SECONDS;

/** The caller's signal, and the end of all attempts and pauses. */
export const limitTime = ({ totalMs }: Patience, signal: AbortSignal | undefined): AbortSignal => {
  const deadline = AbortSignal.timeout(totalMs);
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
};

/** Why there is no answer, after all attempts. */
export type HttpFailure =
  /** A status that may pass; with the pause that the server asks for. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'unreachable'; readonly cause: Error; readonly why: string }
  | { readonly kind: 'silent' };

/**
 * Reads what a patient question threw; undefined when it is nothing of HTTP. The foreign errors hold the request, and
 * with it the credentials: only their innermost cause is kept.
 */
export const readHttpFailure = (error: unknown): HttpFailure | undefined => {
  if (error instanceof HTTPError) {
    const { status, headers } = error.response;
    return { kind: 'status', status, retryAfterSeconds: readRetryAfter(headers) };
  }
  if (isNetworkError(error)) {
    const cause = findInnermostCause(error);
    return { kind: 'unreachable', cause, why: describeNetworkFailure(cause) };
  }
  return isTimeoutError(error) || isAbort(error) ? { kind: 'silent' } : undefined;
};

/** The pause that a server asks for, as a transient error carries it. */
export const retryDetails = (
  retryAfterSeconds: number | undefined,
): { readonly retryAfterSeconds?: number } => (retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
