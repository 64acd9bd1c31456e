import { readStep } from './chain-step.ts';
import type { CountedSource } from './counted-source.ts';
import { findSegmentStart } from './header-search.ts';
import type { MemberFold } from './member-fold.ts';
import { findOwner, openSegment, type Segment, settle } from './segment.ts';
import {
  planSplit,
  readsOf,
  type Split,
  type Stretch,
  searchBudget,
  unprovenBudget,
  WORTH_READS,
} from './split.ts';

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
  };
  /** Ends every read under way. */
  readonly halt: AbortController;
  shouldStop(): boolean;
  /** Reads made, over all resumptions. */
  requests(): number;
  /** Begins work that the walk waits for. */
  begin(work: () => Promise<void>): void;
}

/** Takes up a segment, new or from a checkpoint. */
export const takeUp = <T>(walk: SharedWalk<T>, segment: Segment<T>): void => {
  if (!walk.segments.includes(segment)) return;
  const { goesOn, resumed } = settle(walk.segments, segment, walk.fold);
  // More than are followed at once can be in a checkpoint: those that had stalled. They wait again.
  if (walk.segments.indexOf(segment) >= walk.atOnce) segment.isStalled = true;
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
    const before = segment.window.bytes;
    const step = await readStep(chain, segment.at);
    if (segment !== segments[0]) walk.spent.unproven += segment.window.bytes - before;
    if (halt.signal.aborted || !segments.includes(segment)) return;
    if (step.kind === 'end') {
      segment.end = step.end;
    } else {
      segment.value = fold.add(segment.value, step.member);
      segment.at = step.member.next;
      segment.pace.note(segment.at, segment.window.requests);
    }
    const { goesOn, resumed } = settle(segments, segment, fold);
    // The true chain has come to its end: whatever lies beyond is of no use.
    if (segments[0]?.end) halt.abort();
    if (resumed) walk.begin(async () => follow(walk, resumed));
    if (!goesOn) return;
    considerSplit(walk, segment);
  }
};

/** Halts a segment that may be no true one, and has cost enough; it goes on when a chain arrives at its start. */
const isTooCostly = <T>(walk: SharedWalk<T>, segment: Segment<T>): boolean => {
  const { segments, spent } = walk;
  if (segment === segments[0] || spent.unproven < unprovenBudget(walk.requests())) return false;
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
  const total = followed.reduce((sum, other) => sum + estimateReads(walk, other), 0);
  const left = searchBudget(walk.requests()) - spent.searched - spent.reserved;
  const split = planSplit(stretch, total, left, most);
  if (!split) return;
  segment.isSearched = true;
  walk.begin(async () => search(walk, segment, split));
};

const isFollowed = <T>({ end, isStalled }: Segment<T>): boolean => !end && !isStalled;

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
  segment.blindFrom = Number.POSITIVE_INFINITY;
  segment.reach = Math.max(1, segment.reach / 2);
  const place = { start: found.start, at: found.start };
  const opened = openSegment(place, walk.fold.initial(), found.window, {
    stride: segment.pace.stride(),
    reach: segment.reach,
  });
  segments.splice(segments.indexOf(owner) + 1, 0, opened);
  takeUp(walk, opened);
};
