import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesReader } from '../../../functions/clients/kubernetes-reader.ts';
import { openKubernetesReader } from '../../../functions/clients/kubernetes-reader-open.ts';
import type { ApiEvidence } from '../../../functions/records/upgrade/api-facts.ts';
import { removedApis } from '../../../functions/upgrade/checks/removed-apis.ts';
import { readEvidence } from '../../../functions/upgrade/deprecations/evidence.ts';
import { decodeHelmRelease } from '../../../functions/upgrade/deprecations/helm-release.ts';
import { listRuledResources } from '../../../functions/upgrade/deprecations/table.ts';
import { connectAsAdmin } from '../../support/admin-connection.ts';
import { runHelm, runKubectl } from '../../support/helm.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { CHECK_TIME, healthyCluster, topicOf } from '../../support/upgrade-facts.ts';

/*
 * What kubectl, Helm and the API server of Kubernetes 1.36 really leave behind. It serves the two versions that 1.37
 * takes away only when it is told to; EKS does so for clusters that used them before.
 */
const SERVE_OLD = ['--runtime-config=networking.k8s.io/v1beta1=true,storage.k8s.io/v1beta1=true'];
const SCAN = { group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs', namespaced: false };

const writeRange = (version: string, name: string, third: number): string =>
  `apiVersion: networking.k8s.io/${version}\nkind: ServiceCIDR\nmetadata:\n  name: ${name}\nspec:\n  cidrs: ['10.98.${third}.0/24']\n`;

let cluster: TestCluster;
let reader: KubernetesReader;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-evidence-'));
  cluster = await openTestCluster(SERVE_OLD);
  reader = openKubernetesReader(connectAsAdmin(cluster.kubeconfig));
});

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const kubectl = async (args: string, input?: string): Promise<string> => {
  const { failed, output } = await runKubectl(cluster.kubeconfig, args.split(' '), input);
  expect(output).not.toMatch(/^error/i);
  expect(failed).toBe(false);
  return output;
};

const evidenceOf = async (name: string): Promise<ApiEvidence[]> => {
  const { items } = await reader.listMetadata({ resource: SCAN });
  const found = items.find((item) => item.name === name);
  return found ? readEvidence({ group: SCAN.group, kind: 'ServiceCIDR' }, found) : [];
};

describe('what a real API server keeps of how objects were written', () => {
  it('has no evidence in a cluster that only runs itself', async () => {
    const ruled = new Set(listRuledResources().map(({ group, kind }) => `${group}/${kind}`));
    const { resources } = await reader.discover();
    const lists = resources.filter(({ group, kind }) => ruled.has(`${group}/${kind}`));
    let objects = 0;
    for (const resource of lists) {
      const { items } = await reader.listMetadata({ resource });
      objects += items.length;
      expect(items.flatMap((item) => readEvidence(resource, item))).toEqual([]);
    }
    // Roles, flow schemas, priority classes: what every cluster has.
    expect(objects).toBeGreaterThan(100);
  });

  it('has both notes of kubectl apply, though it is read by the version that stays', async () => {
    await kubectl('apply -f -', writeRange('v1beta1', 'applied', 1));
    expect(await evidenceOf('applied')).toMatchObject([
      { source: 'last-applied', apiVersion: 'networking.k8s.io/v1beta1', confidence: 'high' },
      {
        source: 'managed-fields',
        apiVersion: 'networking.k8s.io/v1beta1',
        confidence: 'medium',
        manager: 'kubectl-client-side-apply',
      },
    ]);
  });

  it('has only managedFields of a server-side apply', async () => {
    await kubectl(
      'apply --server-side --field-manager shipper -f -',
      writeRange('v1beta1', 'server-side', 2),
    );
    expect(await evidenceOf('server-side')).toMatchObject([{ source: 'managed-fields', manager: 'shipper' }]);
  });

  it.each([
    ['kubectl apply', 'mended', 'apply -f -'],
    ['a server-side apply', 'mended-server-side', 'apply --server-side -f -'],
  ])('has none any more once %s has sent the version that stays', async (_, name, command) => {
    const third = name === 'mended' ? 3 : 4;
    await kubectl(command, writeRange('v1beta1', name, third));
    expect(await evidenceOf(name)).not.toEqual([]);
    // The notes count in seconds: within one, nobody can say which came last.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await kubectl(command, writeRange('v1', name, third));
    expect(await evidenceOf(name)).toEqual([]);
  });

  it('is told with commands that work', async () => {
    await kubectl('apply -f -', writeRange('v1beta1', 'told', 5));
    const fact = { kind: 'ServiceCIDR', namespace: '', name: 'told', evidence: await evidenceOf('told') };
    const step = { cluster: 'a', region: 'b', current: '1.36', from: '1.36', to: '1.37', now: CHECK_TIME };
    const [verdict] = removedApis.judge(healthyCluster({ usedApis: topicOf(fact) }), step);
    expect(verdict).toMatchObject({ result: 'block', subject: 'ServiceCIDR told' });
    const [view = ''] = verdict?.remedy.command?.split(' | ') ?? [];
    expect(view).toMatch(/^kubectl apply view-last-applied /);
    expect(await kubectl(view.replace(/^kubectl /, ''))).toContain('networking.k8s.io/v1beta1');
  });
});

describe('what real Helm keeps', () => {
  it.each(['secret', 'configmap'] as const)(
    'a release in a %s names the old version and its template',
    async (driver) => {
      const namespace = await cluster.createNamespace();
      const chart = join(folder, driver);
      await mkdir(join(chart, 'templates'), { recursive: true });
      await writeFile(
        join(chart, 'Chart.yaml'),
        'apiVersion: v2\nname: discs\nversion: 1.2.3\nappVersion: "4.5"\n',
      );
      await writeFile(
        join(chart, 'templates', 'class.yaml'),
        'apiVersion: storage.k8s.io/v1beta1\nkind: VolumeAttributesClass\nmetadata:\n  name: {{ .Release.Name }}-fast\ndriverName: ebs.csi.aws.com\nparameters: {iops: "4000"}\n',
      );
      const installed = await runHelm(
        cluster.kubeconfig,
        ['install', driver, chart, '--namespace', namespace],
        driver,
      );
      expect(installed).toMatchObject({ failed: false });
      expect(decodeHelmRelease(await readStored(namespace, driver), driver)).toMatchObject({
        ok: true,
        release: {
          name: driver,
          namespace,
          revision: 1,
          chart: 'discs',
          chartVersion: '1.2.3',
          appVersion: '4.5',
          faults: [],
          objects: [
            {
              kind: 'VolumeAttributesClass',
              namespace: '',
              name: `${driver}-fast`,
              evidence: [
                {
                  source: 'helm',
                  apiVersion: 'storage.k8s.io/v1beta1',
                  release: `${namespace}/${driver}`,
                  template: 'discs/templates/class.yaml',
                },
              ],
            },
          ],
        },
      });
    },
  );

  const readStored = async (namespace: string, driver: 'secret' | 'configmap'): Promise<string> => {
    const question = { namespace, labelSelector: 'owner=helm,status=deployed' };
    const list =
      driver === 'secret'
        ? await cluster.core.listNamespacedSecret(question)
        : await cluster.core.listNamespacedConfigMap(question);
    return list.items[0]?.data?.['release'] ?? '';
  };
});
