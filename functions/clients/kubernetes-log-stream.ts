import type { LogCursor } from '../records/kubernetes-job.ts';
import { RefusedError } from '../runtime/errors.ts';
import { CALL_DEADLINE_MS, callWithSignal, type KubernetesConnection } from './kubernetes-connection.ts';
import { explainKubernetesError } from './kubernetes-errors.ts';
import { requestKubernetes } from './kubernetes-json.ts';
import { readLogLines } from './log-lines.ts';

export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Whole lines of a log, without the times that the kubelet wrote before them. */
export interface LogChunk {
  readonly text: string;
  /** Behind the last line of this chunk: hand it over to go on from there. */
  readonly cursor: LogCursor;
}

/** So much is held in memory at once. Characters. */
const CHUNK_CHARACTERS = 256 * 1024;

/**
 * Reads what a container has written so far, in chunks of whole lines, and ends there: it does not wait for more. The
 * log of twelve hours may have gigabytes; what is held of it is one chunk. A line longer than a chunk is cut.
 *
 * The API server hands the time on to the kubelet in whole seconds, so the lines of the cursor's second come again and
 * are passed over here, by their own time and number.
 *
 * Empty when there is no log: the container has not started (400), or the pod is gone (404).
 *
 * @throws TransientError when the stream breaks; the cursor of the last chunk is where to go on.
 */
export const streamLog = async function* (
  connection: KubernetesConnection,
  { namespace, pod, container }: ContainerRef,
  options: { readonly from?: LogCursor; readonly chunkCharacters?: number },
  signal?: AbortSignal,
): AsyncIterable<LogChunk> {
  const { from, chunkCharacters = CHUNK_CHARACTERS } = options;
  const action = `read the log of container ${container} of pod ${namespace}/${pod}`;
  const stop = new AbortController();
  const ended = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  try {
    const body = await callWithSignal(connection, action, ended, async (config, opening) => {
      // The deadline of a call is for its beginning only; the reading of it takes as long as it takes.
      const abort = () => stop.abort(opening.reason);
      opening.addEventListener('abort', abort, { once: true });
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
      const query = { container, timestamps: 'true', sinceTime: from?.at };
      const answer = await requestKubernetes(config, { action, method: 'GET', path, query }, ended);
      opening.removeEventListener('abort', abort);
      return answer.body;
    });
    yield* readLogLines(withinTime(body, stop), from, chunkCharacters);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'kubernetes.refused') return;
    throw explainKubernetesError(error, action, connection.cluster);
  } finally {
    // Whoever stops reading leaves no connection behind on which the rest of a log comes in.
    stop.abort();
  }
};

/** Breaks a stream off that has brought nothing for as long as a call may take. */
const withinTime = async function* (
  body: AsyncIterable<Uint8Array>,
  stop: AbortController,
): AsyncIterable<Uint8Array> {
  const restart = (): NodeJS.Timeout =>
    setTimeout(
      () => stop.abort(new DOMException('the log stopped coming', 'TimeoutError')),
      CALL_DEADLINE_MS,
    );
  let timer = restart();
  try {
    for await (const bytes of body) {
      clearTimeout(timer);
      yield bytes;
      timer = restart();
    }
  } finally {
    clearTimeout(timer);
  }
};
