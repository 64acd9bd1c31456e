import type { Lock } from '../../records/lock.ts';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';
import { isUpdateOf } from '../plan/step-progress.ts';
import { isRunning } from '../updates/update-status.ts';
import { failGate, passGate } from './gate.ts';

/** Does nobody else change this cluster: no other execution of ours, and no update at EKS that is not this plan's? */
export const judgeUpdatesGate = (
  plan: UpgradePlan,
  updates: readonly UpdateFact[],
  lock: Lock | undefined,
  now: Date,
): GateOutcome => {
  const holder = lock && now.getTime() < Date.parse(lock.expiresAt) ? lock.owner : null;
  if (holder !== null && holder !== plan.execution.arn) {
    return failGate('updates', `another execution is at this cluster: ${holder}`);
  }
  const running = updates.filter(isRunning);
  const [other] = running.filter((update) => !isOwn(plan, update));
  if (other && plan.owner === 'drydock') {
    const since = other.createdAt === undefined ? '' : ` since ${other.createdAt}`;
    return failGate(
      'updates',
      `somebody else updates ${other.about ?? 'the cluster'}: ${other.type} ${other.id}, ${other.status}${since}`,
    );
  }
  return running.length > 0
    ? passGate('updates', `the update ${running[0]?.id} is what this plan asks for; it is watched`)
    : passGate('updates', 'EKS has no update under way');
};

/** One that an earlier execution of this way began. Behind the bake nobody is to be yet. */
const isOwn = ({ steps }: UpgradePlan, update: UpdateFact): boolean => {
  const bake = steps.findIndex(({ kind }, index) => index > 0 && kind === 'bake');
  return steps.slice(0, bake < 0 ? steps.length : bake).some((step) => isUpdateOf(update, step));
};
