import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { EksUpdater, UpdateAnswer } from '../../clients/eks/eks-updater.ts';
import type { Locks } from '../../clients/locks.ts';
import { clusterLock, type PlanStep, type UpgradeRun } from '../../records/upgrade/plan.ts';
import type { Clock } from '../../runtime/clock.ts';
import { DefectError } from '../../runtime/errors.ts';
import type { Action, Decision } from '../plan/decision.ts';
import { stepToken } from '../plan/plan-id.ts';

/** What starting a step reaches. */
export interface Reach {
  readonly locks: Pick<Locks, 'isHeld'>;
  readonly clock: Clock;
  readonly eks: Pick<EksReader, 'startInsightsRefresh'>;
  readonly updater: EksUpdater;
}

/** Does what was decided when that is to start a step; the last look before the outside write is at the lock. */
export const act = async (
  run: UpgradeRun,
  decision: Decision,
  reach: Reach,
  signal: AbortSignal,
): Promise<Decision> => {
  const { action } = decision;
  if (action.kind !== 'start') return decision;
  const { locks, clock } = reach;
  const { cluster, execution, fence } = run;
  if (fence === undefined || !(await locks.isHeld(clusterLock(cluster), execution.arn, fence))) {
    const reasons = [`another execution has taken over ${cluster}; nothing was changed`];
    return { ...decision, action: { kind: 'stop', outcome: 'stopped', reasons } };
  }
  const started = await start(run, action.step, reach, signal);
  const at = clock.now().toISOString();
  if (started.ok) {
    const update = started.update === undefined ? {} : { update: started.update };
    const steps = decision.steps.map((state) =>
      state.id === action.step.id
        ? {
            ...state,
            state: 'running' as const,
            startedAt: state.startedAt ?? at,
            message: 'started',
            ...update,
          }
        : state,
    );
    return { ...decision, steps };
  }
  if (started.reason === 'busy') {
    const busy: Action = {
      kind: 'wait',
      seconds: 60,
      message: `EKS is busy: ${started.message}`,
      idle: false,
    };
    return { ...decision, action: busy };
  }
  const reasons = [
    `EKS does not take this step (${started.reason}): ${action.step.title}. EKS says: ${started.message}`,
  ];
  return { ...decision, action: { kind: 'stop', outcome: 'stopped', reasons } };
};

type Started = { ok: true; update?: string } | Extract<UpdateAnswer, { ok: false }>;

/** The one outside write of this function. A client request token makes a repeat of it the same update. */
const start = async (
  { plan }: UpgradeRun,
  step: PlanStep,
  { eks, updater }: Reach,
  signal: AbortSignal,
): Promise<Started> => {
  const { cluster } = plan;
  const token = stepToken(plan, step.id);
  if (step.kind === 'refresh-insights') {
    await eks.startInsightsRefresh(cluster, signal);
    return { ok: true };
  }
  if (plan.owner !== 'drydock' || step.kind === 'bake' || step.kind === 'watch-nodes') {
    throw new DefectError('step.not-ours', `${step.id} is not for Drydock to start.`);
  }
  const answered = await (step.kind === 'control-plane'
    ? updater.updateClusterVersion({ cluster, version: step.to, token })
    : step.kind === 'addon'
      ? updater.updateAddon({
          cluster,
          addon: step.addon,
          version: step.to,
          conflicts: step.conflicts,
          token,
        })
      : updater.updateNodeGroup({
          cluster,
          nodeGroup: step.nodeGroup,
          token,
          ...(step.launchTemplate ? { launchTemplate: step.launchTemplate } : { version: step.to }),
        }));
  return answered.ok ? { ok: true, update: answered.update.id } : answered;
};
