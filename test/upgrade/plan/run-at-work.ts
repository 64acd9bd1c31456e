import type { UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import type { Look } from '../../../functions/upgrade/plan/decision.ts';
import { nextAction } from '../../../functions/upgrade/plan/next-action.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { kubeProxy, managedCluster, planSubject } from '../../support/plan-facts.ts';
import { buildClusterFact, buildUpdate, CHECK_TIME, topicOf } from '../../support/upgrade-facts.ts';
import { buildPlan, buildRun, observe } from '../../support/upgrade-run.ts';

/** A run of the plan from 1.35 to 1.36, what can be seen of its cluster, and what is decided about it. */

export const at = (hours: number): Date => new Date(CHECK_TIME.getTime() + hours * 3_600_000);
export const look = (changes: Partial<Look> = {}): Look => ({
  now: CHECK_TIME,
  health: { state: 'ok' },
  handOverHours: 72,
  mayWrite: { ok: true },
  ...changes,
});

export const plan = buildPlan(planSubject(managedCluster({ addons: topicOf(kubeProxy()) })));
export const OLD_PROXY = [
  { name: 'kube-proxy', version: 'v1.35.2-eksbuild.4', status: 'ACTIVE', issues: [] },
];
export const refreshed = { id: 'refresh-insights/1.36', state: 'done' as const, message: '' };
/** A run whose insights are fresh, at 1.35. */
export const ready = (changes: Partial<UpgradeRun> = {}) =>
  buildRun(plan, { steps: [refreshed], ...changes });
export const seen = (changes: Partial<Observed> = {}): Observed => observe({ addons: OLD_PROXY, ...changes });
export const CONTROL_PLANE_MOVED = { cluster: buildClusterFact({ version: '1.36' }) };
export const upgrading = buildUpdate({ id: 'u-1', status: 'InProgress', params: { Version: '1.36' } });

export const decide = (run: UpgradeRun, observed: Observed, changes: Partial<Look> = {}) => {
  const { action, steps, worseSince } = nextAction(run, observed, look(changes));
  const said =
    action.kind === 'start'
      ? `start ${action.step.id}`
      : action.kind === 'stop'
        ? `${action.outcome}: ${action.reasons.join(' | ')}`
        : action.kind === 'wait'
          ? `wait ${action.seconds}: ${action.message}`
          : 'done';
  return { said, steps, worseSince };
};

/** The same run, later, as it was written down. */
export const goOn = (run: UpgradeRun, observed: Observed, changes: Partial<Look> = {}): UpgradeRun => {
  const { steps, worseSince } = nextAction(run, observed, look(changes));
  return { ...run, steps, ...(worseSince === undefined ? {} : { worseSince }) };
};
