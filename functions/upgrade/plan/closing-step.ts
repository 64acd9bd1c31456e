import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';

/**
 * The first step behind a move of the control plane that the way back cannot undo: nodes, or the control plane of the
 * next minor. Nodes of Auto Mode go back by themselves.
 */
export const closesWayBack = (steps: readonly PlanStep[]): Pick<UpgradePlan, 'closesWayBack'> => {
  const moved = steps.findIndex(({ kind }) => kind === 'control-plane');
  const closing = steps
    .slice(moved + 1)
    .find(
      (step) =>
        step.kind === 'node-group' ||
        step.kind === 'control-plane' ||
        (step.kind === 'watch-nodes' && step.origin === 'karpenter'),
    );
  return closing ? { closesWayBack: closing.id } : {};
};
