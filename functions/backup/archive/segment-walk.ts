import { readStep } from './chain-step.ts';
import type { CountedSource } from './counted-source.ts';
import { findSegmentStart } from './header-search.ts';
import type { MemberFold } from './member-fold.ts';
import { findOwner, openSegment, type Segment, settle } from './segment.ts';
import {
  type Progress,
  planSplit,
  readsOf,
  type Split,
  type Stretch,
  searchBudget,
  unprovenBudget,
  WORTH_READS,
} from './split.ts';
import type { WalkReads } from './walk-state.ts';

/** No search looks further than so many times as far as usual. */
const MOST_REACH = 64;

/** One walk under way: what its segments share. */
export interface SharedWalk<T> {
  readonly source: CountedSource;
  readonly fold: MemberFold<T>;
  /** In the order in which they stand; the chain of the first one began at 0. */
  readonly segments: Segment<T>[];
  /** Segments followed at once, searches for new ones included. */
  readonly atOnce: number;
  readonly spent: {
    searching: number;
    /** Bytes looked through, over all resumptions. */
    searched: number;
    /** Bytes that running searches may still look through. */
    reserved: number;
    /** Bytes read of segments that no chain had arrived at. */
    unproven: number;
    /** Members met, over all resumptions, also of segments that turned out not to be true. */
    members: number;
  };
  /** Ends every read under way. */
  readonly halt: AbortController;
  shouldStop(): boolean;
  /** What was read, over all resumptions. */
  reads(): WalkReads;
  /** Begins work that the walk waits for. */
  begin(work: () => Promise<void>): void;
}

/** Takes up a segment, new or from a checkpoint. */
export const takeUp = <T>(walk: SharedWalk<T>, segment: Segment<T>): void => {
  if (!walk.segments.includes(segment)) return;
  const { goesOn, resumed } = settle(walk.segments, segment, walk.fold);
  // A checkpoint has more than are followed at once when some had stalled; the last ones wait again.
  const before = walk.segments.slice(0, walk.segments.indexOf(segment)).filter(isFollowed);
  if (before.length >= walk.atOnce) segment.isStalled = true;
  if (goesOn && !segment.isStalled) walk.begin(async () => follow(walk, segment));
  if (resumed) walk.begin(async () => follow(walk, resumed));
};

const follow = async <T>(walk: SharedWalk<T>, segment: Segment<T>): Promise<void> => {
  const { segments, halt, fold } = walk;
  const chain = { source: walk.source, window: segment.window, signal: halt.signal };
  // However short the time, the first segment gets on by one member, so that resuming again and again comes to an end.
  for (
    let isOwed = segments[0] === segment && !halt.signal.aborted;
    isOwed || !walk.shouldStop();
    isOwed = false
  ) {
    if (isTooCostly(walk, segment)) return;
    const { bytes, requests } = segment.window;
    const step = await readStep(chain, segment.at);
    if (segment !== segments[0]) walk.spent.unproven += segment.window.bytes - bytes;
    if (halt.signal.aborted || !segments.includes(segment)) return;
    if (step.kind === 'end') {
      segment.end = step.end;
    } else {
      segment.value = fold.add(segment.value, step.member);
      segment.at = step.member.next;
      walk.spent.members += 1;
      segment.pace.note(segment.at, segment.window.requests);
    }
    const { goesOn, resumed } = settle(segments, segment, fold);
    // The true chain has come to its end: whatever lies beyond is of no use.
    if (segments[0]?.end) halt.abort();
    if (resumed) walk.begin(async () => follow(walk, resumed));
    if (!goesOn) return;
    if (segment.window.requests > requests) considerSplit(walk, segment);
  }
};

/** Halts a segment that may be no true one, and has cost enough; it goes on when a chain arrives at its start. */
const isTooCostly = <T>(walk: SharedWalk<T>, segment: Segment<T>): boolean => {
  const { segments, spent } = walk;
  if (segment === segments[0] || spent.unproven < unprovenBudget(walk.reads().requests)) return false;
  segment.isStalled = true;
  return true;
};

const considerSplit = <T>(walk: SharedWalk<T>, segment: Segment<T>): void => {
  const { segments, spent, atOnce } = walk;
  if (segment.isSearched) return;
  if (segment.at >= segment.blindFrom) segment.blindFrom = Number.POSITIVE_INFINITY;
  const stretch = stretchOf(walk, segment);
  if (!stretch || readsOf(stretch) < WORTH_READS) return;
  const followed = segments.filter(isFollowed);
  // Segments that ended or stalled wait to be met; there are never more of both than this, whatever is in the archive.
  const most = Math.min(atOnce - followed.length, 2 * atOnce - segments.length) - spent.searching;
  if (most < 1) return;
  const reads = followed.map((other) => estimateReads(walk, other));
  const split = planSplit(stretch, {
    total: reads.reduce((sum, one) => sum + one, 0),
    longest: Math.max(...reads.filter((_, index) => !followed[index]?.isSearched)),
    left: searchBudget(progressOf(walk)) - spent.searched - spent.reserved,
    free: most,
  });
  if (!split) return;
  segment.isSearched = true;
  walk.begin(async () => search(walk, segment, split));
};

const isFollowed = <T>({ end, isStalled }: Segment<T>): boolean => !end && !isStalled;

const progressOf = <T>(walk: SharedWalk<T>): Progress => {
  const { spent } = walk;
  const { requests, bytes } = walk.reads();
  return { requests, headerBytes: bytes - spent.searched, members: spent.members };
};

const limitOf = <T>({ segments, source }: SharedWalk<T>, segment: Segment<T>): number =>
  segments[segments.indexOf(segment) + 1]?.start ?? source.size;

const stretchOf = <T>(walk: SharedWalk<T>, segment: Segment<T>): Stretch | undefined => {
  const stride = segment.pace.stride();
  const limit = Math.min(limitOf(walk, segment), segment.blindFrom);
  if (stride === undefined) return undefined;
  const isBlind = segment.blindFrom < Number.POSITIVE_INFINITY;
  return { at: segment.at, limit, stride, isBlind, reach: segment.reach };
};

const estimateReads = <T>(walk: SharedWalk<T>, segment: Segment<T>): number => {
  const stretch = stretchOf(walk, segment);
  return stretch ? readsOf(stretch) : 0;
};

const search = async <T>(
  walk: SharedWalk<T>,
  segment: Segment<T>,
  { from, budget }: Split,
): Promise<void> => {
  const { spent, halt, segments } = walk;
  spent.searching += 1;
  spent.reserved += budget;
  let unused = budget;
  const spend = (bytes: number): void => {
    spent.searched += bytes;
    spent.reserved -= bytes;
    unused -= bytes;
  };
  const found = await findSegmentStart(walk.source, {
    from,
    limit: limitOf(walk, segment),
    budget,
    spend,
    shouldStop: () => walk.shouldStop(),
    signal: halt.signal,
  });
  spent.searching -= 1;
  spent.reserved -= unused;
  segment.isSearched = false;
  if (walk.shouldStop()) return;
  const owner = found && findOwner(segments, found.start);
  if (!found || !owner) {
    segment.blindFrom = from;
    segment.reach = Math.min(segment.reach * 2, MOST_REACH);
    return;
  }
  const { blindFrom } = segment;
  segment.blindFrom = Number.POSITIVE_INFINITY;
  segment.reach = Math.max(1, segment.reach / 2);
  const place = { start: found.start, at: found.start };
  const opened = openSegment(place, walk.fold.initial(), found.window, {
    stride: segment.pace.stride(),
    reach: segment.reach,
  });
  opened.blindFrom = blindFrom;
  segments.splice(segments.indexOf(owner) + 1, 0, opened);
  takeUp(walk, opened);
};
