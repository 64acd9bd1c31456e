import { parseImageReference } from '../records/image-reference.ts';
import type { Rollout, RolloutOrder, RolloutOutcome } from '../records/rollout.ts';
import type { TargetState } from '../records/target-state.ts';
import { endHolds } from './hold.ts';
import type { CompareTags } from './order.ts';

/** How one rollout ended, as far as it concerns its target. */
export interface Settlement {
  readonly order: RolloutOrder;
  readonly outcome: RolloutOutcome;
  /** Absent when nothing had been changed. */
  readonly rollout: Pick<Rollout, 'workload' | 'patchedAt' | 'rolledBackAt' | 'previousImage'> | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * What a target is after one of its rollouts ended. Only the rollout that is noted as under way has a say: an end
 * that is told again later must not undo what a newer rollout did since.
 *
 * Whatever waits for the very digest that just had its turn waits no longer, unless somebody else asked for new
 * pods of it. A healthy release is what runs now, and ends the holds that it is newer than.
 */
export const settleTarget = (state: TargetState, end: Settlement, compareTags: CompareTags): TargetState => {
  const { order, outcome, at } = end;
  const { rolling, desired, applied: before, ...rest } = state;
  if (rolling?.rollout !== order.name) return state;
  const applied = hasChangedWorkload(end) ? findApplied(end) : before;
  const settled: TargetState = {
    ...rest,
    ...(desired && isStillWanted(desired, order) ? { desired } : {}),
    ...(applied ? { applied } : {}),
  };
  if (outcome !== 'rolled-out') return settled;
  const { image, tag, digest, name } = order;
  return endHolds(
    { ...settled, running: { image, tag, digest, since: at, rollout: name } },
    order,
    compareTags,
  );
};

/** The same cause may have been started twice on its way through the lock; it needs new pods once. */
const isStillWanted = (desired: RolloutOrder, ended: RolloutOrder): boolean =>
  desired.digest !== ended.digest || (desired.redeploy && desired.deployment.name !== ended.deployment.name);

const hasChangedWorkload = ({ outcome, rollout }: Settlement): boolean =>
  outcome === 'rolled-out' || rollout?.patchedAt !== undefined;

/** The image that this rollout left on the workload; undefined when no digest tells, as of a way back by tag alone. */
const findApplied = ({ order, rollout }: Settlement): TargetState['applied'] => {
  if (rollout?.workload === undefined) return undefined;
  const { workload } = rollout;
  if (rollout.rolledBackAt === undefined) return { workload, tag: order.tag, digest: order.digest };
  const { tag, digest } = parseImageReference(rollout.previousImage) ?? {};
  return digest === undefined ? undefined : { workload, digest, ...(tag === undefined ? {} : { tag }) };
};
