import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBackupAccessManifest } from '../../functions/backup/access-manifest.ts';
import { listSecretAccess, type SecretReading } from '../../functions/backup/secret-access.ts';
import { gatherSecrets } from '../../functions/backup/secrets/gather-secrets.ts';
import { openHelmReleases } from '../../functions/clients/helm-releases.ts';
import { openKubernetes } from '../../functions/clients/kubernetes.ts';
import { openKubernetesSecrets } from '../../functions/clients/kubernetes-secrets.ts';
import { BACKUP_GROUP, BACKUP_SECRETS_GROUP } from '../../functions/records/cluster-group.ts';
import { connectAsGroup } from '../support/admin-connection.ts';
import { runHelm } from '../support/helm.ts';
import { requestAsGroup } from '../support/raw-request.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';

/** Releases that a real Helm made, read with the rights that ship to users and with no other. */

let cluster: TestCluster;
let chart: string;

beforeAll(async () => {
  cluster = await openTestCluster();
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  chart = join(folder, 'gitlab');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(
    join(chart, 'Chart.yaml'),
    'apiVersion: v2\nname: gitlab\nversion: 9.10.0\nappVersion: v18.10.0\n',
  );
  await writeFile(
    join(chart, 'templates', 'secret.yaml'),
    'apiVersion: v1\nkind: Secret\nmetadata: { name: gitlab-rails-secret }\nstringData: { word: "{{ .Values.global.word }}" }\n',
  );
});
afterAll(async () => {
  await cluster?.stop();
  if (chart) await rm(join(chart, '..'), { recursive: true });
});

const openNamespace = async (reading: SecretReading = 'listed'): Promise<string> => {
  const namespace = await cluster.createNamespace();
  for (const object of buildBackupAccessManifest([namespace], reading)) await cluster.objects.create(object);
  return namespace;
};

const helm = async (namespace: string, verb: 'install' | 'upgrade', word: string): Promise<void> => {
  const set = ['--set', `global.word=${word}`, '--set', 'global.registry.bucket=acme-registry'];
  const { failed, output } = await runHelm(cluster.kubeconfig, [
    verb,
    'gitlab',
    chart,
    '--namespace',
    namespace,
    ...set,
  ]);
  if (failed) throw new Error(output);
};

const connect = (group = BACKUP_SECRETS_GROUP) => connectAsGroup(cluster.kubeconfig, group);

describe('a release of a real Helm', () => {
  test('is read as it is deployed, with the values that were given', async () => {
    const namespace = await openNamespace();
    const releases = openHelmReleases(connect());
    expect(await releases.readRelease(namespace, 'gitlab')).toBeUndefined();
    await helm(namespace, 'install', 'one');
    await helm(namespace, 'upgrade', 'two');
    expect(await releases.readRelease(namespace, 'gitlab')).toEqual({
      namespace,
      name: 'gitlab',
      revision: 2,
      status: 'deployed',
      chart: 'gitlab',
      chartVersion: '9.10.0',
      appVersion: 'v18.10.0',
      values: { global: { word: 'two', registry: { bucket: 'acme-registry' } } },
    });
  });

  test('names the secrets of a set, and those that are there are read', async () => {
    const namespace = await openNamespace();
    await helm(namespace, 'install', 'one');
    const readers = { releases: openHelmReleases(connect()), secrets: openKubernetesSecrets(connect()) };
    const gathered = await gatherSecrets({ namespace, release: 'gitlab', helmValues: true }, readers);
    expect(gathered).toMatchObject({ values: 'saved', helm: { chartVersion: '9.10.0', revision: 1 } });
    expect(gathered.contents.get('gitlab-rails-secret')).toEqual({
      state: 'read',
      data: { word: Buffer.from('one') },
    });
    expect(gathered.contents.get('gitlab-gitaly-secret')).toEqual({ state: 'absent' });
  });

  test('without the right to list says which right it is, and the chart names the secrets', async () => {
    const names = ['gitlab-rails-secret'];
    const namespace = await openNamespace({ names });
    await helm(namespace, 'install', 'one');
    const readers = { releases: openHelmReleases(connect()), secrets: openKubernetesSecrets(connect()) };
    await expect(readers.releases.readRelease(namespace, 'gitlab')).rejects.toMatchObject({
      code: 'kubernetes.forbidden',
      permission: 'list secrets',
    });
    const gathered = await gatherSecrets({ namespace, release: 'gitlab', helmValues: false }, readers);
    expect(gathered.values).toBe('left-out');
    expect(gathered.contents.get('gitlab-rails-secret')).toMatchObject({ state: 'read' });
    expect(gathered.contents.get('gitlab-gitaly-secret')).toEqual({
      state: 'unreadable',
      why: 'no right to get secrets/gitlab-gitaly-secret',
    });
  });

  test('is out of reach for who starts backups', async () => {
    const namespace = await openNamespace();
    await helm(namespace, 'install', 'one');
    await expect(
      openHelmReleases(connect(BACKUP_GROUP)).readRelease(namespace, 'gitlab'),
    ).rejects.toMatchObject({ permission: 'list secrets' });
  });
});

describe.each<[string, SecretReading]>([
  ['that lists', 'listed'],
  ['of names', { names: ['gitlab-rails-secret', 'gitlab-gitaly-secret'] }],
])('the rights of a reader of secrets %s', (_, reading) => {
  test('are what the API server says of its group, row by row', async () => {
    const rows = listSecretAccess(
      await openNamespace(reading),
      [await cluster.createNamespace(), 'kube-system'],
      reading,
    );
    const answers = await openKubernetes(connect()).reviewAccess(rows);
    expect(answers.map(({ allowed }, index) => ({ ...rows[index], allowed }))).toEqual(rows);
  });

  test('answer as the table says when they are really tried', async () => {
    const rows = listSecretAccess(await openNamespace(reading), ['kube-system'], reading);
    const tried = rows.filter(
      ({ verb, resource }) => ['get', 'list', 'delete'].includes(verb) && !resource.includes('/'),
    );
    const results = await Promise.all(
      tried.map(async (row) => ({
        ...row,
        allowed: (await requestAsGroup(cluster.kubeconfig, BACKUP_SECRETS_GROUP, row)) !== 403,
      })),
    );
    expect(results).toEqual(tried);
  });
});
