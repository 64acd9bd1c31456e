import { ApiException } from '@kubernetes/client-node';
import { isDrydockError, RefusedError, TransientError } from '../runtime/errors.ts';
import { describeNetworkFailure, findInnermostCause } from './network-failure.ts';

/** Status of the API server's answer; undefined when there was none. */
export const findStatusCode = (error: unknown): number | undefined => {
  if (error instanceof ApiException) return error.code;
  // The library's watch throws a plain error with a number on it.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return undefined;
};

/** Is this what the API server answered, below one of our errors? */
export const isAnswer = (error: unknown, status: number): boolean =>
  error instanceof RefusedError && findStatusCode(error.cause) === status;

/** Longer answers are cut: what matters stands at the beginning. */
const MAX_MESSAGE = 500;
/** Some refusals repeat the whole object, with the values of its environment variables. */
const WHOLE_OBJECT = /Invalid value: "\{.*\}"/s;

/** The API server's own words: the `message` of the Status object it answers with, without objects in it. */
export const findStatusMessage = (error: unknown): string => {
  if (!(error instanceof ApiException)) return error instanceof Error ? error.message : String(error);
  const body: unknown = typeof error.body === 'string' ? parse(error.body) : error.body;
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  if (typeof message !== 'string' || message === '') return `status ${error.code}`;
  return message.replace(WHOLE_OBJECT, 'Invalid value (the whole object)').slice(0, MAX_MESSAGE);
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * Turns what the Kubernetes client throws into one of our errors.
 *
 * 401: the token is refused, so no access entry maps our role. 403: the Role is missing or too small. 429 and 5xx and
 * no answer at all may pass. The rest is a question that the API server did not understand.
 *
 * @param action what was tried, for the message: `read Deployment shop/web`.
 */
export const explainKubernetesError = (
  error: unknown,
  action: string,
  cluster: string,
): TransientError | RefusedError => {
  if (error instanceof TransientError || error instanceof RefusedError) return error;
  const code = findStatusCode(error);
  const message = findStatusMessage(error);
  const what = `Could not ${action} in cluster ${cluster}`;
  const details = { cause: isDrydockError(error) ? undefined : error };
  if (code === undefined) {
    const why = findSocketError(error);
    return new TransientError('kubernetes.unreachable', `${what}: no answer (${why}).`, details);
  }
  if (code === 401) {
    return new RefusedError(
      'kubernetes.unauthorized',
      `${what}: the cluster does not know this role. Give it an access entry with the group of its manifest: ` +
        `aws eks create-access-entry --cluster-name ${cluster} --principal-arn <role> --kubernetes-groups <group>`,
      details,
    );
  }
  if (code === 403) {
    const mend =
      'Apply the manifest that `npm run -s cluster-manifests -- --namespace <namespace>` prints, with ' +
      '--capability backup that of backups, or with --capability upgrade that of the upgrade check.';
    return new RefusedError('kubernetes.forbidden', `${what}: ${message}. ${mend}`, details);
  }
  if (code === 429 || code >= 500) {
    const seconds = findRetryAfter(error);
    return new TransientError('kubernetes.unavailable', `${what}: it answers ${code} (${message}).`, {
      ...details,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    });
  }
  return new RefusedError('kubernetes.refused', `${what}: ${message} (${code}).`, details);
};

const findRetryAfter = (error: unknown): number | undefined => {
  if (!(error instanceof ApiException)) return undefined;
  const seconds = Number(error.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
};

/** `fetch failed` says nothing; the socket's own error hangs below it. */
const findSocketError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took too long';
  return describeNetworkFailure(findInnermostCause(error));
};
