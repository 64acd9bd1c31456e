import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeUpdateCommand, EKSClient, UpdateNodegroupVersionCommand } from '@aws-sdk/client-eks';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CoreV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openAwsAccount } from '../../functions/clients/aws-account/open-aws-account.ts';
import { openEksReader } from '../../functions/clients/eks/open-eks-reader.ts';
import { openGitLab, probeSignIn } from '../../functions/clients/gitlab.ts';
import { DEPLOYMENT_GROUP, UPGRADE_GROUP } from '../../functions/records/cluster-group.ts';
import { CLUSTER, GITLAB_PROJECT, SECRETS } from '../../infra/local/world/configuration.ts';
import { NODE_GROUP } from '../../infra/local/world/local-cluster.ts';
import { startWorld, type World } from '../../infra/local/world/start-world.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';

/** What an upgrade finds in the local world, read by the clients that the Lambdas use. */

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-upgrade-world-'));
  world = await startWorld({ folder, targets: () => ({}), report: () => undefined, clusterVersion: '1.35' });
  for (const [key, value] of Object.entries(world.aws.environment())) vi.stubEnv(key, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('EKS knows the cluster, and everything that it stands on exists and is usable', async () => {
  const eks = openEksReader(world.aws.region);
  const account = openAwsAccount(world.aws.region);
  const cluster = await eks.readCluster(CLUSTER);
  expect(cluster).toMatchObject({ version: '1.35', status: 'ACTIVE', issues: [], autoMode: false });
  const subnets = await account.readSubnets(cluster.subnetIds.map((id) => ({ id, usedBy: ['cluster'] })));
  expect(subnets.map(({ exists, freeAddresses }) => exists && freeAddresses)).toEqual([251, 251, 251]);
  const identities = [
    await account.readRole(cluster.roleArn),
    ...(await Promise.all(cluster.keyArns.map((arn) => account.readKey(arn)))),
    ...(await account.readSecurityGroups(cluster.securityGroupIds)),
  ];
  expect(identities.filter(({ usable }) => !usable)).toEqual([]);
  expect(identities.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['role', 'key', 'security group']),
  );
});

test('every role that looks into the cluster has its access entry', () => {
  const entries = [...world.eks.cluster(CLUSTER).accessEntries.values()];
  const groups = entries.flatMap(({ kubernetesGroups }) => kubernetesGroups);
  expect(groups.toSorted()).toEqual([DEPLOYMENT_GROUP, UPGRADE_GROUP, UPGRADE_GROUP, UPGRADE_GROUP]);
});

test('quotas leave room beside the three nodes', async () => {
  const quotas = await openAwsAccount(world.aws.region).readQuotas();
  expect(quotas.length).toBeGreaterThan(0);
  expect(quotas.filter(({ used, limit }) => used >= limit)).toEqual([]);
});

test('add-ons, node group and insights are those of a cluster in good order', async () => {
  const eks = openEksReader(world.aws.region);
  const addons = await eks.listAddons(CLUSTER, ['1.35', '1.36']);
  expect(addons.every(({ version, offered }) => offered.some((offer) => offer.version === version))).toBe(
    true,
  );
  const [group] = await eks.listNodeGroups(CLUSTER);
  expect(group).toMatchObject({ name: NODE_GROUP, version: '1.35', status: 'ACTIVE' });
  const template = group?.launchTemplate;
  expect(await openAwsAccount(world.aws.region).readLaunchTemplate(template?.id ?? '', '1')).toBeDefined();
  const insights = await eks.listInsights(CLUSTER);
  expect(insights.every(({ status }) => status === 'PASSING')).toBe(true);
});

test('the check of every cluster comes to its end, with a report', async () => {
  const sfn = new SFNClient({ endpoint: world.aws.url, region: world.aws.region });
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: world.site.machines.upgradeCheck, input: '{}' }),
  );
  const read = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
  await vi.waitUntil(async () => (await read()).status !== 'RUNNING', { timeout: 100_000, interval: 500 });
  const execution = await read();
  expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  const s3 = new S3Client({ endpoint: world.aws.url, region: world.aws.region, forcePathStyle: true });
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: world.site.ledgerBucket, Prefix: 'upgrade/reports/' }),
  );
  expect(Contents).toHaveLength(1);
  expect(world.eks.calls().filter(({ operation }) => /^Update|^Cancel/.test(operation))).toEqual([]);
});

test('the nodes report the version of their group, and the new one after its update', async () => {
  const core = loadKubeconfig(world.cluster.kubeconfig).makeApiClient(CoreV1Api);
  const kubelets = async () =>
    (await core.listNode()).items.map(({ status }) => status?.nodeInfo?.kubeletVersion);
  expect(new Set(await kubelets())).toEqual(new Set(['v1.35.3-eks-0a1b2c3']));

  const client = new EKSClient({ endpoint: world.eks.url, region: world.aws.region });
  world.eks.cluster(CLUSTER).description.version = '1.36';
  const { update } = await client.send(
    new UpdateNodegroupVersionCommand({ clusterName: CLUSTER, nodegroupName: NODE_GROUP }),
  );
  world.eks.elapse(60);
  const question = { name: CLUSTER, updateId: update?.id, nodegroupName: NODE_GROUP };
  const after = await client.send(new DescribeUpdateCommand(question));
  expect(after.update?.status).toBe('Successful');
  expect(new Set(await kubelets())).toEqual(new Set(['v1.36.3-eks-0a1b2c3']));
});

test('GitLab answers, and the secret opens the project that holds the version', async () => {
  const secrets = new SecretsManagerClient({ endpoint: world.aws.url, region: world.aws.region });
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: SECRETS.gitlab }));
  const gitlab = openGitLab({ url: world.gitlab.url, token: secret.SecretString ?? '' });
  const file = await gitlab.readFile(GITLAB_PROJECT.path, GITLAB_PROJECT.file, 'main');
  expect(file?.text).toBe('cluster_version = "1.35"\n');
  expect(await probeSignIn(world.gitlab.url)).toBe(true);
});
