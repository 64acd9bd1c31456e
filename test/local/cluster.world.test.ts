import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListClustersCommand,
} from '@aws-sdk/client-eks';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AppsV1Api, AuthenticationV1Api, CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createTokenSource } from '../../functions/clients/kubernetes-token.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { type LocalCluster, startCluster } from '../../infra/local/cluster/start-cluster.ts';
import { useCluster } from '../../infra/local/cluster/use-cluster.ts';
import { type LocalEks, startEks } from '../../infra/local/eks/start-eks.ts';
import { identifyProcess } from '../../infra/local/process-identity.ts';

let folder: string;
let aws: LocalAws;
let eks: LocalEks;
let cluster: LocalCluster;
let config: KubeConfig;

beforeAll(async () => {
  const report = (): void => undefined;
  folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  aws = await startAws({ folder: join(folder, 'aws'), report });
  eks = await startEks({ region: aws.region, account: aws.account, stsEndpoint: aws.url, report });
  cluster = await startCluster({
    folder: join(folder, 'cluster'),
    name: 'blue',
    tokenWebhookUrl: eks.tokenWebhookUrl('blue'),
    tokenCacheSeconds: 0,
    report,
  });
  eks.addCluster(cluster);
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
});

afterAll(async () => {
  await cluster?.stop();
  await eks?.stop();
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});

const deploy = async (name: string, image: string, cpu = '10m'): Promise<void> => {
  const labels = { app: name };
  const container = { name: 'web', image, resources: { requests: { cpu } } };
  await config.makeApiClient(AppsV1Api).createNamespacedDeployment({
    namespace: 'default',
    body: {
      metadata: { name },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
  });
};

const podsOf = async (name: string): Promise<V1Pod[]> => {
  const core = config.makeApiClient(CoreV1Api);
  return (await core.listNamespacedPod({ namespace: 'default', labelSelector: `app=${name}` })).items;
};

const reach = { timeout: 20_000, interval: 100 };

test('a Deployment of a sound image rolls out, and its pods report the digest they run', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  await deploy('sound', `127.0.0.1:5000/shop/web:1.0.0@${digest}`);
  await vi.waitFor(async () => {
    const read = await config
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ namespace: 'default', name: 'sound' });
    expect(read.status?.readyReplicas).toBe(2);
  }, reach);
  for (const pod of await podsOf('sound')) {
    expect(pod.status?.containerStatuses?.[0]?.imageID).toBe(`127.0.0.1:5000/shop/web@${digest}`);
  }
});

test.for([
  [
    'crash',
    { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } },
  ],
  ['oom', { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
  ['unpullable', { state: { waiting: { reason: 'ImagePullBackOff' } } }],
  ['misconfigured', { state: { waiting: { reason: 'CreateContainerConfigError' } } }],
  ['unready', { ready: false, state: { running: {} } }],
] as const)('a tag that ends in -%s goes wrong that way, pinned by digest too', async ([play, status]) => {
  await deploy(play, `shop/web:1.0.0-${play}@sha256:${'b'.repeat(64)}`);
  await vi.waitFor(async () => {
    const pods = await podsOf(play);
    expect(pods).toHaveLength(2);
    for (const pod of pods) expect(pod.status?.containerStatuses?.[0]).toMatchObject(status);
  }, reach);
});

test('a crashing container restarts again and its last words are read through the API', async () => {
  await deploy('loop', 'shop/web:2-crash');
  const pod = await vi.waitFor(async () => {
    const [first] = await podsOf('loop');
    expect(first?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(2);
    return first;
  }, reach);
  const log = await config.makeApiClient(CoreV1Api).readNamespacedPodLog({
    namespace: 'default',
    name: pod?.metadata?.name ?? '',
    previous: true,
    tailLines: 2,
  });
  expect(log).toBe('fatal: relation "orders" does not exist\nexiting with code 1\n');
});

test('a request larger than any node stays unschedulable', async () => {
  await deploy('huge', 'shop/web:1', '64');
  await vi.waitFor(async () => {
    const [pod] = await podsOf('huge');
    expect(pod?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }),
    );
  }, reach);
});

/** Asks the API server who the bearer of a token is; undefined when it refuses the token. */
const askWhoIAm = async (token: string): Promise<string | undefined> => {
  const asked = new KubeConfig();
  const { endpoint: server, certificateAuthority: caData, name } = cluster;
  asked.loadFromOptions({
    clusters: [{ name, server, caData, skipTLSVerify: false }],
    users: [{ name: 'bearer', token }],
    contexts: [{ name: 'bearer', cluster: name, user: 'bearer' }],
    currentContext: 'bearer',
  });
  const api = asked.makeApiClient(AuthenticationV1Api);
  const review = await api.createSelfSubjectReview({ body: {} }).catch(() => undefined);
  return review?.status?.userInfo?.username;
};

const ROLE_NAME = 'cluster-reader';

/** Makes a role and a session of it, as a Lambda on AWS has one. */
const assumeRole = async (): Promise<Credentials> => {
  const root = new AwsClient({ ...aws.credentials, service: 'iam', region: aws.region });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  };
  const made = await root.fetch(aws.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: ROLE_NAME,
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }).toString(),
  });
  expect(made.status).toBe(200);
  const sts = new STSClient({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
  const assumed = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${aws.account}:role/${ROLE_NAME}`,
      RoleSessionName: 'run-7',
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const signToken = (credentials: Credentials, name = 'blue', minutesAgo = 0): Promise<string> => {
  const now = new Date(Date.now() - minutesAgo * 60_000);
  const clock = { now: () => now, sleep: async () => undefined };
  return createTokenSource({
    cluster: name,
    region: aws.region,
    clock,
    credentials: async () => credentials,
  }).getToken();
};

test('an EKS token opens the cluster exactly while its role has an access entry', async () => {
  const client = new EKSClient({ endpoint: eks.url, region: aws.region, credentials: aws.credentials });
  const principalArn = `arn:aws:iam::${aws.account}:role/${ROLE_NAME}`;
  const session = await assumeRole();
  expect(await askWhoIAm(await signToken(session))).toBeUndefined();

  const names = { clusterName: 'blue', principalArn };
  await client.send(new CreateAccessEntryCommand({ ...names, kubernetesGroups: ['drydock:deployment'] }));
  expect(await askWhoIAm(await signToken(session))).toBe(
    `arn:aws:sts::${aws.account}:assumed-role/${ROLE_NAME}/run-7`,
  );
  expect(await askWhoIAm(await signToken(session, 'blue', 4))).toBeDefined();
  expect(await askWhoIAm(await signToken(session, 'green'))).toBeUndefined();
  expect(await askWhoIAm(await signToken(session, 'blue', 16))).toBeUndefined();
  expect(await askWhoIAm(await signToken({ ...session, secretAccessKey: 'another' }))).toBeUndefined();
  expect(await askWhoIAm(`${await signToken(session)}x=`)).toBeUndefined();

  await client.send(new DeleteAccessEntryCommand(names));
  // Another token than before, because the API server believes what it learned of one for 10 seconds.
  expect(await askWhoIAm(await signToken(session, 'blue', 1))).toBeUndefined();
});

test('the SDK reads cluster and access entries, and meets the errors of EKS', async () => {
  const client = new EKSClient({ endpoint: eks.url, region: aws.region, credentials: aws.credentials });
  const described = await client.send(new DescribeClusterCommand({ name: 'blue' }));
  expect(described.cluster).toMatchObject({
    name: 'blue',
    status: 'ACTIVE',
    endpoint: cluster.endpoint,
    certificateAuthority: { data: cluster.certificateAuthority },
  });
  expect((await client.send(new ListClustersCommand({}))).clusters).toEqual(['blue']);
  const unknown = client.send(new DescribeClusterCommand({ name: 'green' }));
  await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

  const principalArn = `arn:aws:iam::${aws.account}:role/team/reader`;
  const entry = { clusterName: 'blue', principalArn };
  await client.send(new CreateAccessEntryCommand(entry));
  await expect(client.send(new CreateAccessEntryCommand(entry))).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  const reserved = new CreateAccessEntryCommand({
    ...entry,
    principalArn: `${principalArn}-2`,
    kubernetesGroups: ['system:masters'],
  });
  await expect(client.send(reserved)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const read = await client.send(new DescribeAccessEntryCommand(entry));
  expect(read.accessEntry).toMatchObject({ principalArn, type: 'STANDARD', kubernetesGroups: [] });
  expect((await client.send(new ListAccessEntriesCommand({ clusterName: 'blue' }))).accessEntries).toEqual([
    principalArn,
  ]);
});

test('a kubeconfig of one’s own is used in place of the local cluster', async () => {
  expect(await useCluster(cluster.kubeconfig)).toMatchObject({
    endpoint: cluster.endpoint,
    certificateAuthority: cluster.certificateAuthority,
  });
  await expect(useCluster(join(folder, 'none'))).rejects.toThrow(/none cannot be read as a kubeconfig/);
});

test('a cluster that was stopped leaves no process', async () => {
  const other = await startCluster({ folder: join(folder, 'other'), nodes: 1, report: () => undefined });
  const { pid } = other.apiServer;
  await other.stop();
  expect(await identifyProcess(pid)).toBeUndefined();
  expect(await readdir(join(folder, 'other', 'processes'))).toEqual([]);
});
