import { defineCheck } from '../check.ts';
import { selectsPodsOf } from './rules/budget-selection.ts';
import { nameWorkload } from './rules/subject.ts';

/**
 * Several pods, but nothing that keeps a drain from taking all of them at once: no budget, and nothing that spreads
 * them over nodes. Either of the two is enough.
 */
export const unguardedReplicas = defineCheck({
  code: 'unguarded-replicas',
  title: 'Every workload with several pods keeps some of them when nodes are drained',
  reads: ['workloads', 'budgets'],
  judge: ({ workloads, budgets }) =>
    workloads
      .filter(
        (workload) =>
          (workload.kind === 'Deployment' || workload.kind === 'StatefulSet') &&
          workload.replicas > 1 &&
          !workload.spread &&
          !budgets.some((budget) => selectsPodsOf(budget, workload)),
      )
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message: `Nothing spreads its ${workload.replicas} pods over nodes, and no disruption budget holds them back: one drain may take them all at once.`,
        remedy: {
          text: 'Give it a PodDisruptionBudget that lets one pod go at a time; fill in the label of its pods.',
          command: `kubectl -n ${workload.namespace} create poddisruptionbudget ${workload.name} --selector LABEL=VALUE --max-unavailable 1`,
          link: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
        },
        evidence: [`${workload.replicas} replicas, no budget, no spread constraint`],
      })),
});
