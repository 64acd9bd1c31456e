import { unguardedReplicas } from '../../../functions/upgrade/checks/unguarded-replicas.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildBudget, buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const loose = (
  overrides: Parameters<typeof buildWorkloadFact>[0] = {},
  budgets = topicOf<ReturnType<typeof buildBudget>>(),
) => ({
  workloads: topicOf(buildWorkloadFact({ spread: false, ...overrides })),
  budgets,
});

describeCheck(unguardedReplicas, [
  {
    it: 'warns of several pods without budget and without spread',
    given: loose(),
    finds: ['warn Deployment shop/web'],
    says: ['create poddisruptionbudget web'],
  },
  { it: 'passes them with a budget', given: loose({}, topicOf(buildBudget())), finds: [] },
  {
    it: 'does not take a budget over other pods for theirs',
    given: loose({}, topicOf(buildBudget({ matchLabels: { app: 'other' } }))),
    finds: ['warn Deployment shop/web'],
  },
  { it: 'passes them when something spreads them', given: loose({ spread: true }), finds: [] },
  {
    it: 'leaves a single pod to the check of single replicas',
    given: loose({ replicas: 1, ready: 1 }),
    finds: [],
  },
  { it: 'passes a DaemonSet, which is spread by nature', given: loose({ kind: 'DaemonSet' }), finds: [] },
]);
