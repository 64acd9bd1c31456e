import { expect, test } from 'vitest';
import type { WebhookFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { collectWebhooks } from '../../../functions/upgrade/collectors/kubernetes-webhooks.ts';
import { collectAll } from '../../support/collect-all.ts';
import { type FakeHoldings, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const VALIDATING = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';
const SLICES = 'endpointslices.discovery.k8s.io';

const read = async (holdings: FakeHoldings) => {
  const { facts } = await collectAll(collectWebhooks, fakeKubernetesReader(holdings));
  return facts.webhooks ?? { items: [], unread: [] };
};
const ALL_PODS = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] };
const SERVICE = { service: { namespace: 'policy', name: 'hook', path: '/' } };
const configuration = (webhook: object, name = 'policy') => ({
  metadata: { name },
  webhooks: [{ name: 'v.policy.example.com', clientConfig: SERVICE, rules: [ALL_PODS], ...webhook }],
});
const namespace = (name: string, labels: object = {}) => ({
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
});
const slice = (name: string, ready: readonly (boolean | undefined)[]) => ({
  metadata: { namespace: 'policy', name, labels: { 'kubernetes.io/service-name': 'hook' } },
  endpoints: ready.map((one) => ({
    addresses: ['10.0.0.1'],
    conditions: one === undefined ? {} : { ready: one },
  })),
});

/** What one webhook catches. */
const caught = async (
  webhook: object,
  namespaces: readonly object[] = [],
): Promise<WebhookFact | undefined> =>
  (await read({ objects: { [VALIDATING]: [configuration(webhook)], namespaces } })).items[0];

test('a webhook is read with the ready endpoints behind its Service', async () => {
  const { items, unread } = await read({
    objects: {
      [VALIDATING]: [configuration({ failurePolicy: 'Ignore', timeoutSeconds: 3 })],
      [MUTATING]: [configuration({}, 'inject')],
      [SLICES]: [slice('a', [true, false, undefined]), slice('b', [true])],
    },
  });
  const webhook = {
    name: 'v.policy.example.com',
    service: 'policy/hook',
    readyEndpoints: 3,
    catches: ['pods', 'kube-system', 'own namespace'],
    exceptNamespaces: [],
  };
  expect(unread).toEqual([]);
  expect(items).toEqual([
    { ...webhook, configuration: 'policy', kind: 'validating', failurePolicy: 'Ignore', timeoutSeconds: 3 },
    { ...webhook, configuration: 'inject', kind: 'mutating', failurePolicy: 'Fail', timeoutSeconds: 10 },
  ]);
});

test.each<[string, object, string[]]>([
  ['everything', { apiGroups: ['*'], resources: ['*'], operations: ['*'] }, ['pods', 'nodes', 'leases']],
  [
    'everything with subresources',
    { apiGroups: ['*'], resources: ['*/*'], operations: ['*'] },
    ['pods', 'nodes', 'leases'],
  ],
  ['namespaced things only', { ...ALL_PODS, resources: ['*'], scope: 'Namespaced' }, ['pods']],
  ['things of the cluster only', { ...ALL_PODS, resources: ['*'], scope: 'Cluster' }, ['nodes']],
  ['leases', { ...ALL_PODS, apiGroups: ['coordination.k8s.io'], resources: ['leases'] }, ['leases']],
  ['subresources of pods', { ...ALL_PODS, resources: ['pods/exec'] }, []],
  ['connections', { ...ALL_PODS, operations: ['CONNECT'] }, []],
  ['changed pods', { ...ALL_PODS, operations: ['UPDATE'] }, []],
  ['deleted nodes', { ...ALL_PODS, resources: ['nodes'], operations: ['DELETE'] }, []],
  ['nodes that register', { ...ALL_PODS, resources: ['nodes'], operations: ['UPDATE'] }, ['nodes']],
  ['Deployments', { ...ALL_PODS, apiGroups: ['apps'], resources: ['deployments'] }, []],
])('rules for %s', async (_, rule, words) => {
  const fact = await caught({ rules: [rule] });
  expect(fact?.catches.filter((word) => !word.includes('-') && !word.includes(' '))).toEqual(words);
});

const notIn = (...values: string[]) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }],
});
test.each<[string, object, string[]]>([
  ['none', {}, ['kube-system', 'own namespace']],
  ['by name, all but two', notIn('kube-system', 'policy'), []],
  ['by name, all but its own', notIn('policy'), ['kube-system']],
  ['for those that ask for it', { matchLabels: { inject: 'yes' } }, []],
  [
    'without a mark that its own has',
    { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] },
    ['kube-system'],
  ],
  [
    'of an operator that is new',
    { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] },
    ['kube-system', 'own namespace'],
  ],
])('a namespace selector %s', async (_, namespaceSelector, words) => {
  const namespaces = [namespace('kube-system'), namespace('policy', { 'control-plane': 'yes' })];
  const fact = await caught({ namespaceSelector }, namespaces);
  expect(fact?.catches).toEqual(['pods', ...words]);
});

test('a webhook that leaves out the namespace of the leases of nodes catches none of them', async () => {
  const leases = { ...ALL_PODS, apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  expect((await caught({ rules: [leases], namespaceSelector: notIn('kube-node-lease') }))?.catches).toEqual(
    [],
  );
});

test('namespaces that are left out by name are told', async () => {
  expect((await caught({ namespaceSelector: notIn('kube-system') }))?.exceptNamespaces).toEqual([
    'kube-system',
  ]);
});

test('a webhook for objects that ask for it by a label blocks nobody else', async () => {
  const rules = [{ apiGroups: ['*'], resources: ['*'], operations: ['*'] }];
  expect((await caught({ rules, objectSelector: { matchLabels: { inject: 'yes' } } }))?.catches).toEqual([
    'pods',
  ]);
});

test('a webhook that catches deleted pods keeps no pod from coming up', async () => {
  expect((await caught({ rules: [{ ...ALL_PODS, operations: ['DELETE'] }] }))?.catches).toEqual(['pods']);
});

test('a webhook with conditions of its own is not said to catch what they commonly leave out', async () => {
  const rules = [{ apiGroups: ['*'], resources: ['*'], operations: ['*'] }];
  const matchConditions = [{ name: 'no-nodes', expression: "!('system:nodes' in request.userInfo.groups)" }];
  expect((await caught({ rules, matchConditions }))?.catches).toEqual(['pods']);
});

test('a webhook at a URL has no Service whose endpoints could be counted', async () => {
  const fact = await caught({ clientConfig: { url: 'https://policy.example.com/validate' } });
  expect(fact).toMatchObject({
    url: 'https://policy.example.com/validate',
    catches: ['pods', 'kube-system'],
  });
  expect(fact).not.toHaveProperty('readyEndpoints');
});

test('a Service that is not there has no ready endpoint', async () => {
  expect(await caught({})).toMatchObject({ readyEndpoints: 0 });
});

test.each([
  [VALIDATING, `list ${VALIDATING}`, 0],
  [SLICES, `list ${SLICES}`, 1],
  ['namespaces', 'list namespaces', 1],
])('that %s may not be listed is said', async (forbidden, permission, count) => {
  const { items, unread } = await read({
    forbidden: [forbidden],
    objects: { [VALIDATING]: [configuration({})] },
  });
  expect(unread).toMatchObject([{ permission }]);
  expect(items).toHaveLength(count);
  expect(items[0]?.readyEndpoints).toBe(forbidden === SLICES ? undefined : items[0] && 0);
});

test('what fails for one Service is not asked for each of them', async () => {
  const other = { clientConfig: { service: { namespace: 'other', name: 'hook' } } };
  const reader = fakeKubernetesReader({
    forbidden: [SLICES],
    objects: { [VALIDATING]: [configuration({}), configuration(other, 'b')] },
  });
  const { facts } = await collectAll(collectWebhooks, reader);
  expect(reader.questions.filter(({ resource }) => resource.resource === 'endpointslices')).toHaveLength(1);
  expect(facts.webhooks?.items.some((fact) => 'readyEndpoints' in fact)).toBe(false);
});

test('one Service is asked about once, however many webhooks it answers', async () => {
  const reader = fakeKubernetesReader({
    objects: {
      [VALIDATING]: [configuration({}), configuration({}, 'b')],
      [MUTATING]: [configuration({}, 'c')],
    },
  });
  await collectAll(collectWebhooks, reader);
  expect(reader.questions.filter(({ resource }) => resource.resource === 'endpointslices')).toMatchObject([
    { namespace: 'policy', labelSelector: 'kubernetes.io/service-name=hook' },
  ]);
});
