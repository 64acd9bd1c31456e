import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Kubernetes, openKubernetes } from '../../functions/clients/kubernetes.ts';
import { buildAccessManifest } from '../../functions/deployment/access-manifest.ts';
import { CHANGE_CAUSE, fenceOf } from '../../functions/deployment/annotations.ts';
import { listAccess } from '../../functions/deployment/cluster-access.ts';
import { buildImagePatch } from '../../functions/deployment/image-patch.ts';
import { DEPLOYMENT_GROUP } from '../../functions/records/cluster-group.ts';
import type { JsonPatchOperation, WorkloadKind, WorkloadRef } from '../../functions/records/workload.ts';
import { connectAsAdmin, connectAsGroup } from '../support/admin-connection.ts';
import { requestAsGroup } from '../support/raw-request.ts';
import { openTestCluster, podTemplate, type TestCluster } from '../support/test-cluster.ts';

/** What the steps of the target `web` write. */
const FENCE = fenceOf('web');

let cluster: TestCluster;
let drydock: Kubernetes;
let given: string;
let other: string;

beforeAll(async () => {
  cluster = await openTestCluster();
  drydock = openKubernetes(connectAsGroup(cluster.kubeconfig, DEPLOYMENT_GROUP));
  given = await cluster.createNamespace();
  other = await cluster.createNamespace();
  for (const object of buildAccessManifest([given])) {
    await cluster.objects.create(object).catch((error: unknown) => {
      if (!String(error).includes('AlreadyExists')) throw error;
    });
  }
  await createWorkloads(given);
  await waitForPolicy();
});
afterAll(() => cluster?.stop());

const IMAGE = 'registry.example.com/shop/web:1.0.0';

const createWorkloads = async (namespace: string): Promise<void> => {
  const metadata = { name: 'web' };
  const selector = { matchLabels: { app: 'web' } };
  const pod = podTemplate(IMAGE);
  const template = {
    ...pod,
    spec: {
      ...pod.spec,
      initContainers: [{ name: 'migrate', image: IMAGE }],
      serviceAccountName: 'default',
      containers: [{ name: 'web', image: IMAGE, command: ['/web'], env: [{ name: 'A', value: '1' }] }],
    },
  };
  await cluster.apps.createNamespacedDeployment({
    namespace,
    body: { metadata, spec: { replicas: 1, selector, template } },
  });
  await cluster.apps.createNamespacedStatefulSet({
    namespace,
    body: { metadata, spec: { replicas: 1, serviceName: 'web', selector, template } },
  });
  await cluster.apps.createNamespacedDaemonSet({
    namespace,
    body: { metadata, spec: { selector, template } },
  });
  const job = { ...template, spec: { ...template.spec, restartPolicy: 'OnFailure' } };
  const jobTemplate = { spec: { template: job } };
  await cluster.batch.createNamespacedCronJob({
    namespace,
    body: { metadata, spec: { schedule: '0 0 1 1 *', jobTemplate } },
  });
};

const ref = (kind: WorkloadKind): WorkloadRef => ({ kind, namespace: given, name: 'web' });

/** The API server reads a new policy with a moment's delay. */
const waitForPolicy = async (): Promise<void> => {
  let attempt = 0;
  const tryToCheat = async () => {
    attempt += 1;
    const cheat = [{ op: 'add', path: '/metadata/labels', value: { probe: `x${attempt}` } }] as const;
    expect(await drydock.patchWorkload(ref('Deployment'), cheat)).toMatchObject({ ok: false });
  };
  await vi.waitFor(tryToCheat, { timeout: 20_000, interval: 200 });
};

test('every row of the can/cannot table is what the API server says of our group', async () => {
  const rows = listAccess(given, [other, 'kube-system']);
  const answers = await drydock.reviewAccess(rows);
  const said = answers.map(({ allowed }, index) => ({ ...rows[index], allowed }));
  expect(said).toEqual(rows);
  expect(rows.filter(({ allowed }) => allowed).length).toBeGreaterThan(20);
  expect(rows.filter(({ allowed }) => !allowed).length).toBeGreaterThan(60);
});

test('every read and delete of the table is really tried, and answers as the table says', async () => {
  const tried = listAccess(given, [other, 'kube-system']).filter(
    ({ verb, resource }) => ['get', 'list', 'delete'].includes(verb) && !resource.includes('/'),
  );
  const results = await Promise.all(
    tried.map(async (row) => ({
      ...row,
      // 404: allowed to ask, and there is none of that name.
      allowed: (await requestAsGroup(cluster.kubeconfig, DEPLOYMENT_GROUP, row)) !== 403,
    })),
  );
  expect(results).toEqual(tried);
});

describe.each(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'] as const)('on a %s', (kind) => {
  const template = kind === 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template';
  const pod = `${template}/spec`;
  const change = { op: 'replace', path: `${pod}/containers/0/image`, value: 'cheat' } as const;

  test.each(['web', 'migrate'])('the patch of the image of %s is let through', async (container) => {
    const workload = await drydock.readWorkload(ref(kind));
    if (!workload) throw new Error('there is no workload');
    const image = `${IMAGE}-${container}`;
    const what = { workload, container, image, fence: 2, execution: 'test', cause: 'test' };
    const built = buildImagePatch({ ...what, target: 'web', restart: false });
    if (!built.ok) throw new Error(built.reason);
    expect(await drydock.patchWorkload(ref(kind), built.patch)).toMatchObject({ ok: true });
  });

  test('the patch of a redeploy is let through', async () => {
    const workload = await drydock.readWorkload(ref(kind));
    const image = workload?.containers.find(({ name }) => name === 'web')?.image;
    if (!workload || !image) throw new Error('there is no workload');
    const what = { workload, container: 'web', image, fence: 2, execution: 'again', cause: 'test' };
    const built = buildImagePatch({ ...what, target: 'web', restart: true });
    if (!built.ok) throw new Error(built.reason);
    expect(await drydock.patchWorkload(ref(kind), built.patch)).toMatchObject({ ok: true });
  });

  const secret = { name: 'loot', secret: { secretName: 'database' } };
  const CHEATS: readonly [string, JsonPatchOperation[]][] = [
    ['mount a Secret', [{ op: 'add', path: `${pod}/volumes`, value: [secret] }]],
    ['change the command', [{ op: 'replace', path: `${pod}/containers/0/command`, value: ['/bin/sh'] }]],
    ['drop the command', [{ op: 'remove', path: `${pod}/containers/0/command` }]],
    ['add arguments', [{ op: 'add', path: `${pod}/containers/0/args`, value: ['-c', 'env'] }]],
    [
      'read a Secret into the environment',
      [
        {
          op: 'add',
          path: `${pod}/containers/0/env/-`,
          value: { name: 'L', valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } },
        },
      ],
    ],
    [
      'change a value of the environment',
      [{ op: 'replace', path: `${pod}/containers/0/env/0/value`, value: '2' }],
    ],
    ['take another service account', [{ op: 'replace', path: `${pod}/serviceAccountName`, value: 'admin' }]],
    ['run as root', [{ op: 'add', path: `${pod}/containers/0/securityContext`, value: { runAsUser: 0 } }]],
    ['use the network of the host', [{ op: 'add', path: `${pod}/hostNetwork`, value: true }]],
    ['add a container', [{ op: 'add', path: `${pod}/containers/-`, value: { name: 'spy', image: 'spy' } }]],
    [
      'add an init container',
      [{ op: 'add', path: `${pod}/initContainers/-`, value: { name: 'spy', image: 'spy' } }],
    ],
    ['drop the init containers', [{ op: 'remove', path: `${pod}/initContainers` }]],
    [
      'change an init container',
      [{ op: 'add', path: `${pod}/initContainers/0/command`, value: ['/bin/sh'] }],
    ],
    ['rename a container', [{ op: 'replace', path: `${pod}/containers/0/name`, value: 'web2' }]],
    [
      'hide a change behind an image',
      [change, { op: 'add', path: `${pod}/containers/0/args`, value: ['x'] }],
    ],
    [
      'write an annotation of others',
      [{ op: 'add', path: '/metadata/annotations/iam.example~1role', value: 'x' }],
    ],
    ['write a label', [{ op: 'add', path: '/metadata/labels', value: { team: 'x' } }]],
    ['write a finalizer', [{ op: 'add', path: '/metadata/finalizers', value: ['x.example/y'] }]],
    [
      'write a pod annotation of others',
      [{ op: 'add', path: `${template}/metadata/annotations`, value: { 'inject.example/x': 'y' } }],
    ],
    kind === 'CronJob'
      ? ['change the schedule', [{ op: 'replace', path: '/spec/schedule', value: '* * * * *' }]]
      : kind === 'DaemonSet'
        ? ['change how pods are replaced', [{ op: 'add', path: '/spec/minReadySeconds', value: 5 }]]
        : ['scale', [{ op: 'replace', path: '/spec/replicas', value: 0 }]],
  ];

  test.each(CHEATS)('it may not %s', async (_, patch) => {
    const result = await drydock.patchWorkload(ref(kind), patch);
    const message: unknown = expect.stringContaining('Drydock: ');
    expect(result).toMatchObject({ ok: false, reason: 'forbidden', message });
  });
});

test('others than our group are not limited by the policy', async () => {
  const admin = openKubernetes(connectAsAdmin(cluster.kubeconfig));
  const scale = [{ op: 'replace', path: '/spec/replicas', value: 2 }] as const;
  expect(await admin.patchWorkload(ref('StatefulSet'), scale)).toMatchObject({ ok: true });
});

test('our annotations may be written on a workload that has none', async () => {
  const template = { spec: { ...podTemplate(IMAGE).spec, restartPolicy: 'OnFailure' } };
  await cluster.batch.createNamespacedCronJob({
    namespace: given,
    body: {
      metadata: { name: 'bare' },
      spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } },
    },
  });
  const bare = { ...ref('CronJob'), name: 'bare' };
  const patch = [
    { op: 'add', path: '/metadata/annotations', value: { [FENCE]: '1', [CHANGE_CAUSE]: 'x' } },
  ] as const;
  expect(await drydock.patchWorkload(bare, patch)).toMatchObject({ ok: true });
});

test('without the Role, the error says which right is missing and what to apply', async () => {
  await expect(drydock.readWorkload({ ...ref('Deployment'), namespace: other })).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'kubernetes.forbidden',
    message: expect.stringMatching(/cannot get resource "deployments".*cluster-manifests -- --namespace/s),
  });
});
