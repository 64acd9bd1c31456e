/** A stretch that takes fewer reads is walked in one piece: at 20 ms a read this many take five seconds. */
export const WORTH_READS = 256;
/** What a search may always look through: less costs hardly less time. */
const LEAST_SEARCH_BYTES = 256 * 1024;
/** What an archive of so many members may cost in all: 50 MB, less what reads may overshoot. */
const TOTAL_BYTES = 48_000_000;
const TOTAL_MEMBERS = 5_000;
/**
 * A walk that takes more reads than that has so many members that time matters more than bytes: each further read
 * earns as many bytes as arrive in a small part of the time it takes.
 */
const PATIENCE_READS = 5_000;
const EARNED_BYTES = 32 * 1024;

/** What a walk has read so far. */
export interface Progress {
  readonly requests: number;
  /** Bytes of headers, and of what was read with them. */
  readonly headerBytes: number;
  readonly members: number;
}

/** Bytes that a walk may have spent on searches: what the headers of 5,000 members leave, and what long walks earn. */
export const searchBudget = ({ requests, headerBytes, members }: Progress): number => {
  const expected = (headerBytes / Math.max(1, members)) * Math.max(0, TOTAL_MEMBERS - members);
  const earned = EARNED_BYTES * Math.max(0, requests - PATIENCE_READS);
  return Math.max(0, TOTAL_BYTES - headerBytes - expected) + earned;
};

/**
 * Bytes that segments may read of which it is not known yet whether they are true. Content may be an archive itself, of
 * members so small that a chain through it reads all of it. True chains read less for each request.
 */
const UNPROVEN_BYTES = 32 * 1024 * 1024;
const UNPROVEN_READ_BYTES = 16 * 1024;

/** Bytes that a walk of so many reads may have spent on segments not known to be true. */
export const unprovenBudget = (requests: number): number => UNPROVEN_BYTES + UNPROVEN_READ_BYTES * requests;

/** After a search that found nothing, the next one goes so much nearer by. */
const NEARER = 4;

/** What lies before a chain. */
export interface Stretch {
  readonly at: number;
  /** Where the chain need not go itself. */
  readonly limit: number;
  /** Bytes that one read passes. */
  readonly stride: number;
  /** The last search in it found nothing. */
  readonly isBlind: boolean;
  /** How many times further than usual a search looks. */
  readonly reach: number;
}

/** Reads that a stretch will take. */
export const readsOf = ({ at, limit, stride }: Stretch): number => Math.max(0, limit - at) / stride;

/** Where to look for a header, and through how many bytes. */
export interface Split {
  readonly from: number;
  readonly budget: number;
}

/** All that lies before the chains of a walk. */
export interface Ahead {
  /** Reads that all stretches will take. */
  readonly total: number;
  /** Those of the longest stretch in which nothing is searched yet. */
  readonly longest: number;
  /** Bytes that may still be spent on searches. */
  readonly left: number;
  /** Segments that may still be opened. */
  readonly free: number;
}

/**
 * Decides whether a stretch is worth a search, where, and what it may cost. The stretch gets its share of the searches
 * that can still be paid, the longest one at least one, and is cut where they leave parts of one length: with one of
 * them in the middle, with two of them at a third. Among members of one size a header lies within one stride of any
 * point. Where none does, that point lies in a member larger than the others: the next search goes nearer by and looks
 * further.
 */
export const planSplit = (stretch: Stretch, ahead: Ahead): Split | undefined => {
  const reads = readsOf(stretch);
  if (reads < WORTH_READS) return undefined;
  const base = Math.max(stretch.stride, LEAST_SEARCH_BYTES);
  const paid = Math.min(ahead.free, Math.floor(ahead.left / base));
  const searches = Math.max(Math.floor(paid * (reads / ahead.total)), reads >= ahead.longest ? 1 : 0);
  if (paid < 1 || searches < 1) return undefined;
  const even = Math.floor((searches + 1) / 2) / (searches + 1);
  // Halfway to the middle: when the next search finds nothing, what is left in one piece is not much more than half.
  const near = stretch.isBlind ? 1 / NEARER : (even + 1 / 2) / 2;
  const reach = Math.max(base * 1.25, Math.min(base * stretch.reach, ahead.left / 2));
  return {
    from: stretch.at + Math.floor((stretch.limit - stretch.at) * near),
    budget: Math.floor(Math.min(reach, ahead.left)),
  };
};
