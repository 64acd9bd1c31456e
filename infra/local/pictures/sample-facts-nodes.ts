import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import type { NodeFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { read, zoneOf } from './sample-names.ts';

/** The nodes of the pictures: a general group, one for Gitaly that was left behind, and runners of Karpenter. */

const node = (address: string, own: Partial<NodeFact>): NodeFact => ({
  name: `ip-${address}.eu-central-1.compute.internal`,
  kubelet: '1.34',
  osImage: 'Amazon Linux 2023.9.20261027',
  runtime: 'containerd://2.1.5',
  zone: 'eu-central-1a',
  origin: 'managed',
  group: 'general',
  ready: true,
  unschedulable: false,
  doNotDisrupt: false,
  drifted: false,
  ...own,
});

const LEFT_BEHIND: Partial<NodeFact> = {
  group: 'gitaly',
  kubelet: '1.32',
  osImage: 'Amazon Linux 2',
  runtime: 'containerd://1.7.27',
};

/** The topics of nodes and what makes them. */
export const NODE_FACTS = {
  nodes: read(
    ...['10-40-1-18', '10-40-2-73', '10-40-3-41', '10-40-1-112', '10-40-2-9', '10-40-3-200'].map(
      (address, index) => node(address, { zone: zoneOf(index) }),
    ),
    node('10-40-1-57', LEFT_BEHIND),
    node('10-40-1-203', LEFT_BEHIND),
    node('10-40-2-144', { origin: 'karpenter', group: 'runners', zone: 'eu-central-1b' }),
    node('10-40-3-88', { origin: 'karpenter', group: 'runners', zone: 'eu-central-1c' }),
  ),
  kubeProxy: read({
    image: '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks/kube-proxy:v1.34.1-minimal-eksbuild.2',
    version: '1.34',
    mode: 'iptables',
  }),
  nodePools: read({
    name: 'runners',
    nodeClass: 'runners',
    ami: 'al2023@latest',
    budgets: [{ nodes: '20%', reasons: [] }],
    expireAfter: '168h',
  }),
} satisfies ClusterFacts;
