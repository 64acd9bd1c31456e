import { RefusedError } from '../../runtime/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { type CountedSource, countReads } from './counted-source.ts';
import { openHeaderWindow } from './header-window.ts';
import type { MemberFold } from './member-fold.ts';
import { openSegment, type Segment } from './segment.ts';
import { type SharedWalk, takeUp } from './segment-walk.ts';
import type { WalkOptions, WalkResult } from './walk-result.ts';
import type { WalkReads } from './walk-state.ts';

/** Segments walked at once when nothing else is said; fewer than the sockets of one S3 client (50). */
export const SEGMENTS = 32;

/**
 * Walks the chain of headers of a tar archive from the first byte to the end marker, by ranged reads, in several
 * segments at once: where many reads lie before a chain, a header is looked for halfway and followed as well. What a
 * segment found counts when the chain that began at 0 arrives at its start, and never before.
 *
 * @returns how the archive ends and the fold over its members; or, stopped before, a checkpoint to go on from.
 * @throws RefusedError `archive.changed` when `from` is of an object of another size, and whatever `source` throws.
 */
export const walkArchive = async <T>(
  source: ByteSource,
  fold: MemberFold<T>,
  options: WalkOptions<T> = {},
): Promise<WalkResult<T>> => {
  const { from, signal } = options;
  if (from && from.size !== source.size) {
    throw new RefusedError(
      'archive.changed',
      `the archive had ${from.size} bytes and now has ${source.size}`,
    );
  }
  const counted = countReads(source);
  const halt = new AbortController();
  const stop = (): void => halt.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const tasks = beginTasks(halt);
  const opened = openSegments(counted, fold, halt.signal, from);
  const walk: SharedWalk<T> = {
    source: counted,
    fold,
    segments: [...opened],
    atOnce: options.segments ?? SEGMENTS,
    spent: {
      searching: 0,
      searched: from?.searched ?? 0,
      reserved: 0,
      unproven: 0,
      members: from?.members ?? 0,
    },
    halt,
    shouldStop: stopWhen(options, counted, halt.signal),
    reads: () => addReads(counted.counted(), from?.reads),
    begin: tasks.begin,
  };
  try {
    for (const segment of opened) takeUp(walk, segment);
    await tasks.ended();
  } catch (error) {
    // Reads that were cut short because the caller said so are no failure.
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  return tellResult(walk);
};

const openSegments = <T>(
  source: ByteSource,
  fold: MemberFold<T>,
  signal: AbortSignal,
  from: WalkOptions<T>['from'],
): Segment<T>[] => {
  const places = from?.segments ?? [{ start: 0, at: 0, value: fold.initial() }];
  return places.map((place) => openSegment(place, place.value, openHeaderWindow(source, signal)));
};

const stopWhen = <T>(
  { deadline, maxReads = Number.POSITIVE_INFINITY }: WalkOptions<T>,
  source: CountedSource,
  halted: AbortSignal,
): (() => boolean) => {
  const isLate = (): boolean => deadline !== undefined && deadline.clock.now() >= deadline.until;
  return () => halted.aborted || source.counted().requests >= maxReads || isLate();
};

/** Runs work side by side; the first failure ends the rest, and is thrown when all have ended. */
const beginTasks = (halt: AbortController) => {
  const tasks = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const run = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // What fails after the halt fails because of it.
      if (!halt.signal.aborted) failures.push(error);
      halt.abort();
    }
  };
  return {
    begin: (work: () => Promise<void>): void => {
      const task = run(work).finally(() => tasks.delete(task));
      tasks.add(task);
    },
    ended: async (): Promise<void> => {
      while (tasks.size > 0) await Promise.all(tasks);
      if (failures.length > 0) throw failures[0];
    },
  };
};

const addReads = (now: WalkReads, before: WalkReads = { requests: 0, bytes: 0 }): WalkReads => ({
  requests: before.requests + now.requests,
  bytes: before.bytes + now.bytes,
});

const tellResult = <T>(walk: SharedWalk<T>): WalkResult<T> => {
  const { segments, source, spent } = walk;
  const [first] = segments;
  const reads = walk.reads();
  if (first?.end) return { state: 'done', end: first.end, value: first.value, reads };
  return {
    state: 'unfinished',
    reads,
    checkpoint: {
      version: 1,
      size: source.size,
      segments: segments.map(({ start, at, value, end }) => ({ start, at, value, ...(end && { end }) })),
      searched: spent.searched,
      members: spent.members,
      reads,
    },
  };
};
