import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listRestoreAccess, listRestorePlanAccess } from '../../functions/backup/restore-access.ts';
import { buildRestoreAccessManifest } from '../../functions/backup/restore-manifest.ts';
import { listRestoreSecretAccess } from '../../functions/backup/restore-secret-access.ts';
import { openKubernetes } from '../../functions/clients/kubernetes.ts';
import { type KubernetesScaling, openKubernetesScaling } from '../../functions/clients/kubernetes-scaling.ts';
import {
  type KubernetesSecretWriting,
  openKubernetesSecretWriting,
} from '../../functions/clients/kubernetes-secret-writing.ts';
import {
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../../functions/records/cluster-group.ts';
import { connectAsAdmin, connectAsGroup } from '../support/admin-connection.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { describeKubernetesScaling } from './contracts/kubernetes-scaling.contract.ts';

/** Everything here is done with the rights that ship to users, and with no other. */
let cluster: TestCluster;
let scaling: KubernetesScaling;
let writing: KubernetesSecretWriting;
let namespace: string;
const RAILS = 'gitlab-rails-secret';

beforeAll(async () => {
  cluster = await openTestCluster();
  scaling = openKubernetesScaling(connectAsGroup(cluster.kubeconfig, RESTORE_GROUP));
  writing = openKubernetesSecretWriting(connectAsGroup(cluster.kubeconfig, RESTORE_SECRETS_GROUP));
  namespace = await openNamespace();
});
afterAll(() => cluster?.stop());

/** A namespace in which the rights that ship are given. */
const openNamespace = async (): Promise<string> => {
  const own = await cluster.createNamespace();
  for (const object of buildRestoreAccessManifest([own], [RAILS])) await cluster.objects.create(object);
  return own;
};

const makeObjects = async (own: string): Promise<void> => {
  const labels = { app: 'webservice', release: 'gitlab' };
  const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'of-env', key: 'a', optional: true } } }];
  const sources = [{ secret: { name: RAILS, optional: true } }];
  await cluster.objects.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: own, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'web', image: 'web:1', env }],
          volumes: [{ name: 'secrets', projected: { sources } }],
        },
      },
    },
  });
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] } };
  await cluster.objects.create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'clean-up', namespace: own, labels: { release: 'gitlab' } },
    spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } },
  });
};

describeKubernetesScaling('a real API server', async () => {
  const own = await openNamespace();
  return { scaling, namespace: own, make: () => makeObjects(own) };
});

describe('workloads of a real API server', () => {
  test('say which Secrets their pods read, and who set their replicas', async () => {
    await makeObjects(namespace);
    const [web] = await scaling.listWorkloads(namespace);
    expect(web).toMatchObject({ podLabels: { app: 'webservice' }, secrets: ['of-env', RAILS] });
    expect(web?.replicasSetBy).toEqual(['kubernetes-client-javascript']);
  });

  test('that were restarted for a cause keep their pods when it is asked for once more', async () => {
    const pods = async () => {
      const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: 'app=webservice' });
      return new Set(items.map(({ metadata }) => metadata?.uid));
    };
    const read = async () => {
      const [web] = await scaling.listWorkloads(namespace);
      if (!web) throw new Error('there is no workload');
      return web;
    };
    const settles = () =>
      vi.waitFor(async () => expect(await read()).toMatchObject({ isSettled: true, restartedFor: 'one' }), {
        timeout: 30_000,
        interval: 100,
      });
    await scaling.restart(await read(), 'one');
    await settles();
    const before = await pods();
    await scaling.restart(await read(), 'one');
    await settles();
    expect(await pods()).toEqual(before);
  });

  test('have autoscalers, and no KEDA where none is installed', async () => {
    await cluster.objects.create({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5 },
    });
    expect(await scaling.listAutoscalers(namespace)).toMatchObject([
      { kind: 'HorizontalPodAutoscaler', target: { kind: 'Deployment', name: 'web' }, minReplicas: 1 },
    ]);
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('Secrets of a real API server', () => {
  const secret = (value: string, more: object = {}) => ({
    namespace,
    name: RAILS,
    type: 'Opaque',
    data: { 'secrets.yml': base64(value) },
    ...more,
  });
  const lying = () => cluster.core.readNamespacedSecret({ namespace, name: RAILS });

  test('are made, replaced with what they carry beside, and left alone when they are so already', async () => {
    expect(await writing.writeSecret(secret('one'))).toBe('created');
    const patch = [{ op: 'add', path: '/metadata/labels', value: { release: 'gitlab' } }];
    await cluster.core.patchNamespacedSecret({ namespace, name: RAILS, body: patch });
    expect(await writing.writeSecret(secret('two'))).toBe('replaced');
    expect(await lying()).toMatchObject({
      metadata: { labels: { release: 'gitlab' } },
      data: { 'secrets.yml': base64('two') },
    });
    const version = (await lying()).metadata?.resourceVersion;
    expect(await writing.writeSecret(secret('two'))).toBe('same');
    expect((await lying()).metadata?.resourceVersion).toBe(version);
  });

  test('of another type, which can not be changed, are made anew', async () => {
    const type = 'drydock.dev/test';
    expect(await writing.writeSecret(secret('two', { type }))).toBe('replaced');
    expect(await lying()).toMatchObject({ type, metadata: { labels: { release: 'gitlab' } } });
  });

  test('are taken away once', async () => {
    expect(await writing.removeSecret(secret(''))).toBe('removed');
    expect(await writing.removeSecret(secret(''))).toBe('gone');
  });

  test('of another name are out of reach, and the error says nothing of what was sent', async () => {
    const refused = await writing
      .writeSecret({ ...secret('canary-4711'), name: 'other' })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'kubernetes.forbidden',
      permission: 'get secrets/other',
      cause: undefined,
    });
    expect(JSON.stringify(refused) + String(refused)).not.toContain(base64('canary-4711'));
  });
});

describe('the rights that ship are those of the table, and no more', () => {
  const others = ['kube-system'];
  test.each([
    [RESTORE_GROUP, () => listRestoreAccess(namespace, others)],
    [RESTORE_PLAN_GROUP, () => listRestorePlanAccess(namespace, others)],
    [RESTORE_SECRETS_GROUP, () => listRestoreSecretAccess(namespace, others, [RAILS])],
  ])(
    'for %s',
    async (group, list) => {
      const rows = list();
      const admin = openKubernetes(connectAsAdmin(cluster.kubeconfig));
      const answers = await admin.reviewAccess(rows, { user: 'somebody', groups: [group] });
      const wrong = rows.filter((row, index) => answers[index]?.allowed !== row.allowed);
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});
