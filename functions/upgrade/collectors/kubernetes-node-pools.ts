import * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { NodePoolFact } from '../../records/upgrade/kubernetes-facts.ts';
import type { Collector } from '../reading/collection.ts';
import { unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { listOf, Metadata, part, text, texts } from './kubernetes-object.ts';
import { listAll } from './kubernetes-served-lists.ts';

/** https://karpenter.sh/docs/concepts/nodepools/; v1beta1 had `expireAfter` under `disruption`. */
const NodePool = z.object({
  metadata: Metadata,
  spec: part({
    template: part({ spec: part({ expireAfter: text, nodeClassRef: part({ name: text }) }) }),
    disruption: part({
      expireAfter: text,
      budgets: listOf(z.object({ nodes: text, schedule: z.string().nullish(), reasons: texts })),
    }),
  }),
});

/** https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms; Auto Mode's own class has none of these. */
const NodeClass = z.object({
  metadata: Metadata,
  spec: part({
    amiFamily: text,
    amiSelectorTerms: listOf(z.object({ alias: text, id: text, name: text, ssmParameter: text })),
  }),
});

/** What a node class pins: aliases, ids, names and parameters as they stand; without any of them its family. */
export const foldNodeClass = ({ spec }: z.output<typeof NodeClass>): string => {
  const terms = spec.amiSelectorTerms.map(
    ({ alias, id, name, ssmParameter }) => alias || id || name || ssmParameter,
  );
  return terms.filter((term) => term !== '').join(', ') || spec.amiFamily;
};

/** The fact of a node pool. `amis` are what the node classes pin, by their names. */
export const foldNodePool = (
  { metadata, spec }: z.output<typeof NodePool>,
  amis: ReadonlyMap<string, string>,
): NodePoolFact => {
  const nodeClass = spec.template.spec.nodeClassRef.name;
  return {
    name: metadata.name,
    nodeClass,
    ami: amis.get(nodeClass) ?? '',
    budgets: spec.disruption.budgets.map(({ nodes, schedule, reasons }) => ({
      nodes,
      reasons,
      ...(schedule ? { schedule } : {}),
    })),
    expireAfter: spec.template.spec.expireAfter || spec.disruption.expireAfter,
  };
};

/** Classes that a node pool may name: Karpenter's own, and that of Auto Mode, which pins nothing. */
const NODE_CLASSES = [
  ['karpenter.k8s.aws', 'ec2nodeclasses'],
  ['eks.amazonaws.com', 'nodeclasses'],
] as const;

/** Node pools of Karpenter and Auto Mode; a cluster that serves none has none. */
export const collectNodePools: Collector = {
  name: 'node pools',
  collect: async ({ kubernetes }, _task, _cursor, signal) => {
    if (!kubernetes) return { facts: { nodePools: unreadTopic('node pools', NO_CONNECTION) } };
    const pools: z.output<typeof NodePool>[] = [];
    const read = await listAll(kubernetes, 'karpenter.sh', 'nodepools', NodePool, signal, (pool) =>
      pools.push(pool),
    );
    if (pools.length === 0) return { facts: topicFacts('nodePools', [], read.unread) };
    const { amis, unread } = await readNodeClasses(kubernetes, signal);
    const facts = pools.map((pool) => foldNodePool(pool, amis));
    return { facts: topicFacts('nodePools', facts, [...read.unread, ...unread]) };
  },
};

const readNodeClasses = async (
  kubernetes: KubernetesReader,
  signal: AbortSignal,
): Promise<{ amis: ReadonlyMap<string, string>; unread: readonly Unread[] }> => {
  const amis = new Map<string, string>();
  const unread: Unread[] = [];
  for (const [group, resource] of NODE_CLASSES) {
    const read = await listAll(kubernetes, group, resource, NodeClass, signal, (nodeClass) =>
      amis.set(nodeClass.metadata.name, foldNodeClass(nodeClass)),
    );
    unread.push(...read.unread);
  }
  return { amis, unread };
};
