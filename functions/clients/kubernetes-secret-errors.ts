import { RefusedError, TransientError } from '../runtime/errors.ts';

/**
 * The same error without its cause: that keeps the whole answer of the API server, which here may be a secret, and
 * must reach no log.
 *
 * @param about `permission` as `get secrets/<name>`, which a 403 asks for.
 */
export const hideAnswer = (
  error: unknown,
  {
    permission,
    namespace,
    cluster,
  }: { readonly permission: string; readonly namespace: string; readonly cluster: string },
): unknown => {
  if (error instanceof RefusedError && error.code === 'kubernetes.forbidden') {
    const message =
      `No right to ${permission} in namespace ${namespace} of cluster ${cluster}. Apply the Role of the ` +
      `${permission.startsWith('get ') ? 'reader of secrets' : 'restore'}, which names each of them under resourceNames.`;
    return new RefusedError(error.code, message, { permission });
  }
  if (error instanceof RefusedError) return new RefusedError(error.code, error.message);
  if (error instanceof TransientError) {
    const { retryAfterSeconds } = error;
    return new TransientError(
      error.code,
      error.message,
      retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    );
  }
  return error;
};
