import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Kubernetes, openKubernetes } from '../../functions/clients/kubernetes.ts';
import {
  CHANGE_CAUSE,
  executionOf,
  fenceOf,
  PREVIOUS_IMAGE,
} from '../../functions/deployment/annotations.ts';
import { buildImagePatch } from '../../functions/deployment/image-patch.ts';
import type { JsonPatchOperation, Workload, WorkloadKind } from '../../functions/records/workload.ts';
import { connectAsAdmin } from '../support/admin-connection.ts';
import { deployment, openTestCluster, podTemplate, type TestCluster } from '../support/test-cluster.ts';

/** What the steps of the target `web` write. */
const FENCE = fenceOf('web');
const EXECUTION = executionOf('web');

let cluster: TestCluster;
let kubernetes: Kubernetes;

beforeAll(async () => {
  cluster = await openTestCluster();
  kubernetes = openKubernetes(connectAsAdmin(cluster.kubeconfig));
});
afterAll(() => cluster?.stop());

const OLD = 'registry.example.com/shop/web:1.0.0';
const NEW = `registry.example.com/shop/web:1.1.0@sha256:${'b'.repeat(64)}`;

/** Makes a workload `web` of the kind, with a container and an init container. */
const create = async (kind: WorkloadKind, namespace: string): Promise<void> => {
  const template = podTemplate(OLD);
  const spec = { ...template.spec, initContainers: [{ name: 'migrate', image: OLD }] };
  const selector = { matchLabels: { app: 'web' } };
  const metadata = { name: 'web' };
  const pod = { ...template, spec };
  switch (kind) {
    case 'Deployment':
      await cluster.apps.createNamespacedDeployment({
        namespace,
        body: { metadata, spec: { selector, template: pod } },
      });
      // Its controller writes an annotation at once, which to a patch is a change like any other.
      await vi.waitFor(async () => expect((await read(kind, namespace)).hasAnnotations).toBe(true), 10_000);
      return;
    case 'StatefulSet':
      await cluster.apps.createNamespacedStatefulSet({
        namespace,
        body: { metadata, spec: { selector, template: pod, serviceName: 'web' } },
      });
      return;
    case 'DaemonSet':
      await cluster.apps.createNamespacedDaemonSet({
        namespace,
        body: { metadata, spec: { selector, template: pod } },
      });
      return;
    case 'CronJob': {
      const job = { spec: { template: { ...pod, spec: { ...spec, restartPolicy: 'OnFailure' } } } };
      await cluster.batch.createNamespacedCronJob({
        namespace,
        body: { metadata, spec: { schedule: '0 0 1 1 *', jobTemplate: job } },
      });
    }
  }
};

const read = async (kind: WorkloadKind, namespace: string): Promise<Workload> => {
  const workload = await kubernetes.readWorkload({ kind, namespace, name: 'web' });
  if (!workload) throw new Error(`there is no ${kind} web in ${namespace}`);
  return workload;
};

const imageOf = (workload: Workload, container: string): string | undefined =>
  workload.containers.find(({ name }) => name === container)?.image;

const patchOf = (workload: Workload, overrides: { container?: string; fence?: number } = {}) => {
  const change = {
    container: 'web',
    fence: 7,
    execution: 'rollout-1',
    cause: 'Drydock: 1.1.0',
    ...overrides,
  };
  const built = buildImagePatch({ workload, target: 'web', image: NEW, restart: false, ...change });
  if (!built.ok) throw new Error(built.reason);
  return built.patch;
};

describe.each(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'] as const)('%s', (kind) => {
  test.each(['web', 'migrate'])(
    'the image of container %s changes, and nothing else of the spec',
    async (container) => {
      const namespace = await cluster.createNamespace();
      await create(kind, namespace);
      const before = await read(kind, namespace);
      const patched = await kubernetes.patchWorkload(before.ref, patchOf(before, { container }));

      expect(patched.ok).toBe(true);
      const after = await read(kind, namespace);
      expect(after.containers.map(({ name, image }) => [name, image])).toEqual([
        ['web', container === 'web' ? NEW : OLD],
        ['migrate', container === 'migrate' ? NEW : OLD],
      ]);
      expect(after.annotations).toMatchObject({
        [FENCE]: '7',
        [EXECUTION]: 'rollout-1',
        [CHANGE_CAUSE]: 'Drydock: 1.1.0',
        [PREVIOUS_IMAGE]: `${container}=${OLD}`,
      });
      expect(after.managedFields.map(({ manager }) => manager)).toContain('drydock');
    },
  );

  test('an image that somebody changed in between is a conflict and stays', async () => {
    const namespace = await cluster.createNamespace();
    await create(kind, namespace);
    const stale = patchOf(await read(kind, namespace));
    const theirs = patchOf(await read(kind, namespace)).map((operation) =>
      operation.op !== 'remove' && operation.value === NEW
        ? { ...operation, value: 'registry.example.com/shop/web:hand' }
        : operation,
    );
    await kubernetes.patchWorkload({ kind, namespace, name: 'web' }, theirs.filter(isOfImage));

    const refused = await kubernetes.patchWorkload({ kind, namespace, name: 'web' }, stale);

    expect(refused).toMatchObject({ ok: false, reason: 'conflict' });
    expect(imageOf(await read(kind, namespace), 'web')).toBe('registry.example.com/shop/web:hand');
  });

  test('a fence that somebody wrote in between is a conflict, with and without annotations before', async () => {
    const namespace = await cluster.createNamespace();
    await create(kind, namespace);
    const first = await read(kind, namespace);
    const aborted = patchOf(first, { fence: 3 });
    const later = patchOf(first, { fence: 4 }).filter((operation) => !isOfImage(operation));
    expect(await kubernetes.patchWorkload(first.ref, later)).toMatchObject({ ok: true });
    expect(await kubernetes.patchWorkload(first.ref, aborted)).toMatchObject({
      ok: false,
      reason: 'conflict',
    });

    const second = await read(kind, namespace);
    const rebuilt = patchOf(second, { fence: 4 });
    expect(await kubernetes.patchWorkload(second.ref, patchOf(second, { fence: 5 }))).toMatchObject({
      ok: true,
    });
    expect(await kubernetes.patchWorkload(second.ref, rebuilt)).toMatchObject({
      ok: false,
      reason: 'conflict',
    });
    expect((await read(kind, namespace)).annotations[FENCE]).toBe('5');
  });

  test('a workload that is not there reads as undefined and patches as gone', async () => {
    const namespace = await cluster.createNamespace();
    await create(kind, namespace);
    const patch = patchOf(await read(kind, namespace));
    const other = { kind, namespace, name: 'other' };
    expect(await kubernetes.readWorkload(other)).toBeUndefined();
    expect(await kubernetes.patchWorkload(other, patch)).toMatchObject({ ok: false, reason: 'gone' });
  });
});

const isOfImage = (operation: JsonPatchOperation): boolean => operation.path.includes('ontainers/');

test('twenty writers with their own fences: exactly one of those who read the same state wins', async () => {
  const namespace = await cluster.createNamespace();
  await create('Deployment', namespace);
  const workload = await read('Deployment', namespace);
  const writers = Array.from({ length: 20 }, (_, index) => patchOf(workload, { fence: index + 1 }));
  const results = await Promise.all(writers.map((patch) => kubernetes.patchWorkload(workload.ref, patch)));

  const winners = results.flatMap((result, index) => (result.ok ? [index + 1] : []));
  expect(winners).toHaveLength(1);
  expect((await read('Deployment', namespace)).annotations[FENCE]).toBe(String(winners[0]));
});

test('a redeploy of the same image makes new pods once, however often it is repeated', async () => {
  const namespace = await cluster.createNamespace();
  await cluster.apps.createNamespacedDeployment({ namespace, body: deployment(OLD) });
  const redeploy = async (): Promise<number> => {
    const workload = await read('Deployment', namespace);
    const change = { workload, container: 'web', image: OLD, fence: 1, execution: 'again', cause: 'again' };
    const built = buildImagePatch({ ...change, target: 'web', restart: true });
    if (!built.ok) throw new Error(built.reason);
    const patched = await kubernetes.patchWorkload(workload.ref, built.patch);
    if (patched.ok) return patched.workload.generation;
    // The controller notes its first revision on a Deployment that is this young.
    if (patched.reason === 'conflict') return redeploy();
    throw new Error(patched.message);
  };
  const before = (await read('Deployment', namespace)).generation;
  expect(await redeploy()).toBe(before + 1);
  expect(await redeploy()).toBe(before + 1);
});

test('a result that Kubernetes would not have is invalid, and its values are not repeated', async () => {
  const namespace = await cluster.createNamespace();
  const body = deployment(OLD);
  const secretive = { name: 'web', image: OLD, env: [{ name: 'TOKEN', value: 'canary-4711' }] };
  body.spec.template.spec.containers = [secretive];
  await cluster.apps.createNamespacedDeployment({ namespace, body });
  const ref = { kind: 'Deployment', namespace, name: 'web' } as const;
  const results = await Promise.all([
    kubernetes.patchWorkload(ref, [{ op: 'replace', path: '/spec/replicas', value: 'many' }]),
    kubernetes.patchWorkload(ref, [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: '' },
    ]),
  ]);
  for (const result of results) expect(result).toMatchObject({ ok: false, reason: 'invalid' });
  expect(JSON.stringify(results)).not.toContain('canary-4711');
});
