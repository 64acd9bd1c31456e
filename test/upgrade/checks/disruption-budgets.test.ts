import type { BudgetFact, WorkloadFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { disruptionBudgets } from '../../../functions/upgrade/checks/disruption-budgets.ts';
import { type CheckCase, describeCheck } from '../../support/describe-check.ts';
import {
  buildBudget,
  buildNode,
  buildWorkloadFact,
  topicOf,
  unreadTopic,
} from '../../support/upgrade-facts.ts';

const STUCK = ['block PodDisruptionBudget shop/web'];
const WAITS = ['warn PodDisruptionBudget shop/web'];

/** A budget over three well pods that allows nothing, of the bounds and with the differences given. */
const over = (budget: Partial<BudgetFact>, workload: Partial<WorkloadFact> = {}) => ({
  budgets: topicOf(buildBudget({ maxUnavailable: undefined, disruptionsAllowed: 0, ...budget })),
  workloads: topicOf(buildWorkloadFact(workload)),
});

const never: readonly (readonly [title: string, budget: Partial<BudgetFact>])[] = [
  ['maxUnavailable 0', { maxUnavailable: '0' }],
  ['maxUnavailable 0%', { maxUnavailable: '0%' }],
  ['minAvailable 100%', { minAvailable: '100%' }],
  ['minAvailable 3 of 3 pods', { minAvailable: '3' }],
  ['minAvailable 5 of 3 pods', { minAvailable: '5' }],
  ['minAvailable 67% of 3 pods, which is all of them rounded up', { minAvailable: '67%' }],
  ['minAvailable 50% of 1 pod, which is that one', { minAvailable: '50%', pods: 1, healthy: 1 }],
  ['neither of the two bounds, which counts as all', {}],
];

describeCheck(disruptionBudgets, [
  { it: 'passes a budget that allows one now', given: {}, finds: [] },
  ...never.map(
    ([title, budget]): CheckCase => ({
      it: `blocks ${title}`,
      given: over(budget),
      finds: STUCK,
      says: [
        'PodEvictionFailure',
        'selects Deployment shop/web',
        'kubectl -n shop patch poddisruptionbudget web --type merge',
      ],
    }),
  ),
  {
    it: 'blocks what can never allow, also when a pod is not ready',
    given: over({ maxUnavailable: '0', healthy: 2 }),
    finds: STUCK,
  },
  {
    it: 'warns of minAvailable 50% of 3 pods when one is not ready',
    given: over({ minAvailable: '50%', healthy: 2 }),
    finds: WAITS,
    says: ['only 2 of its 3 pods are ready'],
  },
  {
    it: 'warns of maxUnavailable 1 when that one is gone already',
    given: over({ maxUnavailable: '1', healthy: 2 }),
    finds: WAITS,
  },
  {
    it: 'warns when all are ready and it allows none all the same',
    given: over({ maxUnavailable: '1', healthy: 3 }),
    finds: WAITS,
    says: ['its status may be behind'],
  },
  {
    it: 'speaks of one pod as of one',
    given: over({ minAvailable: '1', pods: 1, healthy: 1 }, { replicas: 1, ready: 1 }),
    finds: ['block PodDisruptionBudget shop/web'],
    says: [
      'It wants its only pod to stay (minAvailable 1), so the node with it cannot be drained',
      'Let its one pod go',
    ],
  },
  {
    it: 'passes maxUnavailable 30% of 1 pod, which rounded up is that one',
    given: over({ maxUnavailable: '30%', pods: 1, healthy: 1, disruptionsAllowed: 1 }),
    finds: [],
  },
  {
    it: 'passes a budget without any pods',
    given: over({ maxUnavailable: '0', pods: 0, healthy: 0 }, { replicas: 0, ready: 0 }),
    finds: [],
  },
  {
    it: 'passes a budget that selects nothing that is there',
    given: over({ maxUnavailable: '0', pods: 0, healthy: 0, matchLabels: { app: 'other' } }),
    finds: [],
  },
  {
    it: 'counts the pods of workloads when the controller could not',
    given: over({ pods: 0, healthy: 0 }),
    finds: STUCK,
    says: ['3 pods'],
  },
  {
    it: 'warns when the controller could not count the pods of a budget that would let one go',
    given: over({ maxUnavailable: '1', pods: 0, healthy: 0 }),
    finds: WAITS,
    says: ['could not count its pods'],
  },
  {
    it: 'passes a budget over a DaemonSet, which no drain evicts',
    given: over({ maxUnavailable: '0' }, { kind: 'DaemonSet' }),
    finds: [],
  },
  {
    it: 'blocks a budget over a DaemonSet and a Deployment',
    given: {
      ...over({ maxUnavailable: '0' }),
      workloads: topicOf(buildWorkloadFact({ kind: 'DaemonSet', name: 'agent' }), buildWorkloadFact()),
    },
    finds: STUCK,
  },
  {
    it: 'warns of a budget over a Job, which ends',
    given: over({ maxUnavailable: '0' }, { kind: 'Job' }),
    finds: WAITS,
    says: ['belong to jobs'],
  },
  {
    it: 'warns of a budget over pods of an operator, which may move them itself (the primary of CloudNativePG)',
    given: over({ minAvailable: '1', pods: 1, healthy: 1 }, { podLabels: { app: 'other' } }),
    finds: WAITS,
    says: ['operators of databases', 'kubectl -n shop get poddisruptionbudget web -o yaml'],
  },
  ...(['karpenter', 'auto', 'self-managed'] as const).map(
    (origin): CheckCase => ({
      it: `warns where all nodes are ${origin}: no update of a node group fails there`,
      given: { ...over({ maxUnavailable: '0' }), nodes: topicOf(buildNode({ origin, group: 'general' })) },
      finds: WAITS,
      says: ['stays behind 1.36'],
      silentOn: ['PodEvictionFailure'],
    }),
  ),
  {
    it: 'blocks where one node of several is of a managed group',
    given: {
      ...over({ maxUnavailable: '0' }),
      nodes: topicOf(buildNode({ origin: 'karpenter', group: 'general' }), buildNode({ name: 'other' })),
    },
    finds: STUCK,
  },
  {
    it: 'blocks where nobody knows the nodes',
    given: { ...over({ maxUnavailable: '0' }), nodes: unreadTopic('nodes') },
    finds: [...STUCK, 'not-checked nodes'],
  },
  {
    it: 'does not take pods of another namespace for its own',
    given: over({ maxUnavailable: '0', pods: 0, healthy: 0 }, { namespace: 'other' }),
    finds: [],
  },
  {
    it: 'goes on with what the budgets say when workloads could not be read',
    given: {
      budgets: topicOf(buildBudget({ maxUnavailable: '0', disruptionsAllowed: 0 })),
      workloads: unreadTopic('workloads'),
    },
    finds: ['block PodDisruptionBudget shop/web', 'not-checked workloads'],
  },
]);
