import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kubernetes, openKubernetes } from '../../functions/clients/kubernetes.ts';
import { buildImagePatch } from '../../functions/deployment/image-patch.ts';
import { chooseLogs } from '../../functions/deployment/log-choice.ts';
import { judgeRollout, type RolloutVerdict } from '../../functions/deployment/rollout-verdict.ts';
import { findRunningDigest } from '../../functions/deployment/running-digest.ts';
import type { RolloutObservation, WorkloadKind, WorkloadRef } from '../../functions/records/workload.ts';
import { connectAsAdmin } from '../support/admin-connection.ts';
import { deployment, openTestCluster, podTemplate, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
let kubernetes: Kubernetes;

beforeAll(async () => {
  cluster = await openTestCluster();
  kubernetes = openKubernetes(connectAsAdmin(cluster.kubeconfig));
});
afterAll(() => cluster?.stop());

const DIGEST_1 = `sha256:${'1'.repeat(64)}`;
const DIGEST_2 = `sha256:${'2'.repeat(64)}`;
const OLD = `registry.example.com/shop/web:1.0.0@${DIGEST_1}`;
const pinned = (tag: string): string => `registry.example.com/shop/web:${tag}@${DIGEST_2}`;

const GRACES = {
  imagePullBackOffSeconds: 0,
  crashLoopBackOffSeconds: 0,
  createContainerConfigErrorSeconds: 0,
  oomKilledSeconds: 0,
  unschedulableSeconds: 0,
};

const create = async (kind: WorkloadKind): Promise<WorkloadRef> => {
  const namespace = await cluster.createNamespace();
  const metadata = { name: 'web' };
  const selector = { matchLabels: { app: 'web' } };
  const template = podTemplate(OLD);
  if (kind === 'Deployment') {
    await cluster.apps.createNamespacedDeployment({ namespace, body: deployment(OLD, 3) });
  } else if (kind === 'StatefulSet') {
    const spec = { replicas: 3, serviceName: 'web', selector, template };
    await cluster.apps.createNamespacedStatefulSet({ namespace, body: { metadata, spec } });
  } else if (kind === 'DaemonSet') {
    await cluster.apps.createNamespacedDaemonSet({
      namespace,
      body: { metadata, spec: { selector, template } },
    });
  }
  const ref = { kind, namespace, name: 'web' };
  await follow(ref, OLD);
  return ref;
};

/** Changes the image as a rollout does. */
const release = async (ref: WorkloadRef, image: string): Promise<void> => {
  const workload = await kubernetes.readWorkload(ref);
  if (!workload) throw new Error('the workload is gone');
  const change = { workload, container: 'web', image, fence: 1, execution: 'test', cause: 'test' };
  const built = buildImagePatch({ ...change, target: 'web', restart: false });
  if (!built.ok) throw new Error(built.reason);
  expect(await kubernetes.patchWorkload(ref, built.patch)).toMatchObject({ ok: true });
};

/** Watches until the verdict is in. */
const follow = async (
  ref: WorkloadRef,
  image: string,
): Promise<{ verdict: RolloutVerdict; observation: RolloutObservation; states: string[] }> => {
  const states: string[] = [];
  const startedAt = new Date(Date.now() - 5_000).toISOString();
  for await (const observation of kubernetes.watchRollout(ref, AbortSignal.timeout(30_000))) {
    const expectations = { container: 'web', image, startedAt, deadlineSeconds: 60, graces: GRACES };
    const verdict = judgeRollout(observation, { ...expectations, steadySeconds: 0 });
    states.push(verdict.state);
    if (verdict.state !== 'progressing') return { verdict, observation, states };
  }
  throw new Error(`no verdict on ${image}: ${states.join(', ')}`);
};

test.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)(
  'a good release of a %s is seen coming up, ends healthy, and its digest is read from its pods',
  async (kind) => {
    const ref = await create(kind);
    await release(ref, pinned('1.1.0'));
    const { verdict, observation, states } = await follow(ref, pinned('1.1.0'));
    expect(verdict).toMatchObject({ state: 'healthy', code: 'rolled-out' });
    expect(states.at(-1)).toBe('healthy');
    expect(findRunningDigest(observation, 'web')).toBe(DIGEST_2);
    expect(observation.pods.filter(({ deleting }) => !deleting)).toHaveLength(3);
    expect(observation.newRevision).toBe(observation.pods.find(({ deleting }) => !deleting)?.revision);
  },
);

const BAD = [
  ['crash', 'crash-loop'],
  ['oom', 'oom-killed'],
  ['unpullable', 'image-pull'],
  ['misconfigured', 'container-config'],
] as const;

test.each(BAD)('a Deployment release that plays %s fails with %s, told by a new pod', async (play, code) => {
  const ref = await create('Deployment');
  await release(ref, pinned(`1.1.0-${play}`));
  const { verdict, observation } = await follow(ref, pinned(`1.1.0-${play}`));
  expect(verdict).toMatchObject({ state: 'failed', code });
  const broken = observation.pods.find(({ revision }) => revision === observation.newRevision);
  expect(verdict.reasons[0]).toMatch(
    new RegExp(`^pod ${broken?.name.replace(/-[^-]*$/, '')}.*, container web: `),
  );
});

test.each(['StatefulSet', 'DaemonSet'] as const)('a crashing release of a %s fails', async (kind) => {
  const ref = await create(kind);
  await release(ref, pinned('1.1.0-crash'));
  expect((await follow(ref, pinned('1.1.0-crash'))).verdict).toMatchObject({
    state: 'failed',
    code: 'crash-loop',
  });
});

test('a pod that no node takes fails as unschedulable, with the scheduler’s words', async () => {
  const ref = await create('Deployment');
  await cluster.apps.patchNamespacedDeployment({
    namespace: ref.namespace,
    name: 'web',
    body: [{ op: 'add', path: '/spec/template/spec/nodeSelector', value: { disk: 'golden' } }],
  });
  const { verdict } = await follow(ref, OLD);
  expect(verdict).toMatchObject({ state: 'failed', code: 'unschedulable' });
  expect(verdict.reasons[0]).toContain("didn't match Pod's node affinity/selector");
});

test('the log of a crashed container is the one of its last run', async () => {
  const ref = await create('Deployment');
  await release(ref, pinned('1.1.0-crash'));
  const { observation } = await follow(ref, pinned('1.1.0-crash'));
  const [choice] = chooseLogs(observation);
  if (!choice) throw new Error('no log was chosen');
  expect(choice).toMatchObject({ container: 'web', previous: true });
  const options = { tailLines: 2, previous: choice.previous };
  const log = await kubernetes.readPodLog(ref.namespace, choice.pod, choice.container, options);
  expect(log.trim().split('\n')).toHaveLength(2);
  expect(log).toContain('exiting with code 1');
  expect(await kubernetes.readPodLog(ref.namespace, 'no-such-pod', 'web', options)).toBe('');
});

test('a rollback to the image before is healthy although the failed one left its mark', async () => {
  const ref = await create('Deployment');
  await release(ref, pinned('1.1.0-crash'));
  await follow(ref, pinned('1.1.0-crash'));
  await release(ref, OLD);
  expect((await follow(ref, OLD)).verdict).toMatchObject({ state: 'healthy', code: 'rolled-out' });
});

test('a paused Deployment is overtaken, and no old pod counts as new', async () => {
  const ref = await create('Deployment');
  await cluster.apps.patchNamespacedDeployment({
    namespace: ref.namespace,
    name: 'web',
    body: [{ op: 'add', path: '/spec/paused', value: true }],
  });
  await release(ref, pinned('1.1.0'));
  await expect
    .poll(async () => {
      const { workload } = await kubernetes.observeRollout(ref);
      return workload && workload.observedGeneration === workload.generation;
    })
    .toBe(true);
  expect((await kubernetes.observeRollout(ref)).newRevision).toBeUndefined();
  expect((await follow(ref, pinned('1.1.0'))).verdict).toMatchObject({ state: 'overtaken', code: 'paused' });
});

test('a workload that a person deletes or changes during the watch is gone or overtaken', async () => {
  const changed = await create('Deployment');
  await release(changed, pinned('1.1.0-unready'));
  const watching = follow(changed, pinned('1.1.0-unready'));
  await release(changed, pinned('1.0.1'));
  expect((await watching).verdict).toMatchObject({ state: 'overtaken', code: 'image-changed' });

  const deleted = await create('StatefulSet');
  await release(deleted, pinned('1.1.0-unready'));
  const seeing = follow(deleted, pinned('1.1.0-unready'));
  await cluster.apps.deleteNamespacedStatefulSet({ namespace: deleted.namespace, name: 'web' });
  expect((await seeing).verdict).toMatchObject({ state: 'gone' });
});

test('a StatefulSet with a partition is through when the pods above it are', async () => {
  const ref = await create('StatefulSet');
  await cluster.apps.patchNamespacedStatefulSet({
    namespace: ref.namespace,
    name: 'web',
    body: [{ op: 'add', path: '/spec/updateStrategy/rollingUpdate', value: { partition: 2 } }],
  });
  await release(ref, pinned('1.1.0'));
  const { verdict, observation } = await follow(ref, pinned('1.1.0'));
  expect(verdict).toMatchObject({ state: 'healthy', code: 'partitioned' });
  expect(observation.pods.filter(({ revision }) => revision === observation.newRevision)).toHaveLength(1);
});

test('a DaemonSet that replaces pods only on deletion is accepted and says so', async () => {
  const ref = await create('DaemonSet');
  await cluster.apps.patchNamespacedDaemonSet({
    namespace: ref.namespace,
    name: 'web',
    body: [{ op: 'add', path: '/spec/updateStrategy', value: { type: 'OnDelete' } }],
  });
  await release(ref, pinned('1.1.0'));
  expect((await follow(ref, pinned('1.1.0'))).verdict).toMatchObject({ state: 'healthy', code: 'on-delete' });
});

test('a quota that stops new pods is named among the reasons', async () => {
  const ref = await create('Deployment');
  await cluster.core.createNamespacedResourceQuota({
    namespace: ref.namespace,
    body: { metadata: { name: 'tight' }, spec: { hard: { pods: '3' } } },
  });
  await release(ref, pinned('1.1.0'));
  await expect
    .poll(async () => (await kubernetes.observeRollout(ref)).events.map(({ reason }) => reason), {
      timeout: 20_000,
    })
    .toContain('FailedCreate');
  const observation = await kubernetes.observeRollout(ref);
  const late = {
    container: 'web',
    image: pinned('1.1.0'),
    startedAt: '2020-01-01T00:00:00Z',
    deadlineSeconds: 1,
  };
  const verdict = judgeRollout(observation, late);
  expect(verdict).toMatchObject({ state: 'failed', code: 'deadline' });
  expect(verdict.reasons.join('\n')).toContain('exceeded quota');
});

test('a watch ends at once when its signal aborts, and when the caller stops looking', async () => {
  const ref = await create('Deployment');
  const stop = new AbortController();
  let seen = 0;
  for await (const _ of kubernetes.watchRollout(ref, stop.signal)) {
    seen += 1;
    stop.abort();
  }
  expect(seen).toBe(1);

  const iterator = kubernetes.watchRollout(ref, AbortSignal.timeout(60_000))[Symbol.asyncIterator]();
  await iterator.next();
  const pending = iterator.next();
  await iterator.return?.();
  expect(await pending).toMatchObject({ done: true });
});
