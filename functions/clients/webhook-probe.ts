import ky from 'ky';
import { TransientError } from '../runtime/errors.ts';

/** The gateway's own limit for an answer is 30 s; a door that needs more than this is not open. Milliseconds. */
const TIMEOUT_MS = 10_000;

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Posts as a sender does, and takes any answer.
 *
 * @throws TransientError `webhook.unreachable` when nobody answers.
 */
export const post = async (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WebhookAnswer> => {
  try {
    const answer = await ky.post(url, {
      body,
      headers,
      throwHttpErrors: false,
      retry: 0,
      timeout: TIMEOUT_MS,
    });
    return { status: answer.status, body: await answer.text() };
  } catch (cause) {
    throw new TransientError('webhook.unreachable', `${url} does not answer.`, { cause });
  }
};

/**
 * Knocks at a webhook endpoint as a stranger: posts nothing, with no credential. A working door answers 401.
 *
 * @returns the status.
 * @throws what `post` throws.
 */
export const knock = async (url: string): Promise<number> => (await post(url, '')).status;
