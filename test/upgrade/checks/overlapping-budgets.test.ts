import { overlappingBudgets } from '../../../functions/upgrade/checks/overlapping-budgets.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildBudget, buildNode, buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const two = (
  second: Parameters<typeof buildBudget>[0],
  workload: Parameters<typeof buildWorkloadFact>[0] = {},
) => ({
  budgets: topicOf(buildBudget(), buildBudget({ name: 'all', matchLabels: {}, ...second })),
  workloads: topicOf(buildWorkloadFact(workload)),
});

describeCheck(overlappingBudgets, [
  { it: 'passes one budget a pod', given: {}, finds: [] },
  {
    it: 'blocks a pod under two budgets, both of which allow one',
    given: two({}),
    finds: ['block Deployment shop/web'],
    says: ['PodDisruptionBudget shop/all', 'kubectl -n shop get poddisruptionbudget web all -o yaml'],
  },
  {
    it: 'warns where Karpenter makes all nodes, which just stay behind',
    given: { ...two({}), nodes: topicOf(buildNode({ origin: 'karpenter', group: 'general' })) },
    finds: ['warn Deployment shop/web'],
    silentOn: ['PodEvictionFailure'],
  },
  { it: 'passes two budgets of which one selects nothing', given: two({ selectsNothing: true }), finds: [] },
  { it: 'passes budgets of another namespace', given: two({ namespace: 'other' }), finds: [] },
  { it: 'passes a workload that is scaled to zero', given: two({}, { replicas: 0, ready: 0 }), finds: [] },
  { it: 'passes a DaemonSet, which no drain evicts', given: two({}, { kind: 'DaemonSet' }), finds: [] },
]);
