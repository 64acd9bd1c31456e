import type { PlanStep, UpgradePlan, UpgradeRun } from '../../records/upgrade/plan.ts';
import type { Decision } from './decision.ts';

/** A move of the control plane: what a merge request asks for. */
export type Move = Extract<PlanStep, { kind: 'control-plane' }>;

/**
 * The move that may be offered as soon as a plan is handed over: the first one, unless something of an earlier minor
 * comes before it, a bake or nodes, which a merge request must not run ahead of. Every other move is offered when it is
 * its turn.
 */
export const findFirstMove = ({ steps }: Pick<UpgradePlan, 'steps'>): Move | undefined => {
  const at = steps.findIndex(({ kind }) => kind === 'control-plane');
  const move = steps[at];
  return move?.kind === 'control-plane' && steps.slice(0, at).every(({ minor }) => minor === move.minor)
    ? move
    : undefined;
};

/**
 * The move of the control plane that a decision waits for its owner to make, and that nobody was asked for yet. The
 * first one of most plans was offered when the plan was handed over.
 */
export const findDueMove = (
  { plan }: Pick<UpgradeRun, 'plan'>,
  { action, steps }: Decision,
): Move | undefined => {
  if (plan.owner !== 'external' || action.kind !== 'wait' || !action.idle) return undefined;
  const at = steps.findIndex(({ state }) => state !== 'done' && state !== 'skipped');
  const step = plan.steps[at];
  if (step?.kind !== 'control-plane' || steps[at]?.offer !== undefined) return undefined;
  return step.id === findFirstMove(plan)?.id ? undefined : step;
};
