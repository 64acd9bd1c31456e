import { shiftMinor } from '../../records/kubernetes-version.ts';
import type { UpgradeRun } from '../../records/upgrade/plan.ts';

/** EKS user guide, "Roll back a cluster": within 7 days. */
const WAY_BACK_DAYS = 7;

/**
 * How to go back from where a run stands, a sentence or two. The control plane goes back by one minor, while nodes
 * that follow it by themselves, or not yet, are no newer than it.
 */
export const describeWayBack = (run: UpgradeRun, now: Date): string => {
  const { plan, steps } = run;
  if (plan.direction === 'rollback') return 'This was the way back; the way up is a new upgrade.';
  const last = findLastMove(run);
  if (!last) {
    return plan.from === plan.to
      ? describeEarlierMove(run, shiftMinor(plan.to, -1))
      : 'The control plane was not moved, so there is no way back to take.';
  }
  const { move, state } = last;
  if (state.state === 'skipped') return describeEarlierMove(run, move.from);
  if (state.state === 'running') {
    return (
      `The control plane may still be on its way to ${move.to}, which nothing here stops. Once it is there, back to ` +
      `${move.from}: start upgrade with ${inputOf(run)} within ${WAY_BACK_DAYS} days.`
    );
  }
  const until = new Date(Date.parse(state.endedAt ?? now.toISOString()) + WAY_BACK_DAYS * 86_400_000);
  const closing = steps.find(({ id }) => id === plan.closesWayBack)?.state;
  const isOpen = closing === undefined || closing === 'waiting';
  const how = `Back to ${move.from}: start upgrade with ${inputOf(run)} until ${until.toISOString()}`;
  return isOpen ? `${how}.` : `${how}; nodes have moved, so they go down first.`;
};

/** The last move of the control plane that has begun, or was found done. */
const findLastMove = ({ plan, steps }: UpgradeRun) =>
  plan.steps
    .flatMap((move) => {
      if (move.kind !== 'control-plane') return [];
      const state = steps.find(({ id }) => id === move.id);
      return state && ['running', 'done', 'skipped'].includes(state.state) ? [{ move, state }] : [];
    })
    .at(-1);

/** An earlier run or somebody else has moved it, so when that was is not known here. */
const describeEarlierMove = (run: UpgradeRun, back: string): string =>
  `This run did not move the control plane. Back to ${back}, within ${WAY_BACK_DAYS} days of when it was moved: ` +
  `start upgrade with ${inputOf(run)}; the plan says whether the way is open.`;

const inputOf = ({ plan }: UpgradeRun): string =>
  `{"cluster":"${plan.environment}","rollback":true,"by":"<you>","why":"<why>","dryRun":false}`;
