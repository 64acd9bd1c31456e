import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { allowServers } from '../../functions/backup/drill/allowed-egress.ts';
import {
  findOpenings,
  judgeClosure,
  makeNetworkPolicies,
} from '../../functions/backup/drill/network-policies.ts';
import { buildDrillAccessManifest, listDrillAccess } from '../../functions/backup/drill-access.ts';
import { openKubernetes } from '../../functions/clients/kubernetes.ts';
import {
  type KubernetesNetworkPolicies,
  openKubernetesNetworkPolicies,
} from '../../functions/clients/kubernetes-network-policies.ts';
import { DRILL_GROUP } from '../../functions/records/cluster-group.ts';
import { connectAsGroup } from '../support/admin-connection.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';

/** Everything here is done with the rights that ship to users, and with no other. */
let cluster: TestCluster;
let policies: KubernetesNetworkPolicies;

beforeAll(async () => {
  cluster = await openTestCluster();
  policies = openKubernetesNetworkPolicies(connectAsGroup(cluster.kubeconfig, DRILL_GROUP));
});
afterAll(() => cluster?.stop());

const openNamespace = async (): Promise<string> => {
  const namespace = await cluster.createNamespace();
  for (const object of buildDrillAccessManifest([namespace])) await cluster.objects.create(object);
  // The API server hears of a new Role a little later than it stores it.
  await vi.waitFor(() => policies.list(namespace), { timeout: 30_000 });
  return namespace;
};

const wantedIn = (namespace: string) =>
  makeNetworkPolicies(
    'drill-1',
    namespace,
    allowServers([{ what: 'database', host: 'db', port: 5432, addresses: ['10.9.0.5', 'fd00::5'] }]),
  );

describe('the policies of a drill on a real API server', () => {
  test('stand there as they were made, and count as closed', async () => {
    const namespace = await openNamespace();
    const wanted = wantedIn(namespace);
    const made = await Promise.all(wanted.map((one) => policies.create(one)));
    const standing = await policies.list(namespace);
    expect(judgeClosure(standing, wanted, 'drill-1')).toEqual([]);
    expect(standing.map(({ uid }) => uid).toSorted()).toEqual(made.map(({ uid }) => uid).toSorted());
  });

  test('are made once, and deleted once', async () => {
    const namespace = await openNamespace();
    const [deny] = wantedIn(namespace);
    if (!deny) throw new Error('there is a policy that denies all');
    const first = await policies.create(deny);
    expect((await policies.create(deny)).uid).toBe(first.uid);
    expect(await policies.delete({ ...first, uid: 'another-uid' })).toBe('gone');
    expect(await policies.list(namespace)).toHaveLength(1);
    expect(await policies.delete(first)).toBe('deleted');
    expect(await policies.delete(first)).toBe('gone');
    expect(await policies.list(namespace)).toEqual([]);
  });

  test('are not taken from somebody else', async () => {
    const namespace = await openNamespace();
    const [deny] = wantedIn(namespace);
    if (!deny) throw new Error('there is a policy that denies all');
    await cluster.objects.create({ ...deny, metadata: { ...deny.metadata, labels: {} } });
    await expect(policies.create(deny)).rejects.toMatchObject({ code: 'kubernetes.policy-taken' });
  });

  test('are seen to be opened by one of a chart', async () => {
    const namespace = await openNamespace();
    await cluster.objects.create({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name: 'chart' },
      spec: { podSelector: {}, egress: [{}] },
    });
    expect(findOpenings(await policies.list(namespace), 'drill-1')).toHaveLength(1);
  });

  test('are made by a role that can do what its table says, and nothing else', async () => {
    const rows = listDrillAccess(await openNamespace(), [await cluster.createNamespace(), 'kube-system']);
    const drydock = openKubernetes(connectAsGroup(cluster.kubeconfig, DRILL_GROUP));
    const answers = await drydock.reviewAccess(rows);
    expect(answers.map(({ allowed }, index) => ({ ...rows[index], allowed }))).toEqual(rows);
    expect(rows.filter(({ allowed }) => allowed).length).toBeGreaterThan(15);
  });
});
