import type { ArchiveEnd } from './archive-end.ts';
import type { HeaderWindow } from './header-window.ts';
import type { MemberFold } from './member-fold.ts';
import { measurePace, type Pace } from './pace.ts';

/** One chain that is being followed. What is written down of it is in `walk-state.ts`. */
export interface Segment<T> {
  start: number;
  at: number;
  value: T;
  end?: ArchiveEnd;
  readonly window: HeaderWindow;
  readonly pace: Pace;
  /**
   * It waits for the chain from 0 on to arrive at its start: it passed over the start of the next one, so one of both is
   * not true, or it has cost more than may be spent on what is not known to be true.
   */
  isStalled: boolean;
  /** No header was found from here on; searches go nearer by. */
  blindFrom: number;
  /** How many times further than usual a search in its stretch looks; twice as far after each that found nothing. */
  reach: number;
  /** A header is being looked for in its stretch. */
  isSearched: boolean;
}

/** Makes a segment that begins where its window stands, or goes on where it was. */
export const openSegment = <T>(
  place: { readonly start: number; readonly at: number; readonly end?: ArchiveEnd | undefined },
  value: T,
  window: HeaderWindow,
  pace?: { readonly stride: number | undefined; readonly reach: number },
): Segment<T> => ({
  start: place.start,
  at: place.at,
  value,
  ...(place.end && { end: place.end }),
  window,
  pace: measurePace(place.at, window.requests, pace?.stride),
  isStalled: false,
  blindFrom: Number.POSITIVE_INFINITY,
  reach: pace?.reach ?? 1,
  isSearched: false,
});

/** What follows from where a segment has arrived. `resumed` is one that stalled and now goes on. */
type Settlement<T> =
  | { readonly goesOn: boolean; readonly resumed?: never }
  | { readonly goesOn: false; readonly resumed: Segment<T> };

/**
 * Settles what a segment means for the next ones after it got on. Arrived exactly at the start of the next one, both
 * become one. Only the first segment, whose chain began at 0, may pass over another's start: that one began at
 * something that only looked like a header, and is dropped with all it counted.
 */
export const settle = <T>(
  segments: Segment<T>[],
  segment: Segment<T>,
  fold: Pick<MemberFold<T>, 'merge'>,
): Settlement<T> => {
  for (;;) {
    const index = segments.indexOf(segment);
    const next = segments[index + 1];
    if (segment.end) return { goesOn: false };
    if (!next || segment.at < next.start) return { goesOn: true };
    if (segment.at === next.start) return join(segments, segment, next, fold);
    if (index > 0) {
      segment.isStalled = true;
      return { goesOn: false };
    }
    segments.splice(1, 1);
  }
};

/** The one behind goes on with what the one before counted: it is being followed at this moment. */
const join = <T>(
  segments: Segment<T>[],
  segment: Segment<T>,
  next: Segment<T>,
  fold: Pick<MemberFold<T>, 'merge'>,
): Settlement<T> => {
  next.start = segment.start;
  next.value = fold.merge(segment.value, next.value);
  segments.splice(segments.indexOf(segment), 1);
  if (!next.isStalled || segments[0] !== next) return { goesOn: false };
  next.isStalled = false;
  const settled = settle(segments, next, fold);
  return settled.goesOn ? { goesOn: false, resumed: next } : settled;
};

/** The segment in whose stretch an offset lies, when it has not come so far yet. */
export const findOwner = <T>(segments: readonly Segment<T>[], offset: number): Segment<T> | undefined => {
  const owner = segments.findLast(({ start }) => start <= offset);
  return owner && !owner.end && owner.at < offset ? owner : undefined;
};
