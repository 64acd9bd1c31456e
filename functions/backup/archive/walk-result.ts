import type { Clock } from '../../runtime/clock.ts';
import type { ArchiveEnd } from './archive-end.ts';
import type { WalkReads, WalkState } from './walk-state.ts';

/** How to walk an archive; every field has a default. */
export interface WalkOptions<T> {
  /** Parts walked at once, at most. */
  readonly segments?: number;
  /** Goes on where an earlier walk of the same object stopped. */
  readonly from?: WalkState<T>;
  /** Stops at this time, in good order; at least one member is read even when it is past. */
  readonly deadline?: { readonly clock: Pick<Clock, 'now'>; readonly until: Date };
  /** Stops after this many reads, in good order; at least one member is read. */
  readonly maxReads?: number;
  /** Stops at once; what was read of a member is read again. */
  readonly signal?: AbortSignal;
}

/** `value` is the fold over all members up to `end`. `reads` are those of all resumptions. */
export type WalkResult<T> =
  | { readonly state: 'done'; readonly end: ArchiveEnd; readonly value: T; readonly reads: WalkReads }
  | { readonly state: 'unfinished'; readonly checkpoint: WalkState<T>; readonly reads: WalkReads };
