import type { Hold, TargetState } from '../records/target-state.ts';

/** How many held digests a target remembers; beyond it the oldest go, which nobody has pushed for long. */
export const MAX_HOLDS = 20;

/** Finds the hold on a digest, if there is one. */
export const findHold = (state: Pick<TargetState, 'holds'>, digest: string): Hold | undefined =>
  state.holds.find((hold) => hold.digest === digest);

/** Holds a digest that failed; holding it again changes nothing. */
export const addHold = (state: TargetState, hold: Hold): TargetState =>
  findHold(state, hold.digest) ? state : { ...state, holds: [...state.holds, hold].slice(-MAX_HOLDS) };

/** Lifts one hold, or all of a target. */
export const liftHolds = (state: TargetState, digest?: string): TargetState => ({
  ...state,
  holds: digest === undefined ? [] : state.holds.filter((hold) => hold.digest !== digest),
});
