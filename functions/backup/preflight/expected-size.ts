import { DAY_MS } from '../../rules/utc-days.ts';
import { sayByteSize } from '../values/byte-size.ts';

/** How large the next archive will be, and what it needs. Bytes are whole numbers up to 2^53, which is 9 PB. */

/** An archive that was verified. */
export interface PastArchive {
  readonly takenAt: Date;
  readonly bytes: number;
  /** How long its Job ran. */
  readonly minutes?: number;
}

interface Expected {
  /** Bytes. */
  readonly bytes: number;
  /** What the number rests on, as sentences. */
  readonly assumptions: readonly string[];
}

/** Older archives say more of the past than of the next one. */
const LAST = 14;
/** One archive alone does not tell how they grow. */
const FIRST_MARGIN_DIVISOR = 4;
/** A week with more pushes than usual. */
const MARGIN_DIVISOR = 10;

/**
 * The size of the next archive: the last one, grown by the usual growth of a day, and a tenth. The usual growth is the
 * median over all pairs, which one odd archive does not move (Theil and Sen); archives that shrink are not counted on
 * to go on shrinking.
 *
 * @returns undefined without a single archive before `now`.
 */
export const expectArchive = (history: readonly PastArchive[], now: Date): Expected | undefined => {
  const past = history
    .filter(
      ({ takenAt, bytes }) => takenAt.getTime() <= now.getTime() && Number.isSafeInteger(bytes) && bytes >= 0,
    )
    .toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime())
    .slice(-LAST);
  const last = past.at(-1);
  if (last === undefined) return undefined;
  if (past.length === 1) {
    const bytes = addShare(last.bytes, FIRST_MARGIN_DIVISOR);
    return {
      bytes,
      assumptions: [`There is one archive only, of ${sayByteSize(last.bytes)}; a quarter is added.`],
    };
  }
  const perDay = Math.max(0, median(slopes(past)));
  const days = (now.getTime() - last.takenAt.getTime()) / DAY_MS;
  const largest = Math.max(...past.slice(-3).map(({ bytes }) => bytes));
  const grown = Math.max(largest, last.bytes + Math.ceil(perDay * days));
  return {
    bytes: addShare(grown, MARGIN_DIVISOR),
    assumptions: [
      `The last ${past.length} archives grew by ${sayByteSize(Math.round(perDay))} a day, and this one does as well; the last was ${sayByteSize(last.bytes)}.`,
      'A tenth is added.',
    ],
  };
};

/**
 * The disk that putting it together takes: a copy of every bucket, their compressed files, and the archive, all at once.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility: copies stay under the tmp folder until the end, each is packed
 * beside it, and the archive is written beside those.
 *
 * @param rawBytes in all buckets that go into it; undefined when nobody counted them.
 */
export const expectScratch = (archive: Expected, rawBytes: number | undefined): Expected => {
  // Images, packages and artifacts are compressed already: their archive is about as large as they are.
  const raw = rawBytes ?? archive.bytes;
  const said =
    rawBytes === undefined
      ? 'Nobody counted the buckets, so they are taken to be as large as the archive.'
      : `The buckets hold ${sayByteSize(rawBytes)}.`;
  return {
    bytes: raw + 2 * archive.bytes,
    assumptions: [
      ...archive.assumptions,
      said,
      'Copies of the buckets and twice the archive lie there at once.',
    ],
  };
};

/** How long a Job may run, in minutes: the longest of the last ones and a quarter; undefined when none is known. */
export const expectMinutes = (history: readonly PastArchive[]): number | undefined => {
  const known = history
    .toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime())
    .slice(-LAST)
    .flatMap(({ minutes }) => (minutes === undefined ? [] : [minutes]));
  return known.length === 0 ? undefined : Math.ceil(Math.max(...known) * 1.25);
};

/** Whole numbers stay whole, which a product with 1.1 would not. */
const addShare = (bytes: number, divisor: number): number => bytes + Math.ceil(bytes / divisor);

/** Bytes a day between any two, archives of one moment aside. */
const slopes = (past: readonly PastArchive[]): number[] =>
  past.flatMap((later, index) =>
    past.slice(0, index).flatMap((earlier) => {
      const days = (later.takenAt.getTime() - earlier.takenAt.getTime()) / DAY_MS;
      return days > 0 ? [(later.bytes - earlier.bytes) / days] : [];
    }),
  );

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
};
