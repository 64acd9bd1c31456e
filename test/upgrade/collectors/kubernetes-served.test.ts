import { expect, test } from 'vitest';
import { collectRequestedApis } from '../../../functions/upgrade/collectors/kubernetes-requested-apis.ts';
import { collectServed } from '../../../functions/upgrade/collectors/kubernetes-served.ts';
import { collectAll } from '../../support/collect-all.ts';
import { fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const PODS = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true, listable: true };

test('what is served is told, and a metrics server that hangs hides nothing of it', async () => {
  const reader = fakeKubernetesReader({ served: [PODS], failed: ['metrics.k8s.io/v1beta1'] });
  const { facts } = await collectAll(collectServed, reader);
  expect(facts.served).toEqual({ items: [PODS], unread: [] });
});

test('a group of the table whose own server is down is unread', async () => {
  const reader = fakeKubernetesReader({ failed: ['policy/v1'] });
  const { facts } = await collectAll(collectServed, reader);
  expect(facts.served?.unread).toMatchObject([{ what: 'policy/v1' }]);
});

test('a discovery that is refused is said', async () => {
  const { facts } = await collectAll(collectServed, fakeKubernetesReader({ forbidden: ['/apis'] }));
  expect(facts.served).toMatchObject({ items: [], unread: [{ permission: 'get /apis' }] });
});

const REQUESTED = {
  group: 'policy',
  version: 'v1beta1',
  resource: 'poddisruptionbudgets',
  subresource: '',
  removedRelease: '1.25',
  requests: 3,
};

test('requests of deprecated APIs are told as the reader counts them', async () => {
  const { facts } = await collectAll(collectRequestedApis, fakeKubernetesReader({ requested: [REQUESTED] }));
  expect(facts.requestedApis).toEqual({ items: [REQUESTED], unread: [] });
});

test('without the right to the metrics they are unread, which is not the same as none', async () => {
  const { facts } = await collectAll(collectRequestedApis, fakeKubernetesReader({ forbidden: ['/metrics'] }));
  expect(facts.requestedApis).toMatchObject({ items: [], unread: [{ permission: 'get /metrics' }] });
});

test.each([collectServed, collectRequestedApis])(
  'without a connection $name are unread',
  async (collector) => {
    const { facts } = await collectAll(collector, undefined);
    expect(Object.values(facts).flatMap((topic) => topic?.unread ?? [])).toHaveLength(1);
  },
);
