import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesReader } from '../../../functions/clients/kubernetes-reader.ts';
import { openKubernetesReader } from '../../../functions/clients/kubernetes-reader-open.ts';
import { UPGRADE_GROUP } from '../../../functions/records/cluster-group.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { buildUpgradeAccessManifest } from '../../../functions/upgrade/access-manifest.ts';
import { collectHelm } from '../../../functions/upgrade/collectors/kubernetes-helm.ts';
import { collectRequestedApis } from '../../../functions/upgrade/collectors/kubernetes-requested-apis.ts';
import { collectUsedApis } from '../../../functions/upgrade/collectors/kubernetes-used-apis.ts';
import { collectWorkloads } from '../../../functions/upgrade/collectors/kubernetes-workloads.ts';
import { COLLECTORS } from '../../../functions/upgrade/collectors/registry.ts';
import { mergeFacts } from '../../../functions/upgrade/reading/fact-merge.ts';
import { connectAsAdmin, connectAsGroup } from '../../support/admin-connection.ts';
import { clusterObjects } from '../../support/cluster-objects.ts';
import { collectAll } from '../../support/collect-all.ts';
import { runHelm } from '../../support/helm.ts';
import {
  applyObject,
  customResource,
  lastApplied,
  volumeAttributesClass,
  writeChart,
} from '../../support/old-objects.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';

/** What EKS served as beta for years is off by default upstream; and tokens shall expire within seconds. */
const FLAGS = [
  '--runtime-config=storage.k8s.io/v1beta1=true,resource.k8s.io/v1beta1=true',
  '--etcd-compaction-interval=1s',
];

let cluster: TestCluster;
let admin: KubernetesReader;
let shop: string;
let folder: string;

const apply = (object: Parameters<typeof applyObject>[1], manager = 'kubectl'): Promise<void> =>
  applyObject(cluster.objects, object, manager);
const inShop = (apiVersion: string, kind: string, name: string, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: shop },
  ...more,
});
const helm = async (...args: Parameters<typeof runHelm> extends [string, ...infer Rest] ? Rest : never) => {
  const { failed, output } = await runHelm(cluster.kubeconfig, ...args);
  if (failed) throw new Error(output);
};
const MANIFEST = `apiVersion: storage.k8s.io/v1beta1
kind: VolumeAttributesClass
metadata:
  name: {{ .Release.Name }}
driverName: ebs.csi.aws.com
parameters:
  iops: "3000"
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-charts-'));
  cluster = await openTestCluster(FLAGS);
  admin = openKubernetesReader(connectAsAdmin(cluster.kubeconfig));
  shop = await cluster.createNamespace();
  await makeCustomResources();
  const old = volumeAttributesClass('stale', 'v1beta1');
  await apply(volumeAttributesClass('by-beta', 'v1beta1'), 'terraform');
  await apply(volumeAttributesClass('by-v1', 'v1'));
  await apply(volumeAttributesClass('stale', 'v1', lastApplied(old)), 'argocd');
  const chart = await writeChart(folder, 'classes', MANIFEST);
  await helm(['install', 'gold', chart, '-n', shop]);
  await helm(['upgrade', 'gold', chart, '-n', shop]);
  await helm(['install', 'silver', chart, '-n', shop], 'configmap');
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const GONE = 'certificates.cert-manager.io';
const makeCustomResources = async (): Promise<void> => {
  const certificates = customResource('cert-manager.io', 'certificates', 'Certificate', ['v1alpha2', 'v1'], {
    namespaced: true,
    webhook: true,
  });
  const classes = customResource('snapshot.storage.k8s.io', 'volumesnapshotclasses', 'VolumeSnapshotClass', [
    'v1beta1',
  ]);
  await apply(certificates);
  await apply(classes);
  const served = async (): Promise<boolean> => {
    const { resources } = await admin.discover();
    return ['Certificate', 'VolumeSnapshotClass'].every((kind) => resources.some((one) => one.kind === kind));
  };
  while (!(await served())) await delay(100);
  await apply(inShop('cert-manager.io/v1alpha2', 'Certificate', 'shop'));
  await apply({
    apiVersion: 'snapshot.storage.k8s.io/v1beta1',
    kind: 'VolumeSnapshotClass',
    metadata: { name: 'old' },
  });
};

/** Read once: a list that fails is asked for again, with pauses. */
let scanned: ReturnType<typeof collectAll> | undefined;
const scan = (): ReturnType<typeof collectAll> => (scanned ??= collectAll(collectUsedApis, admin));

test('objects are found by who wrote them and by what kubectl noted', async () => {
  const { facts } = await scan();
  const found = new Map(facts.usedApis?.items.map(({ name, evidence }) => [name, evidence]));
  const apiVersion = 'storage.k8s.io/v1beta1';
  expect(found.get('by-beta')).toMatchObject([
    { source: 'managed-fields', apiVersion, manager: 'terraform' },
  ]);
  expect(found.get('gold')).toMatchObject([{ source: 'managed-fields', apiVersion, manager: 'helm' }]);
  expect(found.get('stale')).toMatchObject([{ source: 'last-applied', apiVersion }]);
  expect(found.has('by-v1')).toBe(false);
  expect(found.get('old')).toContainEqual({
    source: 'served-only',
    apiVersion: 'snapshot.storage.k8s.io/v1beta1',
    confidence: 'high',
  });
});

test('a CRD whose conversion webhook is gone is said, and hides no other', async () => {
  const { facts } = await scan();
  expect(facts.usedApis?.unread).toEqual([
    { what: GONE, reason: expect.stringContaining('conversion webhook') },
  ]);
  expect(facts.usedApis?.items.length).toBeGreaterThan(3);
});

test('our own scan asks for no deprecated version; a client that does shows in the metric', async () => {
  const claims = { group: 'resource.k8s.io', version: 'v1beta1', resource: 'resourceclaims' };
  const requested = async () => {
    const { facts } = await collectAll(collectRequestedApis, admin);
    expect(facts.requestedApis?.unread).toEqual([]);
    return facts.requestedApis?.items.filter(({ resource }) => resource === 'resourceclaims');
  };
  await scan();
  expect(await requested()).toEqual([]);
  for (let call = 0; call < 3; call++) await admin.listObjects({ resource: { ...claims, namespaced: true } });
  expect(await requested()).toEqual([{ ...claims, subresource: '', removedRelease: '1.38', requests: 3 }]);
});

test('releases that real Helm made are read, the deployed revision alone, of both storages', async () => {
  const { facts } = await collectAll(collectHelm, admin, { helmNamespaces: [shop] });
  expect(facts.helm?.unread).toEqual([]);
  const releases = facts.helm?.items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(releases).toMatchObject([
    {
      namespace: shop,
      name: 'gold',
      revision: 2,
      chart: 'classes',
      chartVersion: '1.2.3',
      appVersion: '4.5.6',
    },
    { namespace: shop, name: 'silver', revision: 1 },
  ]);
  expect(releases?.[0]?.objects).toMatchObject([
    { kind: 'VolumeAttributesClass', name: 'gold', evidence: [{ apiVersion: 'storage.k8s.io/v1beta1' }] },
  ]);
});

test('releases that are cut, no gzip or 1 MB large lose none of the others', async () => {
  const namespace = await cluster.createNamespace();
  const noise = Array.from({ length: 50_000 }, (_, index) => Math.sin(index).toString(36)).join('');
  const huge = { name: 'huge', namespace, version: 1, manifest: `${MANIFEST}# ${noise}\n` };
  const store = (name: string, value: Buffer | string) =>
    cluster.core.createNamespacedSecret({
      namespace,
      body: {
        type: 'helm.sh/release.v1',
        metadata: {
          name: `sh.helm.release.v1.${name}.v1`,
          labels: { owner: 'helm', status: 'deployed', name },
        },
        // Helm's own base64; the API server asks for another one around it.
        data: { release: Buffer.from(Buffer.from(value).toString('base64')).toString('base64') },
      },
    });
  await store('plain', JSON.stringify({ ...huge, name: 'plain', manifest: MANIFEST }));
  await store('cut', gzipSync(JSON.stringify(huge)).subarray(0, 10_000));
  await store('odd', 'no release at all');
  await store('huge', gzipSync(JSON.stringify(huge)));
  const { facts } = await collectAll(collectHelm, admin, { helmNamespaces: [namespace] });
  expect(facts.helm?.items.map(({ name }) => name).toSorted()).toEqual(['huge', 'plain']);
  expect(facts.helm?.unread.map(({ what }) => what).toSorted()).toEqual([
    `Helm release in secret ${namespace}/sh.helm.release.v1.cut.v1`,
    `Helm release in secret ${namespace}/sh.helm.release.v1.odd.v1`,
  ]);
});

test('a token that outlived its revision goes on where it was', async () => {
  const namespace = await cluster.createNamespace();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) {
    await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
  }
  const resource = { group: '', version: 'v1', resource: 'configmaps', namespaced: true };
  const question = { resource, namespace, limit: 2 };
  const first = await admin.listMetadata(question);
  let page = await admin.listMetadata({ ...question, next: first.next ?? '' });
  for (let wait = 0; wait < 60 && !page.resumed; wait++) {
    await delay(500);
    // Only what was written since can make the first page's revision old.
    await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { generateName: 'z-' } } });
    page = await admin.listMetadata({ ...question, next: first.next ?? '' });
  }
  expect(page).toMatchObject({ resumed: true });
  const rest = page.items.map(({ name }) => name);
  expect([...first.items.map(({ name }) => name), ...rest]).toEqual(['a', 'b', 'c', 'd']);
});

test('what people run is folded from what the API server says of it', async () => {
  const namespace = await cluster.createNamespace();
  for (const object of clusterObjects(namespace)) await apply(object);
  const facts = await readEverything(admin);
  const here = <T extends { namespace: string }>(items: readonly T[] = []): T[] =>
    items.filter((item) => item.namespace === namespace);
  expect(here(facts.workloads?.items)).toMatchObject([
    { kind: 'Deployment', name: 'web', replicas: 2, gitRepoVolumes: ['source'], podLabels: { app: 'web' } },
    { kind: 'CronJob', name: 'nightly', images: ['registry.example.com/shop/web:1.0.0'] },
    { kind: 'Pod', name: 'alone', graceSeconds: 30 },
  ]);
  expect(here(facts.budgets?.items)).toMatchObject([{ minAvailable: '100%', matchLabels: { app: 'web' } }]);
  expect(here(facts.externalIps?.items)).toEqual([{ namespace, name: 'web', addresses: ['192.0.2.7'] }]);
  expect(facts.webhooks?.items).toMatchObject([
    { configuration: 'shop', service: `${namespace}/web`, readyEndpoints: 1, failurePolicy: 'Ignore' },
  ]);
  expect(facts.kubeProxy?.items).toMatchObject([{ version: '1.35', mode: 'ipvs' }]);
  expect(facts.nodes?.items).toHaveLength(3);
  expect(facts.nodes?.items[0]).toMatchObject({
    kubelet: '1.36',
    origin: 'managed',
    group: 'local',
    ready: true,
  });
  expect(facts.nodePools).toEqual({ items: [], unread: [] });
  expect(facts.served?.items).toContainEqual(
    expect.objectContaining({ group: 'policy', version: 'v1', kind: 'PodDisruptionBudget', listable: true }),
  );
});

const readEverything = async (reader: KubernetesReader): Promise<ClusterFacts> => {
  let facts: ClusterFacts = {};
  for (const collector of COLLECTORS) facts = mergeFacts(facts, (await collectAll(collector, reader)).facts);
  return facts;
};

test('without rights everything is unread with the right that is missing, and nothing is thrown', async () => {
  const nobody = openKubernetesReader(connectAsGroup(cluster.kubeconfig, 'nobody'));
  const { facts } = await collectAll(collectWorkloads, nobody);
  expect(facts.workloads?.items).toEqual([]);
  expect(facts.workloads?.unread.map(({ permission }) => permission)).toContain('list deployments.apps');
  const metric = await collectAll(collectRequestedApis, nobody);
  expect(metric.facts.requestedApis?.unread).toMatchObject([{ permission: 'get /metrics' }]);
  const used = await collectAll(collectUsedApis, nobody);
  const permissions = used.facts.usedApis?.unread.map(({ permission = '' }) => permission);
  expect(permissions).toContain('list volumeattributesclasses.storage.k8s.io');
  expect(permissions?.every((one) => one.startsWith('list '))).toBe(true);
});

test('the rights that ship are all that every collector needs', async () => {
  for (const object of buildUpgradeAccessManifest({ helmNamespaces: [shop] })) {
    await cluster.objects.create(object as { apiVersion: string; kind: string });
  }
  const reader = openKubernetesReader(connectAsGroup(cluster.kubeconfig, UPGRADE_GROUP));
  for (const collector of COLLECTORS) {
    const { facts } = await collectAll(collector, reader, { helmNamespaces: [shop] });
    const unread = Object.values(facts).flatMap((topic) => topic?.unread ?? []);
    const permissions = unread.filter(({ permission }) => permission !== undefined);
    expect({ [collector.name]: permissions }).toEqual({ [collector.name]: [] });
  }
});
