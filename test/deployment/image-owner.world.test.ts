import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kubernetes, openKubernetes } from '../../functions/clients/kubernetes.ts';
import { findImageOwners, judgeImageOwner } from '../../functions/deployment/image-owner.ts';
import { buildImagePatch } from '../../functions/deployment/image-patch.ts';
import type { TemplateContainer, Workload, WorkloadRef } from '../../functions/records/workload.ts';
import { connectAsAdmin } from '../support/admin-connection.ts';
import { runHelm } from '../support/helm.ts';
import { deployment, openTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
let kubernetes: Kubernetes;
let chart: string;

beforeAll(async () => {
  cluster = await openTestCluster();
  kubernetes = openKubernetes(connectAsAdmin(cluster.kubeconfig));
  chart = await mkdtemp(join(tmpdir(), 'drydock-chart-'));
  await mkdir(join(chart, 'templates'));
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  await writeFile(join(chart, 'values.yaml'), 'image: registry.example.com/shop/web:1.0.0\nreplicas: 1\n');
  await writeFile(join(chart, 'templates', 'web.yaml'), TEMPLATES);
});
afterAll(async () => {
  await cluster?.stop();
  if (chart) await rm(chart, { recursive: true, force: true });
});

const TEMPLATES = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers: [{ name: migrate, image: {{ .Values.image }} }]
      containers: [{ name: web, image: {{ .Values.image }} }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: tidy }
spec:
  schedule: 0 0 1 1 *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{ name: tidy, image: {{ .Values.image }} }]
`;

const find = async (ref: WorkloadRef, container: string): Promise<[Workload, TemplateContainer]> => {
  const workload = await kubernetes.readWorkload(ref);
  const found = workload?.containers.find(({ name }) => name === container);
  if (!workload || !found) throw new Error(`no ${container}`);
  return [workload, found];
};

test('images of a Helm release are owned by Helm: of containers, init containers and CronJobs', async () => {
  const namespace = await cluster.createNamespace();
  expect(await runHelm(cluster.kubeconfig, ['install', 'web', chart, '-n', namespace])).toMatchObject({
    failed: false,
  });
  const web = { kind: 'Deployment', namespace, name: 'web' } as const;
  for (const [ref, container] of [
    [web, 'web'],
    [web, 'migrate'],
    [{ kind: 'CronJob', namespace, name: 'tidy' } as const, 'tidy'],
  ] as const) {
    const [workload, found] = await find(ref, container);
    expect(findImageOwners(workload, found)).toEqual(['helm']);
    expect(judgeImageOwner(workload, found, false)).toMatchObject({ ok: false, code: 'owner.helm' });
  }
});

test('when ownership is taken, the next upgrade of the release conflicts, as the consequence says', async () => {
  const namespace = await cluster.createNamespace();
  await runHelm(cluster.kubeconfig, ['install', 'web', chart, '-n', namespace]);
  const ref = { kind: 'Deployment', namespace, name: 'web' } as const;
  const [workload, container] = await find(ref, 'web');
  const verdict = judgeImageOwner(workload, container, true);
  expect(verdict).toMatchObject({ ok: true, consequence: expect.stringContaining('helm upgrade') });

  const image = 'registry.example.com/shop/web:1.1.0';
  const change = { workload, container: 'web', image, fence: 1, execution: 'x', cause: 'x', restart: false };
  const built = buildImagePatch({ ...change, target: 'web' });
  if (!built.ok) throw new Error(built.reason);
  expect(await kubernetes.patchWorkload(ref, built.patch)).toMatchObject({ ok: true });
  const [after, now] = await find(ref, 'web');
  expect(findImageOwners(after, now)).toEqual(['drydock']);
  expect(judgeImageOwner(after, now, false)).toEqual({ ok: true });

  const upgrade = ['upgrade', 'web', chart, '-n', namespace, '--set', 'replicas=2'];
  const refused = await runHelm(cluster.kubeconfig, upgrade);
  expect(refused.failed).toBe(true);
  expect(refused.output).toMatch(/conflict.*drydock.*image/s);

  expect(await runHelm(cluster.kubeconfig, [...upgrade, '--force-conflicts'])).toMatchObject({
    failed: false,
  });
  expect((await find(ref, 'web'))[1].image).toBe('registry.example.com/shop/web:1.0.0');
});

test.each([
  ['argocd-controller', 'owner.argocd'],
  ['kustomize-controller', 'owner.flux'],
  ['helm-controller', 'owner.flux'],
  ['kubectl-client-side-apply', undefined],
  ['kubectl-set', undefined],
  ['drydock', undefined],
])('an image that %s wrote gives %s', async (fieldManager, code) => {
  const namespace = await cluster.createNamespace();
  const body = deployment('registry.example.com/shop/web:1.0.0', 0);
  await cluster.apps.createNamespacedDeployment({ namespace, body, fieldManager });
  const [workload, container] = await find({ kind: 'Deployment', namespace, name: 'web' }, 'web');
  expect(findImageOwners(workload, container)).toEqual([fieldManager]);
  const verdict = judgeImageOwner(workload, container, false);
  expect(verdict.ok ? undefined : verdict.code).toBe(code);
});
