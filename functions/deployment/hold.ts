import type { RolloutOrder } from '../records/rollout.ts';
import type { Hold, TargetState } from '../records/target-state.ts';
import type { CompareTags } from './order.ts';

/** How many held digests a target remembers; beyond it the oldest go, which nobody has pushed for long. */
export const MAX_HOLDS = 20;

/** Finds the hold on a digest, if there is one. */
export const findHold = (state: Pick<TargetState, 'holds'>, digest: string): Hold | undefined =>
  state.holds.find((hold) => hold.digest === digest);

/** Holds a digest that failed; holding it again changes nothing. */
export const addHold = (state: TargetState, hold: Hold): TargetState =>
  findHold(state, hold.digest) ? state : { ...state, holds: [...state.holds, hold].slice(-MAX_HOLDS) };

/**
 * Ends the holds that a healthy release is newer than. One on a higher tag stays: an older image that was deployed
 * again, or the next best one, proves nothing about it. Of one and the same tag the digest confirmed later is newer.
 */
export const endHolds = (
  state: TargetState,
  healthy: RolloutOrder,
  compareTags: CompareTags,
): TargetState => {
  const isNewer = (hold: Hold): boolean => {
    const byTag = hold.tag === healthy.tag ? 0 : compareTags(hold.tag, healthy.tag);
    return byTag === 0 ? hold.since > healthy.confirmedAt : byTag > 0;
  };
  return {
    ...state,
    holds: state.holds.filter((hold) => hold.digest !== healthy.digest && isNewer(hold)),
  };
};

/** Lifts one hold, or all of a target; what a person took away by hand may come back as well. */
export const liftHolds = (state: TargetState, digest?: string): TargetState => {
  const { applied, ...rest } = state;
  return {
    ...rest,
    ...(applied && digest !== undefined && applied.digest !== digest ? { applied } : {}),
    holds: digest === undefined ? [] : state.holds.filter((hold) => hold.digest !== digest),
  };
};
