import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessEntryCommand, DeleteAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { AppsV1Api, KubernetesObjectApi, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { knock } from '../../functions/clients/webhook-probe.ts';
import { buildAccessManifest } from '../../functions/deployment/access-manifest.ts';
import { ACCESS_NAME } from '../../functions/deployment/cluster-access.ts';
import { DEPLOYMENT_GROUP } from '../../functions/records/cluster-group.ts';
import { pushImage } from '../../infra/local/registry/push.ts';
import { CLUSTER, NAMESPACE, SECRETS } from '../../infra/local/world/configuration.ts';
import { startWorld, type World } from '../../infra/local/world/start-world.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { openRoleSession, type RoleSession } from '../support/role-session.ts';
import { deployment } from '../support/test-cluster.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { target } from '../support/world/use-world.ts';

/** The command as a person runs it, on the local world: what it finds wrong, its advice followed, what then breaks. */

const Report = z.object({
  rows: z.array(
    z.object({
      subject: z.string(),
      check: z.string(),
      state: z.string(),
      detail: z.string(),
      mend: z.string().optional(),
    }),
  ),
});
type Finding = z.output<typeof Report>['rows'][number];

let folder: string;
let world: World;
let ada: RoleSession;
let eks: EKSClient;
let cluster: ReturnType<typeof loadKubeconfig>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-doctor-'));
  world = await startWorld({
    folder,
    targets: (host) => ({ web: target(host, 'web') }),
    report: () => undefined,
  });
  ada = await openRoleSession(world.aws, 'platform-engineer', ['*']);
  eks = new EKSClient({ ...clientSettings(world), endpoint: world.eks.url });
  cluster = loadKubeconfig(world.cluster.kubeconfig);
});
afterAll(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = async (who: RoleSession, ...args: string[]) => {
  const command = ['functions/commands/doctor.ts', '--file', world.configurationFile, ...args];
  const env = { ...world.aws.environment(), ...who.environment, AWS_ENDPOINT_URL_EKS: world.eks.url };
  return execa('node', command, { env, preferLocal: true, reject: false, all: true });
};
const examine = async (who = ada): Promise<Map<string, Finding>> => {
  const { rows } = Report.parse(JSON.parse((await run(who, '--json')).stdout));
  return new Map(rows.map((row) => [`${row.subject}: ${row.check}`, row]));
};
const listStates = (rows: Map<string, Finding>) =>
  Object.fromEntries([...rows].map(([name, { state }]) => [name, state]));

/** The stack tells the address of its webhook on AWS, at which nobody answers here. */
const NOT_HERE = { 'source registry: door': 'not-checked', 'source pipelines: door': 'not-checked' };

describe('doctor', () => {
  test('finds what is missing after the first deploy, and does not guess at what it may not see', async () => {
    const rows = await examine();
    expect(listStates(rows)).toEqual({
      'site local: identity': 'pass',
      'site local: stack': 'pass',
      'site local: topic': 'fail',
      'site local: ledger': 'pass',
      'site local: key': 'pass',
      'environment local: cluster': 'pass',
      'environment local: endpoint': 'pass',
      'environment local: access entry': 'pass',
      'environment local: rights': 'not-checked',
      'environment local: access entry, upgrade': 'pass',
      'environment local: rights, upgrade': 'not-checked',
      'target web: workload': 'not-checked',
      'target web: image owner': 'not-checked',
      'registry local: endpoint': 'pass',
      'registry local: credentials': 'pass',
      'registry local: pull': 'fail',
      'source registry: secret': 'pass',
      'source pipelines: secret': 'pass',
      ...NOT_HERE,
    });
    expect(rows.get('site local: topic')?.mend).toContain(`--topic-arn ${world.site.topicArn}`);
  });

  test('is content once its advice was followed', async () => {
    const { topicArn } = world.site;
    const subscription = { TopicArn: topicArn, Protocol: 'sms', Endpoint: '+15550100' };
    await new SNSClient(clientSettings(world)).send(new SubscribeCommand(subscription));
    const { digest } = await pushImage({
      registry: world.registry,
      repository: 'shop/web',
      tag: '1.0.0',
      content: '1.0.0',
    });
    const image = `${world.registry.host}/shop/web:1.0.0@${digest}`;
    await cluster
      .makeApiClient(AppsV1Api)
      .createNamespacedDeployment({ namespace: NAMESPACE, body: deployment(image) });
    await letMeIn();
    const rows = await examine();
    expect([...rows.values()].filter(({ state, check }) => state !== 'pass' && check !== 'door')).toEqual([]);
    expect(rows.get('target web: workload')?.detail).toBe(`runs ${image}`);
  });

  test('sees the door refuse a stranger', async () => {
    expect(await knock(`${world.site.webhookUrl}/hooks/registry`)).toBe(401);
  });

  test('sees a Role that is gone, and one that is too large', async () => {
    const rbac = cluster.makeApiClient(RbacAuthorizationV1Api);
    await rbac.deleteNamespacedRole({ name: ACCESS_NAME, namespace: NAMESPACE });
    const gone = (await examine()).get('environment local: rights');
    expect(gone).toMatchObject({
      state: 'fail',
      mend: 'npm run -s cluster-manifests -- --namespace shop | kubectl apply -f -',
    });
    const objects = KubernetesObjectApi.makeApiClient(cluster);
    const role = buildAccessManifest([NAMESPACE]).find(({ kind }) => kind === 'Role');
    await objects.create({ ...role });

    await bind('too-much', 'cluster-admin', DEPLOYMENT_GROUP);
    expect((await examine()).get('environment local: rights')).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('may do more than it needs'),
    });
    await rbac.deleteClusterRoleBinding({ name: 'too-much' });
    expect((await examine()).get('environment local: rights')?.state).toBe('pass');
  });

  test('sees an access entry that is gone', async () => {
    const entry = { clusterName: CLUSTER, principalArn: world.site.clusterRoleArn };
    await eks.send(new DeleteAccessEntryCommand(entry));
    expect((await examine()).get('environment local: access entry')).toMatchObject({
      state: 'fail',
      mend: `aws eks create-access-entry --region ${world.aws.region} --cluster-name ${CLUSTER} --principal-arn ${entry.principalArn} --kubernetes-groups ${DEPLOYMENT_GROUP}`,
    });
    await eks.send(new CreateAccessEntryCommand({ ...entry, kubernetesGroups: [DEPLOYMENT_GROUP] }));
  });

  test('sees a key that is disabled', async () => {
    const kms = new KMSClient(clientSettings(world));
    const KeyId = world.site.keyArn;
    await kms.send(new DisableKeyCommand({ KeyId }));
    const row = (await examine()).get('site local: key');
    await kms.send(new EnableKeyCommand({ KeyId }));
    expect(row).toMatchObject({ state: 'fail', mend: expect.stringContaining('aws kms enable-key') });
  });

  test('sees credentials that the registry refuses', async () => {
    const secrets = new SecretsManagerClient(clientSettings(world));
    const put = (value: object) =>
      secrets.send(
        new PutSecretValueCommand({ SecretId: SECRETS.registry, SecretString: JSON.stringify(value) }),
      );
    await put({ username: 'robot', password: 'wrong-canary-4711' });
    const rows = await examine();
    await put(world.secrets.registry);
    expect(rows.get('registry local: pull')).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('refuses our credentials'),
    });
    expect(JSON.stringify([...rows.values()])).not.toContain('wrong-canary-4711');
  });

  test('says of a person without rights only that it could not look', async () => {
    const guest = await openRoleSession(world.aws, 'guest', ['sts:GetCallerIdentity']);
    const rows = await examine(guest);
    expect(rows.get('site local: identity')?.state).toBe('pass');
    expect(rows.get('site local: stack')).toMatchObject({
      state: 'not-checked',
      detail: expect.stringContaining('may not cloudformation:DescribeStacks'),
    });
    expect([...rows.values()].filter(({ state }) => state === 'fail')).toEqual([]);
  });

  test('prints a table with an exit code, and no secret', async () => {
    const { all, exitCode } = await run(ada);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^site local\n {2}ok {4}identity/);
    const { registryHook, pipelines, registry } = world.secrets;
    for (const secret of [registryHook, pipelines, registry.password]) expect(all).not.toContain(secret);
  });
});

/** Gives the person who runs the command the rights of an administrator of the cluster. */
const letMeIn = async (): Promise<void> => {
  const entry = { clusterName: CLUSTER, principalArn: ada.roleArn, kubernetesGroups: ['admins'] };
  await eks.send(new CreateAccessEntryCommand(entry));
  await bind('admins', 'cluster-admin', 'admins');
};

const bind = async (name: string, role: string, group: string): Promise<void> => {
  const apiGroup = 'rbac.authorization.k8s.io';
  await cluster.makeApiClient(RbacAuthorizationV1Api).createClusterRoleBinding({
    body: {
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup, kind: 'Group', name: group }],
    },
  });
};
