import { setTimeout as delay } from 'node:timers/promises';

export interface OpenLoop {
  readonly perSecond: number;
  readonly count: number;
  /** Sends the request of this number; rejects when it failed. */
  readonly send: (index: number) => Promise<void>;
}

export interface Arrivals {
  /** Milliseconds from when each request was due, not from when it was sent. */
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

/**
 * Sends requests when they are due, whether or not earlier ones were answered, as independent senders do.
 *
 * Time counts from when a request was due: a sender that waits for a slow answer before it sends the next would
 * leave out just the requests that the slowness met (coordinated omission, Gil Tene, "How NOT to Measure Latency").
 */
export const runOpenLoop = async ({ perSecond, count, send }: OpenLoop): Promise<Arrivals> => {
  const start = performance.now();
  const latencies: number[] = [];
  const failures: string[] = [];
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const due = start + (index * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await delay(early);
    underWay.push(
      send(index).then(
        () => void latencies.push(performance.now() - due),
        (error: unknown) => void failures.push(error instanceof Error ? error.message : String(error)),
      ),
    );
  }
  await Promise.all(underWay);
  return { latencies, failures };
};
