import * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import { readMinor } from '../../records/kubernetes-version.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { NodeFact } from '../../records/upgrade/kubernetes-facts.ts';
import { collectListed } from './kubernetes-listed.ts';
import { Conditions, flag, holds, Metadata, part, text } from './kubernetes-object.ts';
import { listAll } from './kubernetes-served-lists.ts';
import { walkThrough } from './kubernetes-walk.ts';

const Node = z.object({
  metadata: Metadata,
  spec: part({ unschedulable: flag }),
  status: part({
    conditions: Conditions,
    nodeInfo: part({ kubeletVersion: text, osImage: text, containerRuntimeVersion: text }),
  }),
});

type Labels = Readonly<Record<string, string>>;
type Origin = Pick<NodeFact, 'origin' | 'group'>;

/**
 * Who made a node, by the labels that its maker gives it; the first that fits. Auto Mode before Karpenter, since its
 * nodes have the labels of both.
 */
const ORIGINS: readonly ((labels: Labels) => Origin | undefined)[] = [
  (labels) => byComputeType(labels, 'auto', 'karpenter.sh/nodepool'),
  (labels) => byComputeType(labels, 'fargate', 'eks.amazonaws.com/fargate-profile'),
  (labels) => byComputeType(labels, 'hybrid', 'eks.amazonaws.com/hybrid-node-group'),
  (labels) => byLabel(labels, 'managed', 'eks.amazonaws.com/nodegroup'),
  (labels) => byLabel(labels, 'karpenter', 'karpenter.sh/nodepool'),
  // Karpenter before v1beta1.
  (labels) => byLabel(labels, 'karpenter', 'karpenter.sh/provisioner-name'),
];

const byComputeType = (labels: Labels, origin: NodeFact['origin'], groupLabel: string): Origin | undefined =>
  labels['eks.amazonaws.com/compute-type'] === origin
    ? { origin, group: labels[groupLabel] ?? '' }
    : undefined;

const byLabel = (labels: Labels, origin: NodeFact['origin'], label: string): Origin | undefined => {
  const group = labels[label];
  return group === undefined ? undefined : { origin, group };
};

/** Who made this node, by its labels: https://docs.aws.amazon.com/eks/latest/userguide/eks-compute.html */
export const originOf = (labels: Labels): Origin => {
  for (const read of ORIGINS) {
    const origin = read(labels);
    if (origin) return origin;
  }
  return { origin: 'self-managed', group: labels['alpha.eksctl.io/nodegroup-name'] ?? '' };
};

/** The fact of a node; whether it has drifted is not in the node itself. */
export const foldNode = ({ metadata, spec, status }: z.output<typeof Node>): NodeFact => {
  const kubelet = readMinor(status.nodeInfo.kubeletVersion);
  const { labels, annotations } = metadata;
  return {
    name: metadata.name,
    ...(kubelet === undefined ? {} : { kubelet }),
    osImage: status.nodeInfo.osImage,
    runtime: status.nodeInfo.containerRuntimeVersion,
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    ...originOf(labels),
    ready: holds(status.conditions, 'Ready'),
    unschedulable: spec.unschedulable,
    doNotDisrupt: annotations['karpenter.sh/do-not-disrupt'] === 'true',
    drifted: false,
  };
};

const NodeClaim = z.object({ metadata: Metadata, status: part({ nodeName: text, conditions: Conditions }) });

/** Karpenter notes on its NodeClaim, not on the node, that an AMI or a pool has changed: condition `Drifted`. */
const readDrift = async (
  facts: NodeFact[],
  kubernetes: KubernetesReader,
  signal: AbortSignal,
): Promise<{ facts: NodeFact[]; unread: readonly Unread[] }> => {
  if (!facts.some(({ origin }) => origin === 'karpenter' || origin === 'auto')) return { facts, unread: [] };
  const drifted = new Set<string>();
  const read = await listAll(kubernetes, 'karpenter.sh', 'nodeclaims', NodeClaim, signal, ({ status }) => {
    if (holds(status.conditions, 'Drifted')) drifted.add(status.nodeName);
  });
  return {
    facts: facts.map((fact) => ({ ...fact, drifted: drifted.has(fact.name) })),
    unread: read.unread,
  };
};

/** Nodes: who made them, what runs on them, whether they are ready. */
export const collectNodes = collectListed({
  name: 'nodes',
  topic: 'nodes',
  walks: [walkThrough('v1', 'nodes', 'Node', { namespaced: false })],
  schema: Node,
  fold: foldNode,
  complete: readDrift,
});
