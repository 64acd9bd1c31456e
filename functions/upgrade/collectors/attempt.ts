import type { Unread } from '../../records/upgrade/facts.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';

/** Reading on condition: what is forbidden or does not answer is said, and the rest goes on. */

/** A value, or why there is none. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly unread: Unread };

/** A topic of `ClusterFacts`. */
export interface ReadTopic<T> {
  items: T[];
  unread: Unread[];
}

/**
 * Reads something that may be refused (a right is missing, a thing is gone) or not answered for: both become `unread`,
 * with the missing right as data. A bug of ours goes on as the error it is. So does everything once the signal has
 * aborted: the Lambda's time is over, which says nothing about the cluster.
 *
 * @param what what is read, for a person: `insights`, `deployments.apps`.
 * @param read one call of a client that throws our errors.
 */
export const attempt = async <T>(
  what: string,
  signal: AbortSignal | undefined,
  read: () => Promise<T>,
): Promise<Attempt<T>> => {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (signal?.aborted) throw error;
    if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
    return { ok: false, unread: explainUnread(what, error) };
  }
};

/** Reads the items of a topic: all of them, or none and why. */
export const attemptTopic = async <T>(
  what: string,
  signal: AbortSignal | undefined,
  read: () => Promise<readonly T[]>,
): Promise<ReadTopic<T>> => {
  const answer = await attempt(what, signal, read);
  return answer.ok ? { items: [...answer.value], unread: [] } : { items: [], unread: [answer.unread] };
};

/** A topic that could not even be asked for. */
export const unreadTopic = <T>(what: string, reason: string, help?: string): ReadTopic<T> => ({
  items: [],
  unread: [{ what, reason, ...(help === undefined ? {} : { help }) }],
});

const explainUnread = (what: string, error: RefusedError | TransientError): Unread => ({
  what,
  reason: error.message,
  ...(error instanceof RefusedError && error.permission !== undefined
    ? { permission: error.permission }
    : {}),
});
