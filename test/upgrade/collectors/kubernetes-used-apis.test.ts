import { expect, test } from 'vitest';
import type { ServedResourceFact } from '../../../functions/records/upgrade/api-facts.ts';
import {
  chooseScanLists,
  isDeprecatedAt,
} from '../../../functions/upgrade/collectors/kubernetes-scan-lists.ts';
import { collectUsedApis } from '../../../functions/upgrade/collectors/kubernetes-used-apis.ts';
import { collectAll } from '../../support/collect-all.ts';
import { fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const serve = (
  apiVersion: string,
  resource: string,
  kind: string,
  more: Partial<ServedResourceFact> = {},
): ServedResourceFact => {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return { group, version, resource, kind, namespaced: true, listable: true, ...more };
};
const VAC = 'volumeattributesclasses';
const vac = (version: string) =>
  serve(`storage.k8s.io/${version}`, VAC, 'VolumeAttributesClass', { namespaced: false });
const CRONJOBS = serve('batch/v1', 'cronjobs', 'CronJob');

test.each<[string, ServedResourceFact[], string[]]>([
  ['kinds of the table only', [CRONJOBS, serve('v1', 'pods', 'Pod')], ['batch/v1']],
  ['the version that stays, whatever is preferred', [vac('v1beta1'), vac('v1')], ['storage.k8s.io/v1']],
  [
    'the preferred of those that stay',
    [
      serve('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
      serve('autoscaling/v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
    ],
    ['autoscaling/v2'],
  ],
  ['a deprecated one when there is no other', [vac('v1beta1')], ['storage.k8s.io/v1beta1']],
  ['nothing that cannot be listed', [{ ...CRONJOBS, listable: false }], []],
  ['nothing of a stranger with the same name', [serve('batch.example.com/v1', 'cronjobs', 'CronJob')], []],
  ['nothing of a stranger under a known address', [serve('batch/v1', 'cronjobs', 'Other')], []],
])('the scan lists %s', (_, served, versions) => {
  expect(
    chooseScanLists(served, '1.36').map(({ resource: { group, version } }) => `${group}/${version}`),
  ).toEqual(versions);
});

test.each([
  ['1.35', ['v1beta1', 'v1beta2'], 'v1beta2'],
  ['1.36', ['v1beta1', 'v1beta2'], 'v1beta1'],
  ['1.34', ['v1beta1', 'v1beta2', 'v1'], 'v1'],
] as const)('at %s of ResourceClaims in %j the scan lists %s', (current, versions, chosen) => {
  const served = versions.map((version) =>
    serve(`resource.k8s.io/${version}`, 'resourceclaims', 'ResourceClaim'),
  );
  expect(chooseScanLists(served, current)).toMatchObject([{ resource: { version: chosen } }]);
});

test.each([
  ['storage.k8s.io/v1beta1', VAC, 'VolumeAttributesClass', '1.36', true],
  ['storage.k8s.io/v1beta1', VAC, 'VolumeAttributesClass', '1.31', false],
  ['storage.k8s.io/v1', VAC, 'VolumeAttributesClass', '1.36', false],
  ['cert-manager.io/v1alpha2', 'certificates', 'Certificate', '1.36', true],
  ['example.com/v1beta1', 'things', 'Thing', '1.36', false],
] as const)(
  'to ask for %s %s (%s) at %s is a deprecated request: %s',
  (apiVersion, resource, kind, at, is) => {
    expect(isDeprecatedAt(at, serve(apiVersion, resource, kind))).toBe(is);
  },
);

test('kinds whose annotations are huge come few a page', () => {
  const crds = serve('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition');
  const limits = chooseScanLists([crds, CRONJOBS], '1.36').map(({ limit }) => limit);
  expect(new Set(limits)).toEqual(new Set([undefined, 50]));
});

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const applied = (apiVersion: string, kind: string) => ({
  [APPLIED]: JSON.stringify({ apiVersion, kind, metadata: { name: 'x' } }),
});
const written = (name: string, apiVersion: string) => ({
  metadata: {
    name,
    managedFields: [{ manager: 'kubectl', operation: 'Update', apiVersion, time: '2026-11-01T00:00:00Z' }],
  },
});

test('objects that nobody wrote by a ruled version are no facts', async () => {
  const reader = fakeKubernetesReader({
    served: [vac('v1')],
    objects: {
      [`${VAC}.storage.k8s.io`]: [
        written('good', 'storage.k8s.io/v1'),
        written('old', 'storage.k8s.io/v1beta1'),
      ],
    },
  });
  const { facts } = await collectAll(collectUsedApis, reader);
  expect(facts.usedApis).toMatchObject({
    unread: [],
    items: [
      {
        kind: 'VolumeAttributesClass',
        namespace: '',
        name: 'old',
        evidence: [{ source: 'managed-fields', apiVersion: 'storage.k8s.io/v1beta1', manager: 'kubectl' }],
      },
    ],
  });
});

test('where only a deprecated version is served, every object says so, and what else it tells', async () => {
  const annotated = {
    metadata: { name: 'a', annotations: applied('storage.k8s.io/v1alpha1', 'VolumeAttributesClass') },
  };
  const reader = fakeKubernetesReader({
    served: [vac('v1beta1')],
    objects: { [`${VAC}.storage.k8s.io`]: [annotated, { metadata: { name: 'b' } }] },
  });
  const { facts } = await collectAll(collectUsedApis, reader);
  const servedOnly = { source: 'served-only', apiVersion: 'storage.k8s.io/v1beta1', confidence: 'high' };
  expect(facts.usedApis?.items.map(({ name, evidence }) => [name, evidence])).toMatchObject([
    ['a', [{ source: 'last-applied', apiVersion: 'storage.k8s.io/v1alpha1' }, servedOnly]],
    ['b', [servedOnly]],
  ]);
  expect(reader.questions).toHaveLength(1);
});

test('hundreds of pages are read slice by slice, the same however they are cut', async () => {
  const objects = {
    'cronjobs.batch': Array.from({ length: 300 }, (_, index) => written(`c${index}`, 'batch/v1beta1')),
    [`${VAC}.storage.k8s.io`]: Array.from({ length: 40 }, (_, index) =>
      written(`v${index}`, 'storage.k8s.io/v1beta1'),
    ),
  };
  const served = [CRONJOBS, vac('v1')];
  const small = await collectAll(collectUsedApis, fakeKubernetesReader({ served, objects, pageSize: 3 }));
  const large = await collectAll(collectUsedApis, fakeKubernetesReader({ served, objects }));
  const names = ({ facts }: typeof small) => facts.usedApis?.items.map(({ name }) => name).toSorted();
  expect(names(small)).toHaveLength(340);
  expect(names(small)).toEqual(names(large));
  expect(small.cursors.length).toBeGreaterThan(3);
  expect(large.cursors).toEqual([]);
});

test.each([
  [['cronjobs.batch'], [{ what: 'cronjobs.batch', permission: 'list cronjobs.batch' }], 1],
  [['/apis'], [{ permission: 'get /apis' }], 0],
])('that %j is forbidden is said', async (forbidden, unread, count) => {
  const objects = {
    'cronjobs.batch': [written('c', 'batch/v1beta1')],
    [`${VAC}.storage.k8s.io`]: [written('v', 'storage.k8s.io/v1beta1')],
  };
  const reader = fakeKubernetesReader({ served: [CRONJOBS, vac('v1')], objects, forbidden });
  const { facts } = await collectAll(collectUsedApis, reader);
  expect(facts.usedApis?.items).toHaveLength(count);
  expect(facts.usedApis?.unread).toMatchObject(unread);
});

test('a group of the table whose server is down is said, any other is not', async () => {
  const reader = fakeKubernetesReader({ failed: ['metrics.k8s.io/v1beta1', 'policy/v1'] });
  const { facts } = await collectAll(collectUsedApis, reader);
  expect(facts.usedApis?.unread).toMatchObject([
    { what: 'policy/v1', reason: expect.stringContaining('apiservices') },
  ]);
});
