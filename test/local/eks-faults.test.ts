import {
  DescribeClusterCommand,
  EKSClient,
  ListClustersCommand,
  ListInsightsCommand,
  UpdateClusterVersionCommand,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addBlue, nameOf, openEks } from './fixtures/local-eks.ts';

let eks: Awaited<ReturnType<typeof openEks>>;
beforeEach(async () => {
  eks = await openEks();
  addBlue(eks);
});
afterEach(() => eks.stop());

const listInsights = () =>
  eks.client.send(new ListInsightsCommand({ clusterName: 'blue' })).then(() => 'answered', nameOf);
const describeCluster = () =>
  eks.client.send(new DescribeClusterCommand({ name: 'blue' })).then(() => 'answered', nameOf);

test('a fault strikes its operation as often as it says, and no other', async () => {
  eks.fault({ operation: 'ListInsights', error: 'ThrottlingException', times: 2 });
  expect(await describeCluster()).toBe('answered');
  expect([await listInsights(), await listInsights(), await listInsights()]).toEqual([
    'ThrottlingException',
    'ThrottlingException',
    'answered',
  ]);
});

test('a fault can wait until some calls went well', async () => {
  eks.fault({ operation: 'ListInsights', error: 'ServerException', after: 1 });
  expect([await listInsights(), await listInsights()]).toEqual(['answered', 'ServerException']);
});

test('a forbidden operation is named in the message', async () => {
  eks.fault({ operation: '*', error: 'AccessDeniedException', times: Infinity });
  const refused = eks.client.send(new ListInsightsCommand({ clusterName: 'blue' }));
  await expect(refused).rejects.toThrow('is not authorized to perform: eks:ListInsights');
  eks.clearFaults();
  expect(await listInsights()).toBe('answered');
});

test('a cut connection is no answer', async () => {
  eks.fault({ operation: 'DescribeCluster', error: 'cut' });
  expect(await describeCluster()).not.toMatch(/answered|Exception/);
});

test('an answer that is lost is of something that was done', async () => {
  eks.fault({ operation: 'UpdateClusterVersion', error: 'lost' });
  const update = eks.client.send(new UpdateClusterVersionCommand({ name: 'blue', version: '1.36' }));
  await expect(update).rejects.not.toThrow(/Exception/);
  const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'blue' }));
  expect(cluster?.status).toBe('UPDATING');
});

test('the SDK gets over throttling by itself', async () => {
  eks.fault({ operation: 'ListClusters', error: 'ThrottlingException', times: 2 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const patient = new EKSClient({ endpoint: eks.url, region: 'eu-central-1', credentials, maxAttempts: 4 });
  expect((await patient.send(new ListClustersCommand({}))).clusters).toEqual(['blue']);
  patient.destroy();
});

test('every call is remembered with what it asked', async () => {
  await describeCluster();
  await listInsights();
  expect(eks.calls().map(({ operation }) => operation)).toEqual(['DescribeCluster', 'ListInsights']);
  expect(eks.calls('DescribeCluster')).toEqual([
    { operation: 'DescribeCluster', path: ['blue'], body: undefined },
  ]);
});

test('a call that is not answered says so', async () => {
  const response = await fetch(`${eks.url}/clusters/blue/pod-identity-associations`);
  expect(response.status).toBe(404);
  expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
});
