import ky from 'ky';
import { TransientError } from '../runtime/errors.ts';

/** The gateway's own limit for an answer is 30 s; a door that needs more than this is not open. Milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Knocks at a webhook endpoint as a stranger: posts nothing, with no credential. A working door answers 401.
 *
 * @returns the status.
 * @throws TransientError `webhook.unreachable` when nobody answers.
 */
export const knock = async (url: string): Promise<number> => {
  try {
    const answer = await ky.post(url, { body: '', throwHttpErrors: false, retry: 0, timeout: TIMEOUT_MS });
    return answer.status;
  } catch (cause) {
    throw new TransientError('webhook.unreachable', `${url} does not answer.`, { cause });
  }
};
