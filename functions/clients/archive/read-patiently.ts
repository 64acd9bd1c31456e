import type { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../../runtime/clock.ts';
import { TransientError } from '../../runtime/errors.ts';
import { type ArchiveQuestion, explainArchiveError } from './archive-errors.ts';
import { findBucketRegion, type S3Connection } from './s3-connection.ts';

/** How long one read of S3 may take. */
export interface ReadPatience {
  readonly attempts: number;
  /** Milliseconds for one attempt, its body included. */
  readonly attemptMs: number;
  /** Milliseconds before the second attempt at most; doubled before each one after it. */
  readonly pauseMs: number;
}

/** Three minutes at the very most; an S3 that asks to slow down is asked again after seconds, not at once. */
export const DEFAULT_PATIENCE: ReadPatience = { attempts: 6, attemptMs: 30_000, pauseMs: 200 };

/** Everything that a read needs. */
export interface Reading {
  readonly connection: S3Connection;
  readonly clock: Clock;
  readonly patience: ReadPatience;
}

/**
 * Asks S3, and asks again for what may pass: 503, slow, an answer that is cut or does not fit. The one place that does.
 *
 * @param attempt one whole read by the client it is given, with the signal that ends it.
 * @throws what `explainArchiveError` makes of the last failure; the reason of `signal` when that aborted.
 */
export const readPatiently = async <T>(
  question: ArchiveQuestion,
  reading: Reading,
  attempt: (s3: S3Client, signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  for (let count = 1; ; count++) {
    const { s3 } = reading.connection;
    const limit = limitAttempt(reading.patience.attemptMs, signal);
    try {
      return await attempt(s3, limit.signal);
    } catch (error) {
      signal?.throwIfAborted();
      const isLast = count === reading.patience.attempts;
      const region = findBucketRegion(error);
      if (!isLast && region !== undefined && reading.connection.follow(s3, region)) continue;
      const explained = explainArchiveError(error, question);
      if (isLast || !(explained instanceof TransientError)) throw explained;
    } finally {
      limit.end();
    }
    await pause(count, reading, signal);
  }
};

/** Many ranges are refused in the same moment: a random pause keeps them from coming back together. */
const pause = async (count: number, { clock, patience }: Reading, signal?: AbortSignal): Promise<void> => {
  try {
    await clock.sleep(Math.random() * patience.pauseMs * 2 ** (count - 1), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};

/** As AbortSignal.any and .timeout do, but nothing of it outlives the attempt: there are tens of thousands of them. */
const limitAttempt = (ms: number, outer: AbortSignal | undefined): { signal: AbortSignal; end(): void } => {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('Too slow.', 'TimeoutError')), ms);
  const pass = (): void => controller.abort(outer?.reason);
  outer?.addEventListener('abort', pass, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', pass);
    },
  };
};
