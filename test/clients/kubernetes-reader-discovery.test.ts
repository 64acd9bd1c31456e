import { afterEach, expect, test } from 'vitest';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer } from '../support/canned-server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Answers by path; what is not there is 404. */
const open = async (answers: Readonly<Record<string, CannedAnswer>>) => {
  const server = await startCannedApiServer(({ pathname }) => answers[pathname] ?? statusAnswer(404, 'no'));
  closers.push(() => server.stop());
  return openKubernetesReader(server.connection);
};

const aggregated = (items: readonly object[]): CannedAnswer => ({
  body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items },
});
const resource = (name: string, kind: string, verbs: readonly string[], scope = 'Namespaced') => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope,
  verbs,
});

test('the aggregated document tells every version, the preferred one first', async () => {
  const reader = await open({
    '/api': aggregated([
      {
        metadata: { creationTimestamp: null },
        versions: [{ version: 'v1', resources: [resource('pods', 'Pod', ['list'])] }],
      },
    ]),
    '/apis': aggregated([
      {
        metadata: { name: 'autoscaling' },
        versions: [
          { version: 'v2', resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler', [])] },
          { version: 'v1', freshness: 'Current' },
        ],
      },
    ]),
  });
  expect(await reader.discover()).toEqual({
    failed: [],
    resources: [
      { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true, listable: true },
      {
        group: 'autoscaling',
        version: 'v2',
        resource: 'horizontalpodautoscalers',
        kind: 'HorizontalPodAutoscaler',
        namespaced: true,
        listable: false,
      },
    ],
  });
});

test('a group whose own server is down is failed, whatever it said before', async () => {
  const stale = { version: 'v1beta1', freshness: 'Stale', resources: [resource('nodes', 'N', ['list'])] };
  const reader = await open({
    '/api': aggregated([]),
    '/apis': aggregated([{ metadata: { name: 'metrics.k8s.io' }, versions: [stale] }]),
  });
  expect(await reader.discover()).toEqual({ resources: [], failed: ['metrics.k8s.io/v1beta1'] });
});

const PLAIN = {
  '/api': { body: { kind: 'APIVersions', versions: ['v1'] } },
  '/api/v1': {
    body: {
      resources: [
        { name: 'nodes', kind: 'Node', namespaced: false, verbs: ['get', 'list'] },
        { name: 'nodes/status', kind: 'Node', namespaced: false, verbs: ['get'] },
      ],
    },
  },
  '/apis': {
    body: {
      kind: 'APIGroupList',
      groups: [
        { name: 'batch', versions: [{ version: 'v1' }, { version: 'v1beta1' }] },
        { name: 'broken.example.com', versions: [{ version: 'v1' }] },
      ],
    },
  },
  '/apis/batch/v1': {
    body: { resources: [{ name: 'jobs', kind: 'Job', namespaced: true, verbs: ['list'] }] },
  },
  '/apis/batch/v1beta1': { body: { resources: null } },
  '/apis/broken.example.com/v1': statusAnswer(404, 'no such group'),
};

test('a server without the aggregated document is asked version by version, without subresources', async () => {
  const { resources, failed } = await (await open(PLAIN)).discover();
  expect(
    resources.map(({ group, version, resource, listable }) => [group, version, resource, listable]),
  ).toEqual([
    ['', 'v1', 'nodes', true],
    ['batch', 'v1', 'jobs', true],
  ]);
  expect(failed).toEqual(['broken.example.com/v1']);
});

test('a server that tells nothing is no server that serves nothing', async () => {
  const reader = await open({ '/api': { body: {} }, '/apis': { body: {} } });
  await expect(reader.discover()).rejects.toMatchObject({ code: 'kubernetes.unavailable' });
});

test.each([['v1.36.3-eks-1a2b3c', { body: { gitVersion: 'v1.36.3-eks-1a2b3c' } }]])(
  'the version is %s',
  async (version, answer) => {
    expect(await (await open({ '/version': answer })).readVersion()).toBe(version);
  },
);

test('an answer without a version is none', async () => {
  const reader = await open({ '/version': { body: {} } });
  await expect(reader.readVersion()).rejects.toMatchObject({ code: 'kubernetes.unavailable' });
});
