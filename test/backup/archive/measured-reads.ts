import { setImmediate as macrotask } from 'node:timers/promises';
import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';

/** What it took to read an archive, in the time of a world where only reads take time. */
export interface Measured {
  readonly source: ByteSource;
  readonly requests: () => number;
  readonly bytes: () => number;
  /** Bytes of the largest read. */
  readonly largest: () => number;
  /** Most reads under way at once. */
  readonly atOnce: () => number;
  /** Reads that had to wait for one another: the longest chain of them, in reads. */
  readonly depth: () => number;
}

/**
 * Wraps a source so that each read takes one unit of time, and time passes only when all that could be asked was
 * asked. The time at the end is the number of reads that followed one upon another, the same on any machine.
 */
export const measureReads = (source: ByteSource): Measured => {
  const waiting: { readonly due: number; readonly resolve: () => void }[] = [];
  let [now, requests, bytes, largest, atOnce, isTicking] = [0, 0, 0, 0, 0, false];
  const tick = async (): Promise<void> => {
    isTicking = true;
    while (waiting.length > 0) {
      await macrotask();
      now = Math.min(...waiting.map(({ due }) => due));
      const ended = waiting.filter(({ due }) => due === now);
      waiting.splice(0, waiting.length, ...waiting.filter(({ due }) => due > now));
      for (const { resolve } of ended) resolve();
      await macrotask();
    }
    isTicking = false;
  };
  return {
    requests: () => requests,
    bytes: () => bytes,
    largest: () => largest,
    atOnce: () => atOnce,
    depth: () => now,
    source: {
      size: source.size,
      read: async (start, length, signal) => {
        requests += 1;
        const due = new Promise<void>((resolve) => waiting.push({ due: now + 1, resolve }));
        atOnce = Math.max(atOnce, waiting.length);
        if (!isTicking) void tick();
        await due;
        signal?.throwIfAborted();
        const read = await source.read(start, length, signal);
        bytes += read.length;
        largest = Math.max(largest, read.length);
        return read;
      },
    },
  };
};
