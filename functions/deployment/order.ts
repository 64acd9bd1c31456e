import type { RolloutOrder } from '../records/rollout.ts';

/** Compares two tags as a target's policy orders them: positive when `a` is the higher one. */
export type CompareTags = (a: string, b: string) => number;

/**
 * Is `a` the order to prefer over `b` for one target? The higher tag by the target's policy wins, whatever the
 * order of arrival; for one and the same tag the digest that the registry named later is the right one.
 */
export const isNewerOrder = (a: RolloutOrder, b: RolloutOrder, compareTags: CompareTags): boolean => {
  const byTag = a.tag === b.tag ? 0 : compareTags(a.tag, b.tag);
  return byTag === 0 ? a.confirmedAt > b.confirmedAt : byTag > 0;
};

/**
 * The order that should wait for the lock: the newer one of what waits already and what comes now.
 * A waiting order for the digest that is being rolled out anyway is no order at all.
 */
export const chooseDesired = (
  waiting: RolloutOrder | undefined,
  coming: RolloutOrder,
  compareTags: CompareTags,
): RolloutOrder => (waiting && !isNewerOrder(coming, waiting, compareTags) ? waiting : coming);

/** Does the waiting order replace the one being rolled out: another digest, and a newer one? */
export const supersedes = (
  waiting: RolloutOrder | undefined,
  current: RolloutOrder,
  compareTags: CompareTags,
): boolean =>
  waiting !== undefined && waiting.digest !== current.digest && isNewerOrder(waiting, current, compareTags);
