import type { ByteSource } from './byte-source.ts';
import { BLOCK_BYTES } from './header-block.ts';

/**
 * Headers at most so far apart are read through, further ones jumped to. Where a read takes 20 ms and members are
 * tiny, reading through saves nearly all reads; it costs at most this many bytes a member, 20 MB for 5,000 of them.
 */
const NEAR_BYTES = 4 * 1024;
/** The first read ahead; each one that was used up doubles the next. */
const FIRST_AHEAD_BYTES = 4 * 1024;
/** More would take longer to arrive than to ask for again; 32 segments hold 16 MiB. */
const LAST_AHEAD_BYTES = 512 * 1024;
/** Read at most behind a jump, where it is not yet known that small members follow. */
const LANDING_BYTES = 64 * 1024;

/** The bytes of a chain of headers, read ahead as far as the members met so far make it worth. */
export interface HeaderWindow {
  /** Bytes from `start` on: at least `length`, fewer only where the archive ends. Starts never go back. */
  view(start: number, length: number): Promise<Uint8Array>;
  /** Reads made, and the bytes of them. */
  readonly requests: number;
  readonly bytes: number;
}

/**
 * Opens a window on the source. A run is a row of headers near to each other; how many bytes the last two runs had
 * tells how much is read where the next jump lands, so a repository's handful of small members comes in one read and
 * a header that stands alone in one of a block.
 */
export const openHeaderWindow = (source: ByteSource, signal?: AbortSignal): HeaderWindow => {
  let held = { start: 0, bytes: new Uint8Array() };
  let run = { start: 0, end: 0 };
  let lastRuns: readonly [number, number] = [FIRST_AHEAD_BYTES, FIRST_AHEAD_BYTES];
  let ahead = 0;
  let requests = 0;
  let received = 0;

  const noteUse = (start: number, end: number): void => {
    if (start - run.end > NEAR_BYTES) {
      lastRuns = [lastRuns[1], run.end - run.start];
      run = { start, end };
      ahead = 0;
    }
    run = { ...run, end: Math.max(run.end, end) };
  };

  const planAhead = (): number => {
    ahead =
      ahead === 0
        ? Math.min(Math.max(BLOCK_BYTES, ...lastRuns), LANDING_BYTES)
        : Math.min(Math.max(ahead * 2, FIRST_AHEAD_BYTES), LAST_AHEAD_BYTES);
    return ahead;
  };

  return {
    get requests() {
      return requests;
    },
    get bytes() {
      return received;
    },
    view: async (start, length) => {
      const end = Math.min(start + length, source.size);
      const heldEnd = held.start + held.bytes.length;
      noteUse(start, end);
      if (start >= held.start && end <= heldEnd) return held.bytes.subarray(start - held.start);
      // Headers that stand across the end of the window: what is there of them is kept.
      const kept = start < heldEnd ? held.bytes.subarray(start - held.start) : new Uint8Array();
      const from = start + kept.length;
      const wanted = Math.min(Math.max(start + length, from + planAhead()), source.size);
      requests += 1;
      const read = await source.read(from, wanted - from, signal);
      received += read.length;
      const bytes = new Uint8Array(kept.length + read.length);
      bytes.set(kept);
      bytes.set(read, kept.length);
      held = { start, bytes };
      return bytes;
    },
  };
};
