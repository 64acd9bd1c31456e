import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKubernetes } from '../../functions/clients/kubernetes.ts';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { UPGRADE_GROUP } from '../../functions/records/cluster-group.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { buildUpgradeAccessManifest } from '../../functions/upgrade/access-manifest.ts';
import { listUpgradeAccess } from '../../functions/upgrade/cluster-access.ts';
import { COLLECTORS } from '../../functions/upgrade/collectors/registry.ts';
import { connectAsGroup } from '../support/admin-connection.ts';
import { requestAsGroup } from '../support/raw-request.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
let given: string;
let other: string;

beforeAll(async () => {
  cluster = await openTestCluster();
  given = await cluster.createNamespace();
  other = await cluster.createNamespace();
  for (const object of buildUpgradeAccessManifest({ helmNamespaces: [given] })) {
    await cluster.objects.create(object).catch((error: unknown) => {
      if (!String(error).includes('AlreadyExists')) throw error;
    });
  }
});
afterAll(() => cluster?.stop());

test('every row of the can/cannot table is what the API server says of our group', async () => {
  const rows = listUpgradeAccess([given], [other, 'kube-system']);
  const drydock = openKubernetes(connectAsGroup(cluster.kubeconfig, UPGRADE_GROUP));
  const answers = await drydock.reviewAccess(rows);
  expect(answers.map(({ allowed }, index) => ({ ...rows[index], allowed }))).toEqual(rows);
  expect(rows.filter(({ allowed }) => allowed).length).toBeGreaterThan(30);
  expect(rows.filter(({ allowed }) => !allowed).length).toBeGreaterThan(60);
});

test('lists that are really tried answer as the table says', async () => {
  const tried = listUpgradeAccess([given], [other, 'kube-system']).filter(
    ({ verb, group, resource }) =>
      verb === 'list' && !resource.includes('/') && ['', 'apps', 'batch', 'policy'].includes(group),
  );
  const results = await Promise.all(
    tried.map(async (row) => ({
      ...row,
      // 404: allowed to ask, and v1 of it is not served.
      allowed: (await requestAsGroup(cluster.kubeconfig, UPGRADE_GROUP, row)) !== 403,
    })),
  );
  expect(results).toEqual(tried);
});

test('every collector reads this cluster with these rights, and is denied nothing', async () => {
  const kubernetes = openKubernetesReader(connectAsGroup(cluster.kubeconfig, UPGRADE_GROUP));
  const task = { cluster: 'test', current: '1.36', target: '1.37', settings: { helmNamespaces: [given] } };
  const denied: unknown[] = [];
  for (const collector of COLLECTORS) {
    let cursor: string | undefined;
    do {
      const sources = { kubernetes, clock: systemClock };
      const slice = await collector.collect(sources, task, cursor, AbortSignal.timeout(60_000));
      for (const topic of Object.values(slice.facts)) {
        denied.push(...(topic?.unread ?? []).filter(({ permission }) => permission?.startsWith('list ')));
      }
      cursor = slice.cursor;
    } while (cursor !== undefined);
  }
  expect(denied).toEqual([]);
});
