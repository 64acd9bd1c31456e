import { expect, test } from 'vitest';
import { collectPodSubnets } from '../../../functions/upgrade/collectors/kubernetes-pod-subnets.ts';
import { fakeAws } from '../../support/fake-aws.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';

const TASK = { cluster: 'gitlab', current: '1.35', target: '1.36', settings: { helmNamespaces: [] } };
const SERVED = {
  group: 'crd.k8s.amazonaws.com',
  version: 'v1alpha1',
  resource: 'eniconfigs',
  kind: 'ENIConfig',
  namespaced: false,
  listable: true,
};
const eniConfig = (name: string, subnet: string) => ({
  apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
  kind: 'ENIConfig',
  metadata: { name },
  spec: { subnet },
});

const read = async (holdings: FakeHoldings, isSignedIn = true) => {
  const sources = {
    kubernetes: fakeKubernetesReader({ served: [SERVED], ...holdings }),
    clock: createFixedClock('2026-11-21T12:00:00.000Z'),
    ...(isSignedIn && { account: fakeAws().account }),
  };
  const { facts } = await collectPodSubnets.collect(sources, TASK, undefined, new AbortController().signal);
  return facts.subnets;
};
const TWO = { 'eniconfigs.crd.k8s.amazonaws.com': [eniConfig('a', 'subnet-a'), eniConfig('b', 'subnet-b')] };

test('the subnets of ENIConfigs are those of pods', async () => {
  expect(await read({ objects: TWO })).toMatchObject({
    items: [
      { id: 'subnet-a', usedBy: ['pods'] },
      { id: 'subnet-b', usedBy: ['pods'] },
    ],
    unread: [],
  });
});

test.each([
  ['without any of them there is nothing to read', {}],
  ['nor where nobody knows the kind', { served: [] }],
])('%s', async (_, holdings) => {
  expect(await read(holdings, false)).toEqual({ items: [], unread: [] });
});

test('what may not be listed is said, with the right', async () => {
  const subnets = await read({ forbidden: ['eniconfigs.crd.k8s.amazonaws.com'] });
  expect(subnets?.unread).toMatchObject([{ permission: 'list eniconfigs.crd.k8s.amazonaws.com' }]);
});

test('where nobody is signed in to AWS, how full they are is not known', async () => {
  expect(await read({ objects: TWO }, false)).toMatchObject({
    items: [],
    unread: [{ what: 'subnets of pods' }],
  });
});

test('without a connection they are not known', async () => {
  const sources = { account: fakeAws().account, clock: createFixedClock('2026-11-21T12:00:00.000Z') };
  const { facts } = await collectPodSubnets.collect(sources, TASK, undefined, new AbortController().signal);
  expect(facts.subnets?.unread).toMatchObject([{ what: 'subnets of pods' }]);
});
