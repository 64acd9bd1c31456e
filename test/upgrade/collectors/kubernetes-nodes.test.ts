import { expect, test } from 'vitest';
import type { NodeFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { collectNodes, originOf } from '../../../functions/upgrade/collectors/kubernetes-nodes.ts';
import { collectAll } from '../../support/collect-all.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const read = async (holdings: FakeHoldings) => {
  const { facts } = await collectAll(collectNodes, fakeKubernetesReader(holdings));
  return facts.nodes ?? { items: [], unread: [] };
};

test.each<[string, Record<string, string>, NodeFact['origin'], string]>([
  ['a managed node group', { 'eks.amazonaws.com/nodegroup': 'blue' }, 'managed', 'blue'],
  ['Karpenter', { 'karpenter.sh/nodepool': 'general' }, 'karpenter', 'general'],
  ['Karpenter of before v1beta1', { 'karpenter.sh/provisioner-name': 'old' }, 'karpenter', 'old'],
  [
    'Auto Mode, which labels like Karpenter too',
    { 'eks.amazonaws.com/compute-type': 'auto', 'karpenter.sh/nodepool': 'system' },
    'auto',
    'system',
  ],
  ['Fargate', { 'eks.amazonaws.com/compute-type': 'fargate' }, 'fargate', ''],
  ['a hybrid node', { 'eks.amazonaws.com/compute-type': 'hybrid' }, 'hybrid', ''],
  ['eksctl', { 'alpha.eksctl.io/nodegroup-name': 'ng-1' }, 'self-managed', 'ng-1'],
  ['nobody that is known', { 'eks.amazonaws.com/compute-type': 'new' }, 'self-managed', ''],
])('a node of %s is %j: %s %s', (_, labels, origin, group) => {
  expect(originOf(labels)).toEqual({ origin, group });
});

const NODE = {
  metadata: {
    name: 'ip-10-0-1-10',
    labels: { 'eks.amazonaws.com/nodegroup': 'blue', 'topology.kubernetes.io/zone': 'eu-central-1a' },
    annotations: { 'karpenter.sh/do-not-disrupt': 'true' },
  },
  spec: { unschedulable: true },
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status: 'True' },
    ],
    nodeInfo: {
      kubeletVersion: 'v1.35.2-eks-1a2b3c',
      osImage: 'Amazon Linux 2023.9.20261101',
      containerRuntimeVersion: 'containerd://2.1.5',
    },
  },
};

test('a node is read', async () => {
  expect(await read({ objects: { nodes: [NODE] } })).toEqual({
    items: [
      {
        name: 'ip-10-0-1-10',
        kubelet: '1.35',
        osImage: 'Amazon Linux 2023.9.20261101',
        runtime: 'containerd://2.1.5',
        zone: 'eu-central-1a',
        origin: 'managed',
        group: 'blue',
        ready: true,
        unschedulable: true,
        doNotDisrupt: true,
        drifted: false,
      },
    ],
    unread: [],
  });
});

test.each([
  ['that never reported', { metadata: { name: 'new' } }],
  ['with nothing but nulls', { metadata: { name: 'new', labels: null }, spec: null, status: null }],
  [
    'whose condition is unknown',
    { metadata: { name: 'new' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
  ],
])('a node %s is not ready and has no version', async (_, node) => {
  const { items, unread } = await read({ objects: { nodes: [node] } });
  expect(unread).toEqual([]);
  expect(items).toMatchObject([{ name: 'new', ready: false, osImage: '' }]);
  expect(items[0]).not.toHaveProperty('kubelet');
});

test('an object that is no node is named, and the others of its page are read', async () => {
  const odd = { metadata: { name: 'odd' }, status: { conditions: 'none' } };
  const { items, unread } = await read({ objects: { nodes: [odd, NODE, 'text'] } });
  expect(items.map(({ name }) => name)).toEqual(['ip-10-0-1-10']);
  expect(unread).toEqual([
    { what: 'nodes odd', reason: expect.stringContaining('status.conditions') },
    { what: 'nodes without a name', reason: expect.stringContaining('Kubernetes API') },
  ]);
});

const CLAIMS = {
  group: 'karpenter.sh',
  version: 'v1',
  resource: 'nodeclaims',
  kind: 'NodeClaim',
  namespaced: false,
  listable: true,
};
const byKarpenter = (name: string) => ({
  metadata: { name, labels: { 'karpenter.sh/nodepool': 'general' } },
});
const claim = (nodeName: string, status: string) => ({
  metadata: { name: `claim-of-${nodeName}` },
  status: { nodeName, conditions: [{ type: 'Drifted', status }] },
});

test('drift is read of the claim, since the node itself does not tell', async () => {
  const { items } = await read({
    served: [CLAIMS],
    objects: {
      nodes: [byKarpenter('a'), byKarpenter('b'), byKarpenter('c')],
      'nodeclaims.karpenter.sh': [claim('a', 'True'), claim('b', 'False')],
    },
  });
  expect(items.map(({ drifted }) => drifted)).toEqual([true, false, false]);
});

test('claims that may not be read are said, and the nodes are there', async () => {
  const { items, unread } = await read({
    served: [CLAIMS],
    forbidden: ['nodeclaims.karpenter.sh'],
    objects: { nodes: [byKarpenter('a')] },
  });
  expect(items).toHaveLength(1);
  expect(unread).toMatchObject([{ permission: 'list nodeclaims.karpenter.sh' }]);
});

test('a cluster without Karpenter is not asked about claims', async () => {
  const reader = fakeKubernetesReader({ served: [CLAIMS], objects: { nodes: [NODE] } });
  await collectAll(collectNodes, reader);
  expect(reader.questions.map(({ resource }) => resource.resource)).toEqual(['nodes']);
});

test('without a connection nodes are unread', async () => {
  const { facts } = await collectAll(collectNodes, undefined);
  expect(facts.nodes).toMatchObject({ items: [], unread: [{ what: 'nodes' }] });
});
