import * as z from 'zod';
import type { DoorMessage } from '../records/door-message.ts';
import { TransientError } from '../runtime/errors.ts';
import type { SignedFetch } from './signed-fetch.ts';

/** The queue between the webhook door and the executions. */
export interface EventQueue {
  /**
   * Resolves when every message is stored by SQS; a message may be stored twice when it throws and is sent again.
   *
   * @throws TransientError `queue.unavailable` when a part could not be stored.
   */
  send(messages: readonly DoorMessage[], signal?: AbortSignal): Promise<void>;
}

/** SQS API reference, SendMessageBatch: 10 messages a call, 256 KiB of them together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Batches on their way at once: enough for a request of thousands of events within a sender's patience. */
const CONCURRENCY = 8;

/** Opens one SQS queue. */
export const openEventQueue = (queueUrl: string, call: SignedFetch): EventQueue => {
  const sendBatch = async (bodies: readonly string[], signal: AbortSignal | undefined): Promise<number[]> => {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const input = { QueueUrl: queueUrl, Entries };
    const answer = Answer.safeParse(
      await call({ service: 'sqs', action: 'SendMessageBatch', input, signal }),
    );
    const stored = new Set(answer.data?.Successful.map(({ Id }) => Id));
    // Counted by what is stored and not by what failed: an answer that says nothing of an entry has not stored it.
    return Entries.flatMap(({ Id }, index) => (stored.has(Id) ? [] : [index]));
  };

  const store = async (batch: readonly string[], signal: AbortSignal | undefined): Promise<void> => {
    const left = (await sendBatch(batch, signal)).flatMap((index) => batch[index] ?? []);
    if (left.length === 0) return;
    const failed = await sendBatch(left, signal);
    if (failed.length === 0) return;
    throw new TransientError(
      'queue.unavailable',
      `SQS did not store ${failed.length} of ${batch.length} messages.`,
    );
  };

  return {
    async send(messages, signal) {
      const batches = [...intoBatches(messages.map(formatMessage))];
      for (let next = 0; next < batches.length; next += CONCURRENCY) {
        await Promise.all(batches.slice(next, next + CONCURRENCY).map((batch) => store(batch, signal)));
      }
    },
  };
};

const Answer = z.object({ Successful: z.array(z.object({ Id: z.string() })).default([]) });

/**
 * JSON in the characters that SQS takes; it refuses a message with any other for good.
 * Source: SQS API reference, SendMessage, `MessageBody`. `JSON.stringify` escapes the rest of them.
 */
const formatMessage = (message: DoorMessage): string =>
  JSON.stringify(message).replaceAll(/[\uFFFE\uFFFF]/g, (character) =>
    character === '\uFFFE' ? String.raw`\ufffe` : String.raw`\uffff`,
  );

const intoBatches = function* (bodies: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    if (batch.length > 0 && (batch.length === MAX_ENTRIES || bytes + size > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(body);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
};
