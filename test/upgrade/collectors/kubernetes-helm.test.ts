import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { collectHelm } from '../../../functions/upgrade/collectors/kubernetes-helm.ts';
import { collectAll } from '../../support/collect-all.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const MANIFEST = `---
# Source: shop/templates/budget.yaml
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: web
`;
const base64 = (value: Buffer | string): string => Buffer.from(value).toString('base64');
const release = (name: string, version: number, manifest = MANIFEST): string =>
  JSON.stringify({
    name,
    namespace: 'shop',
    version,
    info: { status: 'deployed' },
    chart: { metadata: { name: 'shop', version: '1.2.3', appVersion: '4.5.6' } },
    manifest,
  });
const stored = (name: string, version: number, value: string, namespace = 'shop') => ({
  metadata: {
    namespace,
    name: `sh.helm.release.v1.${name}.v${version}`,
    labels: { owner: 'helm', status: 'deployed', name, version: String(version) },
  },
  data: { release: value },
});
const inSecret = (name: string, version = 1, json = release(name, version)) =>
  stored(name, version, base64(base64(gzipSync(json))));
const inConfigMap = (name: string, version = 1) =>
  stored(name, version, base64(gzipSync(release(name, version))));

const read = async (holdings: FakeHoldings, helmNamespaces: 'all' | string[] = ['shop']) => {
  const reader = fakeKubernetesReader(holdings);
  const { facts, cursors } = await collectAll(collectHelm, reader, { helmNamespaces });
  return { ...(facts.helm ?? { items: [], unread: [] }), cursors, questions: reader.questions };
};

test.each([
  ['a Secret', { secrets: [inSecret('web', 7)] }],
  ['a ConfigMap', { configmaps: [inConfigMap('web', 7)] }],
  ['a Secret of before compression', { secrets: [stored('web', 7, base64(base64(release('web', 7))))] }],
])('a release in %s is read', async (_, objects) => {
  const { items, unread } = await read({ objects });
  expect(unread).toEqual([]);
  expect(items).toMatchObject([
    {
      namespace: 'shop',
      name: 'web',
      revision: 7,
      chart: 'shop',
      chartVersion: '1.2.3',
      appVersion: '4.5.6',
      faults: [],
      objects: [
        {
          kind: 'PodDisruptionBudget',
          namespace: 'shop',
          name: 'web',
          evidence: [{ source: 'helm', apiVersion: 'policy/v1beta1', release: 'shop/web' }],
        },
      ],
    },
  ]);
});

test('without namespaces nothing is asked for, and the report says what to write', async () => {
  const { items, unread, questions } = await read({ objects: { secrets: [inSecret('web')] } }, []);
  expect({ items, questions }).toEqual({ items: [], questions: [] });
  expect(unread).toMatchObject([{ help: expect.stringContaining('helmNamespaces') }]);
});

test('only deployed releases of the named namespaces are asked for, few a page', async () => {
  const { questions } = await read({}, ['shop', 'gitlab']);
  expect(
    questions.map(({ resource, namespace }) => `${resource.resource} in ${namespace}`).toSorted(),
  ).toEqual(['configmaps in gitlab', 'configmaps in shop', 'secrets in gitlab', 'secrets in shop']);
  for (const question of questions) {
    expect(question).toMatchObject({ labelSelector: 'owner=helm,status=deployed' });
    expect(question.limit).toBeLessThanOrEqual(question.next === undefined ? 10 : 100);
  }
});

test('all namespaces are one list of each', async () => {
  expect((await read({}, 'all')).questions).toMatchObject([{ namespace: '' }, { namespace: '' }]);
});

const ODD = { ...stored('odd', 1, ''), data: 7 };

test.each<[string, string, RegExp]>([
  ['cut', base64(base64(gzipSync(release('web', 1)).subarray(0, 80))), /cut/],
  ['no gzip and no JSON', base64(base64('hello')), /no release/],
  ['empty', '', /no release/],
])('a release that is %s is named, and the others are read', async (_, value, reason) => {
  const { items, unread } = await read({
    objects: { secrets: [stored('bad', 1, value), inSecret('good'), ODD] },
  });
  expect(items.map(({ name }) => name)).toEqual(['good']);
  expect(unread[0]).toEqual({
    what: 'Helm release in secret shop/sh.helm.release.v1.bad.v1',
    reason: expect.stringMatching(reason),
  });
  expect(unread).toHaveLength(2);
});

test('of two deployed revisions the higher counts, and the other is told', async () => {
  const { items } = await read({ objects: { secrets: [inSecret('web', 10), inSecret('web', 9)] } });
  expect(items).toMatchObject([{ revision: 10, faults: [expect.stringContaining('revision 9')] }]);
});

test('hundreds are read slice by slice, each once', async () => {
  const secrets = Array.from({ length: 400 }, (_, index) => inSecret(`r${index}`));
  const { items, cursors } = await read({ objects: { secrets }, pageSize: 10 });
  expect(new Set(items.map(({ name }) => name)).size).toBe(400);
  expect(items).toHaveLength(400);
  expect(cursors.length).toBeGreaterThan(1);
});

test('a release of 1 MB is read', async () => {
  // What does not compress: a Secret takes 1 MiB, and this is near it.
  const noise = Array.from({ length: 75_000 }, (_, index) => Math.sin(index).toString(36)).join('');
  const huge = inSecret('huge', 1, release('huge', 1, `${MANIFEST}  annotations: {a: "${noise}"}\n`));
  expect(huge.data.release.length).toBeGreaterThan(900_000);
  expect((await read({ objects: { secrets: [huge] } })).items).toMatchObject([
    { name: 'huge', objects: [{ name: 'web' }] },
  ]);
});

test('a namespace whose Secrets may not be read is said with the right', async () => {
  const { items, unread } = await read({
    forbidden: ['secrets'],
    objects: { configmaps: [inConfigMap('web')] },
  });
  expect(items).toHaveLength(1);
  expect(unread).toMatchObject([{ what: 'secrets in shop', permission: 'list secrets' }]);
});

test.each([
  ['small', 200, 150, [10, 100, 100]],
  ['of 300 KB', 300_000, 25, [10, 5, 5]],
  ['of 2 MB', 2_000_000, 12, [10, 1, 1]],
])('releases that are %s are read by pages that fit them', async (_, bytes, count, limits) => {
  const secrets = Array.from({ length: count }, (__, index) => stored(`web-${index}`, 1, 'x'.repeat(bytes)));
  const { questions } = await read({ objects: { secrets } });
  const pages = questions.filter(({ resource }) => resource.resource === 'secrets');
  expect(pages.slice(0, 3).map(({ limit }) => limit)).toEqual(limits);
});
