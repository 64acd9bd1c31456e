/** The three errors that reach Step Functions. It compares names, so a name states what to do next. */

/** What went wrong, to what, and what to do: `code` is for machines, `message` for the person on call. */
interface ErrorDetails {
  /** The foreign error behind this one; kept for the log, never shown to a sender. */
  readonly cause?: unknown;
}

/** May succeed when tried again: a peer is down, slow or busy. Step Functions retries it. */
export class TransientError extends Error {
  // A literal, because an unnamed subclass arrives in Step Functions as plain `Error` and no Retry matches.
  override readonly name = 'TransientError';
  readonly code: string;
  /** Seconds the peer asked us to wait (its `Retry-After`), when it did. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, details: ErrorDetails & { retryAfterSeconds?: number } = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Input or policy says no: stop and tell a person. Trying again gives the same answer. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;
  /** The right that is missing, when that is all there is to it: `eks:ListInsights`, `list deployments.apps`. */
  readonly permission: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails & { permission?: string } = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.permission = details.permission;
  }
}

/** A bug of ours: something that cannot be, was. Fails the execution and raises our own alarm. */
export class DefectError extends Error {
  override readonly name = 'DefectError';
  readonly code: string;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
  }
}

export type DrydockError = TransientError | RefusedError | DefectError;

/** Is this one of the three errors that Step Functions knows? */
export const isDrydockError = (error: unknown): error is DrydockError =>
  error instanceof TransientError || error instanceof RefusedError || error instanceof DefectError;
