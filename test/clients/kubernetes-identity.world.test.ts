import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessEntryCommand, DeleteAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectKubernetes, type Kubernetes } from '../../functions/clients/kubernetes.ts';
import { buildAccessManifest } from '../../functions/deployment/access-manifest.ts';
import { listAccess } from '../../functions/deployment/cluster-access.ts';
import { DEPLOYMENT_GROUP } from '../../functions/records/cluster-group.ts';
import type { WorkloadRef } from '../../functions/records/workload.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { type LocalCluster, startCluster } from '../../infra/local/cluster/start-cluster.ts';
import { type LocalEks, startEks } from '../../infra/local/eks/start-eks.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';

/** The whole way in, as on AWS: DescribeCluster, a presigned token, STS, an access entry, the Role that ships. */

const NAME = 'shop-eu';
const NAMESPACE = 'default';
const WEB: WorkloadRef = { kind: 'Deployment', namespace: NAMESPACE, name: 'web' };

let folder: string;
let aws: LocalAws;
let eks: LocalEks;
let cluster: LocalCluster;
let kubernetes: Kubernetes;
let principalArn: string;
let region: string;

beforeAll(async () => {
  const report = (): void => undefined;
  folder = await mkdtemp(join(tmpdir(), 'drydock-identity-'));
  aws = await startAws({ folder: join(folder, 'aws'), report });
  region = aws.region;
  eks = await startEks({ region, account: aws.account, stsEndpoint: aws.url, report });
  cluster = await startCluster({
    folder: join(folder, 'cluster'),
    name: NAME,
    tokenWebhookUrl: eks.tokenWebhookUrl(NAME),
    tokenCacheSeconds: 0,
    report,
  });
  eks.addCluster(cluster);
  for (const [key, value] of Object.entries(aws.environment())) vi.stubEnv(key, value);
  vi.stubEnv('AWS_ENDPOINT_URL_EKS', eks.url);
  principalArn = await becomeRole('drydock-deployment');
  await letIn();
  const objects = KubernetesObjectApi.makeApiClient(loadKubeconfig(cluster.kubeconfig));
  for (const object of buildAccessManifest([NAMESPACE])) await objects.create(object);
  kubernetes = await connectKubernetes({ cluster: NAME, region });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await cluster?.stop();
  await eks?.stop();
  await aws?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Makes a role and goes on as a session of it, as a Lambda does. @returns the role's ARN. */
const becomeRole = async (name: string): Promise<string> => {
  const trust = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }] };
  const form = { Action: 'CreateRole', Version: '2010-05-08', RoleName: name };
  const body = new URLSearchParams({ ...form, AssumeRolePolicyDocument: JSON.stringify(trust) });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const root = new AwsClient({ ...aws.credentials, service: 'iam', region });
  const made = await root.fetch(aws.url, { method: 'POST', headers, body: body.toString() });
  if (!made.ok) throw new Error(`the role was not made: ${made.status}`);
  const RoleArn = `arn:aws:iam::${aws.account}:role/${name}`;
  const sts = new STSClient({ region });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run-1' }));
  vi.stubEnv('AWS_ACCESS_KEY_ID', Credentials?.AccessKeyId ?? '');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', Credentials?.SecretAccessKey ?? '');
  vi.stubEnv('AWS_SESSION_TOKEN', Credentials?.SessionToken ?? '');
  return RoleArn;
};

const letIn = () =>
  new EKSClient({ region }).send(
    new CreateAccessEntryCommand({
      clusterName: NAME,
      principalArn,
      kubernetesGroups: [DEPLOYMENT_GROUP],
      type: 'STANDARD',
    }),
  );

test('a signed token opens what the manifest gives, and nothing else', async () => {
  const rows = listAccess(NAMESPACE, ['kube-system']);
  const answers = await kubernetes.reviewAccess(rows);
  expect(answers.map(({ allowed }) => allowed)).toEqual(rows.map(({ allowed }) => allowed));
  expect(await kubernetes.readWorkload(WEB)).toBeUndefined();
});

test('without its access entry the role is refused with the command that mends it, and works again after', async () => {
  await new EKSClient({ region }).send(new DeleteAccessEntryCommand({ clusterName: NAME, principalArn }));
  const refused = {
    name: 'RefusedError',
    code: 'kubernetes.unauthorized',
    message: expect.stringContaining(`create-access-entry --cluster-name ${NAME}`),
  };
  // The API server believes an answer about a token for a moment, in both directions.
  const moment = { timeout: 30_000, interval: 200 };
  await vi.waitFor(() => expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject(refused), moment);
  await letIn();
  await vi.waitFor(async () => expect(await kubernetes.readWorkload(WEB)).toBeUndefined(), moment);
});

test('a cluster that does not exist is refused by name', async () => {
  await expect(connectKubernetes({ cluster: 'no-such', region })).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'eks.cluster-missing',
    message: expect.stringContaining('no-such'),
  });
});

test('an API server that hangs is given up after the deadline of a call, and found again', async () => {
  cluster.apiServer.pause();
  try {
    await expect(kubernetes.readWorkload(WEB)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'kubernetes.unreachable',
    });
  } finally {
    cluster.apiServer.resume();
  }
  await vi.waitFor(async () => expect(await kubernetes.readWorkload(WEB)).toBeUndefined(), 20_000);
});

// The last: nothing answers after it.
test('an API server that dies during a watch ends the watch as unreachable', async () => {
  const seen: unknown[] = [];
  const watch = async (): Promise<void> => {
    for await (const observation of kubernetes.watchRollout(WEB, AbortSignal.timeout(60_000))) {
      seen.push(observation.workload);
      if (seen.length === 1) await cluster.apiServer.kill();
    }
  };
  await expect(watch()).rejects.toMatchObject({
    name: 'TransientError',
    code: 'kubernetes.unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(seen).toEqual([undefined]);
});
