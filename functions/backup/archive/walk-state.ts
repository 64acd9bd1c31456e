import * as z from 'zod';
import { ArchiveEnd } from './archive-end.ts';

/** Bytes from the start of the archive. */
const Offset = z.int().nonnegative();

/** What was read so far, over all resumptions. */
export const WalkReads = z.object({ requests: z.int().nonnegative(), bytes: z.int().nonnegative() });
export type WalkReads = z.output<typeof WalkReads>;

/** One part of the archive: a chain of headers, and how far it was followed. */
const segmentOf = <T>(value: z.ZodType<T>) =>
  z.object({
    /** Where its first header stands. */
    start: Offset,
    /** Where the next header to read stands. */
    at: Offset,
    /** The fold over its members. */
    value,
    /** Set when its chain came to an end. */
    end: ArchiveEnd.optional(),
  });

/**
 * Everything a walk needs to go on where it was: as many entries as segments, however many members there are.
 * The first segment starts at 0 and is known to be true; the others are beliefs until the one before meets them.
 */
export const walkStateOf = <T>(value: z.ZodType<T>) =>
  z.object({
    version: z.literal(1),
    /** Bytes of the archive that it is about. */
    size: Offset,
    segments: z.array(segmentOf(value)).min(1),
    /** Bytes spent on looking for headers to start segments at, of the walk's budget. */
    searched: z.int().nonnegative(),
    /** Members met, also those in segments that turned out not to be true. */
    members: z.int().nonnegative(),
    reads: WalkReads,
  });
export type WalkState<T> = z.output<ReturnType<typeof walkStateOf<T>>>;
