import { afterEach, expect, test } from 'vitest';
import type { ListQuestion } from '../../functions/clients/kubernetes-reader.ts';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { DRYDOCK_VERSION } from '../../functions/runtime/version.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const open = async (...args: Parameters<typeof startCannedApiServer>) => {
  const server = await startCannedApiServer(...args);
  closers.push(() => server.stop());
  return { reader: openKubernetesReader(server.connection, createFixedClock()), server };
};

const DEPLOYMENTS: ListQuestion['resource'] = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  namespaced: true,
};
const PODS: ListQuestion['resource'] = { group: '', version: 'v1', resource: 'pods', namespaced: true };

test.each<[string, ListQuestion, string]>([
  ['a group', { resource: DEPLOYMENTS }, '/apis/apps/v1/deployments?limit=500'],
  ['the core group', { resource: PODS }, '/api/v1/pods?limit=500'],
  [
    'one namespace, selectors, a limit and a token',
    {
      resource: PODS,
      namespace: 'shop',
      labelSelector: 'owner=helm,status=deployed',
      fieldSelector: 'metadata.name=a',
      limit: 10,
      next: 'abc/=',
    },
    '/api/v1/namespaces/shop/pods?limit=10&labelSelector=owner%3Dhelm%2Cstatus%3Ddeployed&fieldSelector=metadata.name%3Da&continue=abc%2F%3D',
  ],
])('a list of %s asks %#', async (_, question, path) => {
  const { reader, server } = await open(() => ({ body: { metadata: {}, items: [] } }));
  await reader.listMetadata(question);
  expect(server.requests.map((request) => request.path)).toEqual([path]);
});

test('a metadata list asks for nothing but metadata, and says who asks', async () => {
  const { reader, server } = await open(() => ({ body: { metadata: {}, items: null } }));
  expect(await reader.listMetadata({ resource: PODS })).toEqual({ items: [] });
  expect(server.requests[0]?.headers).toMatchObject({
    accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    'user-agent': `drydock/${packageFile.version} upgrade-check`,
    authorization: 'Bearer canned',
  });
  expect(DRYDOCK_VERSION).toBe(packageFile.version);
});

test('strangers objects with missing and odd fields do not lose the page', async () => {
  const items = [
    null,
    {},
    { metadata: { name: 'odd', labels: { a: 1 }, managedFields: [{ manager: 7 }, { apiVersion: 'v1' }] } },
    { metadata: { name: 'good', namespace: 'shop', annotations: { a: 'b' } } },
  ];
  const { reader } = await open(() => ({ body: { metadata: { continue: 'more' }, items } }));
  const page = await reader.listMetadata({ resource: PODS });
  expect(page.next).toBe('more');
  expect(page.items.map(({ name }) => name)).toEqual(['', '', 'odd', 'good']);
  expect(page.items[2]).toMatchObject({ labels: {}, managedFields: [{ manager: '' }, { apiVersion: 'v1' }] });
  expect(page.items[3]).toMatchObject({ namespace: 'shop', annotations: { a: 'b' } });
});

test('a token that expired is answered with another one, and the list goes on as of now', async () => {
  const { reader, server } = await open(({ searchParams }) =>
    searchParams.get('continue') === 'old'
      ? statusAnswer(410, 'The provided continue parameter is too old', { continue: 'inconsistent' })
      : { body: { metadata: { continue: 'further' }, items: [{ metadata: { name: 'b' } }] } },
  );
  const page = await reader.listMetadata({ resource: PODS, next: 'old' });
  expect(page).toMatchObject({ items: [{ name: 'b' }], next: 'further', resumed: true });
  expect(server.requests.at(-1)?.path).toContain('continue=inconsistent');
});

test('a token that expired with nothing in its place begins the list anew', async () => {
  const { reader } = await open(({ searchParams }) =>
    searchParams.has('continue') ? statusAnswer(410, 'Gone') : { body: { metadata: {}, items: [{}] } },
  );
  const page = await reader.listObjects({ resource: PODS, next: 'old' });
  expect(page).toEqual({ items: [{}], restarted: true });
});

test('410 for a list without a token is what it is', async () => {
  const { reader } = await open(() => statusAnswer(410, 'Gone', { continue: 'x' }));
  await expect(reader.listObjects({ resource: PODS })).rejects.toMatchObject({ code: 'kubernetes.refused' });
});

test('a list that is forbidden is refused and says which', async () => {
  const { reader, server } = await open(() => statusAnswer(403, 'pods is forbidden'));
  await expect(reader.listMetadata({ resource: PODS, namespace: 'shop' })).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'kubernetes.forbidden',
    message: expect.stringContaining('list pods in namespace shop'),
  });
  expect(server.requests).toHaveLength(1);
});

test('an API server that is busy is asked again', async () => {
  let asked = 0;
  const { reader } = await open(() =>
    ++asked === 1 ? statusAnswer(429, 'too many requests') : { body: { metadata: {}, items: [{}] } },
  );
  expect((await reader.listObjects({ resource: PODS })).items).toHaveLength(1);
});

test('an answer that is no list is no empty list', async () => {
  const { reader } = await open(() => ({ body: { kind: 'Status', status: 'Success' } }));
  await expect(reader.listObjects({ resource: PODS })).rejects.toMatchObject({
    name: 'TransientError',
    code: 'kubernetes.unavailable',
  });
});

test('an answer that was cut is not quoted: it may be of a Secret', async () => {
  const { reader } = await open(() => ({ body: 'canary {"items":[{"data":{"token":"canary' }));
  const error = await reader.listObjects({ resource: PODS }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'kubernetes.unreachable',
    message: expect.stringContaining('no JSON'),
  });
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('canary');
});

test('an API server that is away is asked again, and then it is said', async () => {
  const { reader, server } = await open(() => ({ status: 503, body: 'away' }));
  await expect(reader.listObjects({ resource: PODS })).rejects.toMatchObject({
    code: 'kubernetes.unavailable',
  });
  expect(server.requests).toHaveLength(3);
  await server.stop();
  await expect(reader.discover()).rejects.toMatchObject({
    name: 'TransientError',
    code: 'kubernetes.unreachable',
  });
});
