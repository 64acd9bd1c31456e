import { expect, test } from 'vitest';
import type { ServedResourceFact } from '../../../functions/records/upgrade/api-facts.ts';
import { collectNodePools } from '../../../functions/upgrade/collectors/kubernetes-node-pools.ts';
import { collectAll } from '../../support/collect-all.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const serve = (group: string, resource: string, version = 'v1'): ServedResourceFact => ({
  group,
  version,
  resource,
  kind: resource,
  namespaced: false,
  listable: true,
});
const POOLS = serve('karpenter.sh', 'nodepools');
const CLASSES = serve('karpenter.k8s.aws', 'ec2nodeclasses');
const AUTO_CLASSES = serve('eks.amazonaws.com', 'nodeclasses');

const read = async (holdings: FakeHoldings) => {
  const { facts } = await collectAll(collectNodePools, fakeKubernetesReader(holdings));
  return facts.nodePools ?? { items: [], unread: [] };
};
const pool = (spec: object) => ({ metadata: { name: 'general' }, spec });
const nodeClass = (spec: object) => ({ metadata: { name: 'default' }, spec });
const refersTo = (name: string, more: object = {}) => ({
  template: { spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name }, ...more } },
});

test('a pool and the class it names become one fact', async () => {
  const budgets = [
    { nodes: '10%' },
    { nodes: '0', schedule: '0 9 * * *', duration: '8h', reasons: ['Drifted'] },
  ];
  const found = await read({
    served: [POOLS, CLASSES],
    objects: {
      'nodepools.karpenter.sh': [
        pool({ ...refersTo('default', { expireAfter: '720h' }), disruption: { budgets } }),
      ],
      'ec2nodeclasses.karpenter.k8s.aws': [nodeClass({ amiSelectorTerms: [{ alias: 'al2023@latest' }] })],
    },
  });
  expect(found).toEqual({
    unread: [],
    items: [
      {
        name: 'general',
        nodeClass: 'default',
        ami: 'al2023@latest',
        expireAfter: '720h',
        budgets: [
          { nodes: '10%', reasons: [] },
          { nodes: '0', schedule: '0 9 * * *', reasons: ['Drifted'] },
        ],
      },
    ],
  });
});

test.each<[object, string]>([
  [{ amiSelectorTerms: [{ alias: 'al2@v20240807' }] }, 'al2@v20240807'],
  [{ amiSelectorTerms: [{ id: 'ami-1' }, { name: 'mine-*' }] }, 'ami-1, mine-*'],
  [{ amiSelectorTerms: [{ tags: { a: 'b' } }], amiFamily: 'AL2' }, 'AL2'],
  [{ amiFamily: 'Bottlerocket' }, 'Bottlerocket'],
  [{}, ''],
])('a class of %j pins %j', async (spec, ami) => {
  const { items } = await read({
    served: [POOLS, CLASSES],
    objects: {
      'nodepools.karpenter.sh': [pool(refersTo('default'))],
      'ec2nodeclasses.karpenter.k8s.aws': [nodeClass(spec)],
    },
  });
  expect(items).toMatchObject([{ ami }]);
});

test('Auto Mode pins nothing', async () => {
  const { items, unread } = await read({
    served: [POOLS, AUTO_CLASSES],
    objects: {
      'nodepools.karpenter.sh': [pool(refersTo('default'))],
      'nodeclasses.eks.amazonaws.com': [nodeClass({ role: 'nodes' })],
    },
  });
  expect({ items, unread }).toMatchObject({ items: [{ nodeClass: 'default', ami: '' }], unread: [] });
});

test('v1beta1 had the expiry elsewhere, and is asked for by the version that is served', async () => {
  const reader = fakeKubernetesReader({
    served: [serve('karpenter.sh', 'nodepools', 'v1beta1')],
    objects: { 'nodepools.karpenter.sh': [pool({ disruption: { expireAfter: '24h' } })] },
  });
  const { facts } = await collectAll(collectNodePools, reader);
  expect(facts.nodePools?.items).toMatchObject([{ expireAfter: '24h', nodeClass: '', budgets: [] }]);
  expect(reader.questions).toMatchObject([{ resource: { version: 'v1beta1' } }]);
});

test('a cluster that serves no node pools has none, and is not asked', async () => {
  const reader = fakeKubernetesReader({ forbidden: ['nodepools.karpenter.sh'] });
  const { facts } = await collectAll(collectNodePools, reader);
  expect(facts.nodePools).toEqual({ items: [], unread: [] });
  expect(reader.questions).toEqual([]);
});

test.each([['nodepools.karpenter.sh'], ['ec2nodeclasses.karpenter.k8s.aws']])(
  'that %s may not be listed is said',
  async (forbidden) => {
    const { unread } = await read({
      served: [POOLS, CLASSES],
      forbidden: [forbidden],
      objects: { 'nodepools.karpenter.sh': [pool(refersTo('default'))] },
    });
    expect(unread).toMatchObject([{ what: forbidden, permission: `list ${forbidden}` }]);
  },
);
