import type { FactItems } from '../../records/upgrade/facts.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import type { BudgetFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { evictedBy, selectsPodsOf } from './rules/budget-selection.ts';
import { drainsManagedNodes } from './rules/node-pools.ts';
import { requiredPods } from './rules/required-pods.ts';
import { agree, count, listSome, nameWorkload } from './rules/subject.ts';

/**
 * PodDisruptionBudgets that let no pod go. A drain waits for them: a managed node group gives up after 15 minutes with
 * PodEvictionFailure, Karpenter waits for ever. What can never allow an eviction blocks where a managed group has
 * nodes; what does not allow one now, because a pod is not ready, warns, and so does one over jobs, whose pods end, and
 * one over pods of an operator, which may move them itself as soon as their node is cordoned: CloudNativePG keeps such a
 * budget over the primary of every cluster. A budget without pods, or over a DaemonSet, which no drain evicts, is fine.
 */
export const disruptionBudgets = defineCheck({
  code: 'disruption-budgets',
  title: 'Every disruption budget lets a pod go when all of them are well',
  reads: ['budgets', 'workloads', 'nodes'],
  judgesPartly: true,
  judge: (facts, step) =>
    facts.budgets.flatMap((budget) => {
      const verdict = judgeBudget(budget, facts, step);
      return verdict ? [verdict] : [];
    }),
});

const judgeBudget = (
  budget: BudgetFact,
  { workloads, nodes }: Pick<FactItems, 'workloads' | 'nodes'>,
  step: StepContext,
): Verdict | undefined => {
  const selected = workloads.filter((workload) => selectsPodsOf(budget, workload));
  const evicted = evictedBy(selected);
  // The controller counts the pods itself; what it has not counted (yet), the workloads tell.
  const pods = budget.pods > 0 ? budget.pods : evicted.reduce((sum, { replicas }) => sum + replicas, 0);
  const isSpared = selected.length > 0 && selected.every(({ kind }) => kind === 'DaemonSet');
  if (budget.disruptionsAllowed > 0 || pods === 0 || isSpared) return undefined;
  const tell = (result: 'block' | 'warn', message: string, remedy: Remedy): Verdict => ({
    result,
    subject: `PodDisruptionBudget ${budget.namespace}/${budget.name}`,
    message,
    remedy,
    evidence: [
      `${describeBound(budget)}, ${count(pods, 'pod')}, ${budget.healthy} healthy, 0 disruptions allowed`,
      ...listSome(evicted.map((workload) => `selects ${nameWorkload(workload)}`)),
    ],
  });
  if (selected.length > 0 && evicted.length === 0) {
    return tell(
      'warn',
      `It lets none of its ${count(pods, 'pod')} go, which belong to jobs: a drain waits until they end, 15 minutes at most.`,
      loosen(budget, pods),
    );
  }
  if (requiredPods(budget, pods) >= pods) {
    const wants = `It wants ${agree(pods, 'its only pod', `all of its ${pods} pods`)} to stay (${describeBound(budget)})`;
    const where = agree(
      pods,
      'the node with it cannot be drained',
      'no node with one of them can be drained',
    );
    const fails = `the update of its node group to ${step.to} ends with PodEvictionFailure.`;
    if (workloads.length > 0 && selected.length === 0) {
      return tell(
        'warn',
        `${wants}, which ${agree(pods, 'belongs', 'belong')} to a controller that this check does not know: unless it moves ${agree(pods, 'it', 'them')} itself when ${agree(pods, 'its', 'their')} node is cordoned, as some operators of databases do, ${fails}`,
        askOperator(budget),
      );
    }
    return drainsManagedNodes(nodes)
      ? tell('block', `${wants}, so ${where}: ${fails}`, loosen(budget, pods))
      : tell(
          'warn',
          `${wants}, so ${where}: it stays behind ${step.to} until ${agree(pods, 'it goes', 'they go')}.`,
          loosen(budget, pods),
        );
  }
  return tell('warn', explainNow(budget, pods), {
    text: 'Bring its pods back, and look again: the budget itself would let one go.',
    command: `kubectl -n ${budget.namespace} describe poddisruptionbudget ${budget.name} && kubectl -n ${budget.namespace} get pods`,
  });
};

const describeBound = ({ minAvailable, maxUnavailable }: BudgetFact): string => {
  if (maxUnavailable !== undefined) return `maxUnavailable ${maxUnavailable}`;
  return minAvailable === undefined ? 'no bound at all' : `minAvailable ${minAvailable}`;
};

const explainNow = ({ healthy, pods: counted }: BudgetFact, pods: number): string => {
  if (counted === 0) {
    return 'It allows no disruption, for its controller could not count its pods: evictions are refused until it can.';
  }
  return healthy < pods
    ? `It allows no disruption right now, because only ${healthy} of its ${count(pods, 'pod')} ${agree(healthy, 'is', 'are')} ready: a drain waits until the others are.`
    : 'It allows no disruption right now, although all of its pods are ready: its status may be behind, or a rollout is under way.';
};

const loosen = ({ namespace, name }: BudgetFact, pods: number): Remedy => ({
  text:
    pods === 1
      ? 'Let its one pod go for the moment in which its node is drained, or add a second one first. To choose that moment, move the pod by hand before the node group is updated.'
      : 'Let one pod go at a time.',
  command: `kubectl -n ${namespace} patch poddisruptionbudget ${name} --type merge -p '{"spec":{"minAvailable":null,"maxUnavailable":1}}'`,
  link: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
});

const askOperator = ({ namespace, name }: BudgetFact): Remedy => ({
  text: 'Look who makes these pods, and what it does when a node is drained; the command shows the budget with its owner.',
  command: `kubectl -n ${namespace} get poddisruptionbudget ${name} -o yaml`,
  link: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
});
