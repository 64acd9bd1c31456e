import { compareMinors, type KubernetesMinor, minorNumber } from '../../records/kubernetes-version.ts';
import type { NodeFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { type Pool, poolNodes } from './rules/node-pools.ts';
import { moveNodes } from './rules/node-remedy.ts';
import { agree, count, listSome } from './rules/subject.ts';

/**
 * Kubelets against the control plane after the step: never newer, and at most three minors older, two below 1.28.
 * Source: Kubernetes version skew policy, kubelet. What is behind and still within bounds warns: EKS asks for nodes of
 * the same version before the next step.
 */
export const kubeletSkew = defineCheck({
  code: 'kubelet-skew',
  title: 'Every node keeps within the version skew that the new control plane supports',
  reads: ['nodes'],
  endsAtTarget: true,
  judge: ({ nodes }, step) => poolNodes(nodes).flatMap((pool) => judgePool(pool, step)),
});

/** How many minors a kubelet may be older than the control plane. */
const allowedSkew = (to: KubernetesMinor): number => (minorNumber(to) >= 28 ? 3 : 2);

const judgePool = (pool: Pool, step: StepContext): Verdict[] => {
  const unknown = pool.nodes.filter(({ kubelet }) => kubelet === undefined);
  const known = judgeKnown(pool, step);
  return [...(known ? [known] : []), ...(unknown.length > 0 ? [sayUnknown(pool, unknown)] : [])];
};

/** The worst that is true of a pool; the others follow from it or wait behind it. */
const judgeKnown = (pool: Pool, step: StepContext): Verdict | undefined => {
  const { current, from, to } = step;
  const where = (test: (kubelet: KubernetesMinor) => boolean): NodeFact[] =>
    pool.nodes.filter(({ kubelet }) => kubelet !== undefined && test(kubelet));
  const skew = allowedSkew(to);
  const rules = [
    {
      nodes: where((kubelet) => compareMinors(kubelet, to) > 0),
      result: 'block' as const,
      says: `of a version newer than ${to}: a kubelet must never be newer than the control plane.`,
    },
    {
      nodes: where((kubelet) => minorNumber(to) - minorNumber(kubelet) > skew),
      result: 'block' as const,
      says: `more than ${skew} minor versions older than ${to}: a kubelet that old no longer works with its control plane.`,
    },
    {
      nodes: where((kubelet) => compareMinors(kubelet, current) > 0),
      result: 'warn' as const,
      says: `newer than the control plane, which is at ${current}: that is not supported, and the step mends it.`,
    },
    {
      nodes: where((kubelet) => compareMinors(kubelet, current) < 0),
      result: 'warn' as const,
      says: `behind the control plane, which is at ${current}: EKS asks for the same version before the next step.`,
    },
  ];
  const bites = rules.find(({ nodes }) => nodes.length > 0);
  if (!bites) return undefined;
  return {
    result: bites.result,
    subject: pool.subject,
    message: `${bites.nodes.length} of ${count(pool.nodes.length, 'node')} ${agree(bites.nodes.length, 'is', 'are')} ${bites.says}`,
    remedy: moveNodes(pool, from, step),
    evidence: listSome(bites.nodes.map(({ name, kubelet }) => `${name}: kubelet ${kubelet}`)),
  };
};

const sayUnknown = ({ subject }: Pool, nodes: readonly NodeFact[]): Verdict => ({
  result: 'not-checked',
  subject,
  message: `${count(nodes.length, 'node')} did not say which version the kubelet has.`,
  remedy: { text: 'Look at the node itself.', command: 'kubectl get nodes -o wide' },
  evidence: listSome(nodes.map(({ name }) => name)),
});
