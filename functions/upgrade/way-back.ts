import type { UpgradeRun } from '../records/upgrade/plan.ts';

/** EKS user guide, "Roll back a cluster": within 7 days. */
const WAY_BACK_DAYS = 7;

/**
 * How to go back from where a run stands, a sentence or two. The control plane goes back by one minor, while nodes
 * that follow it by themselves, or not yet, are no newer than it.
 */
export const describeWayBack = (run: UpgradeRun, now: Date): string => {
  const { plan, steps } = run;
  if (plan.direction === 'rollback') return 'This was the way back; the way up is a new upgrade.';
  const moved = plan.steps.findLast(
    (step) =>
      step.kind === 'control-plane' && steps.some(({ id, state }) => id === step.id && state === 'done'),
  );
  if (moved?.kind !== 'control-plane')
    return 'The control plane was not moved, so there is no way back to take.';
  const endedAt = steps.find(({ id }) => id === moved.id)?.endedAt ?? now.toISOString();
  const until = new Date(Date.parse(endedAt) + WAY_BACK_DAYS * 86_400_000);
  const closing = steps.find(({ id }) => id === plan.closesWayBack)?.state;
  const isOpen = closing === undefined || closing === 'waiting';
  const input = `{"cluster":"${plan.environment}","rollback":true,"by":"<you>","why":"<why>"}`;
  const how = `Back to ${moved.from}: start upgrade with ${input} until ${until.toISOString()}`;
  return isOpen ? `${how}.` : `${how}; nodes have moved, so they go down first.`;
};
