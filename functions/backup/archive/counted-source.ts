import { DefectError } from '../../runtime/errors.ts';
import type { ByteSource } from './byte-source.ts';
import type { WalkReads } from './walk-state.ts';

/** A source that counts what is read of it. */
export interface CountedSource extends ByteSource {
  /** Requests sent, and bytes received, since it was made. */
  counted(): WalkReads;
}

/**
 * Counts reads, and holds the source to its word.
 *
 * @throws DefectError `archive.short-read` when fewer bytes come than were asked for and are there.
 */
export const countReads = (source: ByteSource): CountedSource => {
  let requests = 0;
  let bytes = 0;
  return {
    size: source.size,
    counted: () => ({ requests, bytes }),
    read: async (start, length, signal) => {
      requests += 1;
      const read = await source.read(start, length, signal);
      bytes += read.length;
      const there = Math.min(length, source.size - start);
      if (read.length !== there) {
        throw new DefectError(
          'archive.short-read',
          `${read.length} bytes instead of ${there} from ${start} on`,
        );
      }
      return read;
    },
  };
};
