import { expect, test } from 'vitest';
import type { WorkloadFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { collectWorkloads } from '../../../functions/upgrade/collectors/kubernetes-workloads.ts';
import { collectAll } from '../../support/collect-all.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const read = async (objects: NonNullable<FakeHoldings['objects']>, more: FakeHoldings = {}) => {
  const { facts } = await collectAll(collectWorkloads, fakeKubernetesReader({ objects, ...more }));
  return facts.workloads ?? { items: [], unread: [] };
};
const metadata = { namespace: 'shop', name: 'web' };
const CONTAINER = { name: 'web', image: 'web:1', readinessProbe: { httpGet: { port: 80 } } };

/** The traits of a Deployment whose pod template is this. */
const traits = async (template: object): Promise<Partial<WorkloadFact> | undefined> =>
  (await read({ 'deployments.apps': [{ metadata, spec: { template } }] })).items[0];

const podSpec = (spec: object) => ({ spec: { containers: [CONTAINER], ...spec } });

test('a Deployment is read', async () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    ...podSpec({ terminationGracePeriodSeconds: 60 }),
  };
  const spec = { replicas: 3, minReadySeconds: 5, template };
  const { items, unread } = await read({
    'deployments.apps': [{ metadata, spec, status: { readyReplicas: 2 } }],
  });
  expect(unread).toEqual([]);
  expect(items).toEqual([
    {
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      replicas: 3,
      ready: 2,
      podLabels: { app: 'web' },
      images: ['web:1'],
      gitRepoVolumes: [],
      appArmorAnnotation: false,
      dockerSocket: false,
      doNotDisrupt: false,
      readinessProbes: true,
      minReadySeconds: 5,
      graceSeconds: 60,
      spread: false,
    },
  ]);
});

const AFFINITY = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } };
test.each<[string, object, Partial<WorkloadFact>]>([
  [
    'a gitRepo volume',
    podSpec({ volumes: [{ name: 'src', gitRepo: {} }, { name: 'tmp' }] }),
    { gitRepoVolumes: ['src'] },
  ],
  [
    'the AppArmor annotation',
    { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } } },
    { appArmorAnnotation: true },
  ],
  [
    'the socket of Docker',
    podSpec({ volumes: [{ name: 's', hostPath: { path: '/var/run/docker.sock' } }] }),
    { dockerSocket: true },
  ],
  [
    'another path of the node',
    podSpec({ volumes: [{ name: 's', hostPath: { path: '/var/run' } }] }),
    { dockerSocket: false },
  ],
  [
    'do-not-disrupt',
    { metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } },
    { doNotDisrupt: true },
  ],
  [
    'do-not-disrupt taken back',
    { metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'false' } } },
    { doNotDisrupt: false },
  ],
  ['a spread over zones', podSpec({ topologySpreadConstraints: [{ maxSkew: 1 }] }), { spread: true }],
  ['an anti-affinity', podSpec({ affinity: AFFINITY }), { spread: true }],
  ['an empty anti-affinity', podSpec({ affinity: { podAntiAffinity: {} } }), { spread: false }],
  [
    'one container of two without a probe',
    podSpec({ containers: [CONTAINER, { name: 'side', image: 'side:1', readinessProbe: null }] }),
    { readinessProbes: false, images: ['web:1', 'side:1'] },
  ],
  ['no container at all', {}, { readinessProbes: false, images: [] }],
  [
    'an init container',
    podSpec({ initContainers: [{ name: 'i', image: 'init:1' }] }),
    { images: ['init:1', 'web:1'], readinessProbes: true },
  ],
])('a pod template with %s (%#)', async (_, template, expected) => {
  expect(await traits(template)).toMatchObject(expected);
});

test('a DaemonSet counts its nodes', async () => {
  const status = { desiredNumberScheduled: 5, numberReady: 4, readyReplicas: 9 };
  const { items } = await read({ 'daemonsets.apps': [{ metadata, status }] });
  expect(items).toMatchObject([{ kind: 'DaemonSet', replicas: 5, ready: 4 }]);
});

test('a StatefulSet without a number has one replica, and none is ready yet', async () => {
  expect((await read({ 'statefulsets.apps': [{ metadata, spec: {} }] })).items).toMatchObject([
    { kind: 'StatefulSet', replicas: 1, ready: 0 },
  ]);
});

test('a CronJob has its template one level deeper', async () => {
  const jobTemplate = { spec: { template: podSpec({ volumes: [{ name: 'src', gitRepo: {} }] }) } };
  const { items } = await read({ 'cronjobs.batch': [{ metadata, spec: { jobTemplate } }] });
  expect(items).toMatchObject([{ kind: 'CronJob', gitRepoVolumes: ['src'], replicas: 1, ready: 1 }]);
});

const owned = { ...metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }] };
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
test.each<[string, string, object, number]>([
  ['a Job of nobody', 'jobs.batch', { metadata }, 1],
  ['a Job of a CronJob', 'jobs.batch', { metadata: owned }, 0],
  [
    'a Job that is done',
    'jobs.batch',
    { metadata, status: { conditions: [{ type: 'Complete', status: 'True' }] } },
    0,
  ],
  [
    'a Job that failed',
    'jobs.batch',
    { metadata, status: { conditions: [{ type: 'Failed', status: 'True' }] } },
    0,
  ],
  ['a pod of nobody', 'pods', { metadata, ...podSpec({}), status: ready }, 1],
  ['a pod of a ReplicaSet', 'pods', { metadata: owned, ...podSpec({}) }, 0],
])('%s in %s is counted as it should (%#)', async (_, resource, object, count) => {
  expect((await read({ [resource]: [object] })).items).toHaveLength(count);
});

test('a bare pod is its own template', async () => {
  const pod = { metadata: { ...metadata, labels: { app: 'web' } }, ...podSpec({}), status: ready };
  expect((await read({ pods: [pod] })).items).toMatchObject([
    { kind: 'Pod', podLabels: { app: 'web' }, images: ['web:1'], replicas: 1, ready: 1 },
  ]);
});

test('pods that have ended are not even asked for', async () => {
  const reader = fakeKubernetesReader({});
  await collectAll(collectWorkloads, reader);
  expect(reader.questions.find(({ resource }) => resource.resource === 'pods')?.fieldSelector).toBe(
    'status.phase!=Succeeded,status.phase!=Failed',
  );
});

test('a list that is forbidden is said, and the other kinds are read', async () => {
  const { items, unread } = await read(
    { 'statefulsets.apps': [{ metadata }], pods: [{ metadata, ...podSpec({}) }] },
    { forbidden: ['deployments.apps', 'pods'] },
  );
  expect(items).toMatchObject([{ kind: 'StatefulSet' }]);
  expect(unread.map(({ permission = '' }) => permission).toSorted()).toEqual([
    'list deployments.apps',
    'list pods',
  ]);
});

test('a workload that is not as the API says is named', async () => {
  const odd = { metadata: { namespace: 'shop', name: 'odd' }, spec: { replicas: 'three' } };
  const { items, unread } = await read({ 'deployments.apps': [odd, { metadata }] });
  expect(items).toHaveLength(1);
  expect(unread).toMatchObject([
    { what: 'deployments.apps shop/odd', reason: expect.stringContaining('spec.replicas') },
  ]);
});

test('thousands are read slice by slice, each once', async () => {
  const pods = Array.from({ length: 95 }, (_, index) => ({
    metadata: { namespace: 'a', name: `p${index}` },
  }));
  const reader = fakeKubernetesReader({ objects: { pods }, pageSize: 5 });
  const { facts, cursors } = await collectAll(collectWorkloads, reader);
  expect(cursors.length).toBeGreaterThan(1);
  expect(new Set(facts.workloads?.items.map(({ name }) => name)).size).toBe(95);
});
