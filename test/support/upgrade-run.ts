import type { Health, UpgradePlan, UpgradeRun } from '../../functions/records/upgrade/plan.ts';
import type { UpgradeRequest } from '../../functions/records/upgrade/request.ts';
import { makePlan } from '../../functions/upgrade/plan/make-plan.ts';
import type { PlanSubject } from '../../functions/upgrade/plan/plan-subject.ts';
import type { Observed } from '../../functions/upgrade/plan/step-progress.ts';
import { planSubject } from './plan-facts.ts';
import { buildExecution } from './target-world.ts';
import { buildClusterFact, buildNodeGroup, CHECK_TIME } from './upgrade-facts.ts';

/** Three ready nodes and ten ready workloads. */
export const buildHealth = (overrides: Partial<Health> = {}): Health => ({
  at: CHECK_TIME.toISOString(),
  nodes: { ready: 3, total: 3 },
  unready: [],
  workloads: 10,
  unread: [],
  ...overrides,
});

export const buildRequest = (overrides: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  cluster: 'production',
  by: 'Ada',
  why: '1.35 is old',
  dryRun: false,
  overrides: [],
  rollback: false,
  ...overrides,
});

/** The plan of a subject, as it lies in the ledger. */
export const buildPlan = (
  subject: PlanSubject = planSubject(),
  target = '1.36',
  request: Partial<UpgradeRequest> = {},
): UpgradePlan => {
  const made = makePlan(subject, target);
  if (!made.ok) throw new Error(made.reason);
  return {
    ...made.plan,
    request: buildRequest(request),
    madeAt: CHECK_TIME.toISOString(),
    execution: buildExecution('upgrade-1'),
  };
};

/** A run that has just begun. */
export const buildRun = (
  plan: UpgradePlan = buildPlan(),
  overrides: Partial<UpgradeRun> = {},
): UpgradeRun => ({
  version: 1,
  cluster: plan.cluster,
  plan,
  execution: plan.execution,
  startedBy: 'Ada',
  approvedBy: 'Grace',
  fence: 1,
  gates: [],
  before: buildHealth(),
  steps: [],
  startedAt: CHECK_TIME.toISOString(),
  reasons: [],
  overrides: [],
  ...overrides,
});

/** The cluster of the tests, at rest at 1.35. */
export const observe = (overrides: Partial<Observed> = {}): Observed => ({
  cluster: buildClusterFact(),
  addons: [],
  nodeGroups: [buildNodeGroup()],
  updates: [],
  ...overrides,
});
