import { beforeEach, describe, expect, it } from 'vitest';
import type { EksReader } from '../../../functions/clients/eks/eks-reader.ts';
import { openEksReader } from '../../../functions/clients/eks/open-eks-reader.ts';
import { openEksUpdater } from '../../../functions/clients/eks/open-eks-updater.ts';
import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { UPDATE_SECONDS, useEksStandIn } from '../../support/eks-stand-in.ts';
import { newRegion } from '../../support/new-region.ts';

const eks = useEksStandIn();

beforeEach(async () => {
  eks().addCluster({
    name: 'blue',
    endpoint: 'https://127.0.0.1:6443',
    certificateAuthority: 'Y2E=',
    version: '1.35',
    addons: [{ addonName: 'vpc-cni', addonVersion: 'v1.21.1-eksbuild.9' }],
    nodeGroups: [{ nodegroupName: 'general' }],
    fargateProfiles: [{ fargateProfileName: 'web' }],
    insights: [{ id: 'a', name: 'insight', insightStatus: { status: 'PASSING' } }],
  });
  const request = { cluster: 'blue', version: '1.36', token: 'first' };
  await openEksUpdater(newRegion()).updateClusterVersion(request);
  eks().elapse(UPDATE_SECONDS);
});

type Read = (reader: EksReader) => Promise<unknown>;

/** Every read with every operation it makes. */
const READS: readonly (readonly [string, Read, readonly string[]])[] = [
  ['readCluster', (reader) => reader.readCluster('blue'), ['DescribeCluster']],
  ['listVersions', (reader) => reader.listVersions(), ['DescribeClusterVersions']],
  ['listInsights', (reader) => reader.listInsights('blue'), ['ListInsights', 'DescribeInsight']],
  ['startInsightsRefresh', (reader) => reader.startInsightsRefresh('blue'), ['StartInsightsRefresh']],
  ['readInsightsRefresh', (reader) => reader.readInsightsRefresh('blue'), ['DescribeInsightsRefresh']],
  [
    'listAddons',
    (reader) => reader.listAddons('blue', ['1.36']),
    ['ListAddons', 'DescribeAddon', 'DescribeAddonVersions'],
  ],
  ['listNodeGroups', (reader) => reader.listNodeGroups('blue'), ['ListNodegroups', 'DescribeNodegroup']],
  [
    'listFargateProfiles',
    (reader) => reader.listFargateProfiles('blue'),
    ['ListFargateProfiles', 'DescribeFargateProfile'],
  ],
  ['listUpdates', (reader) => reader.listUpdates('blue'), ['ListUpdates', 'DescribeUpdate']],
];
const CALLS = READS.flatMap(([name, read, operations]) =>
  operations.map((operation) => [operation, name, read] as const),
);

it('every call that is throttled at first gives what it gives undisturbed', { timeout: 20_000 }, async () => {
  // As many runs as there are calls to throttle: one that waits leaves the next call to another run.
  const readAll = () => Promise.all(CALLS.map(([, , read]) => read(openEksReader(newRegion()))));
  const undisturbed = await readAll();
  const before = CALLS.map(([operation]) => eks().calls(operation).length);
  for (const [operation] of CALLS) eks().fault({ operation, error: 'ThrottlingException' });
  expect(await readAll()).toEqual(undisturbed);
  // Each was made again exactly once: as often as undisturbed, and once more.
  const after = CALLS.map(([operation]) => eks().calls(operation).length);
  expect(after).toEqual(before.map((calls) => 2 * calls + 1));
});

it.each(CALLS)('without the right to %s, %s says so, and names it as data', async (operation, _, read) => {
  eks().fault({ operation, error: 'AccessDeniedException', times: Number.POSITIVE_INFINITY });
  const failure = await read(openEksReader(newRegion())).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RefusedError);
  expect(failure).toMatchObject({ code: 'eks.forbidden', permission: `eks:${operation}` });
  expect(String(failure)).toContain(`No right to eks:${operation} on `);
});

it.each(READS.filter(([name]) => name !== 'listVersions'))(
  '%s says which cluster does not exist',
  async (_, read) => {
    eks().fault({
      operation: '*',
      error: 'ResourceNotFoundException',
      message: 'No cluster found for name: blue.',
      times: Number.POSITIVE_INFINITY,
    });
    await expect(read(openEksReader(newRegion()))).rejects.toMatchObject({
      code: 'eks.cluster-missing',
      message: expect.stringContaining('EKS cluster blue in eu-'),
    });
  },
);

it.each(['cut', 'ServerException', 'ServiceUnavailableException'] as const)(
  'a call that ends in %s once is made again',
  async (error) => {
    eks().fault({ operation: 'DescribeCluster', error });
    expect(await openEksReader(newRegion()).readCluster('blue')).toMatchObject({ version: '1.36' });
  },
);

describe('what is removed while it is looked at', () => {
  it.each([
    ['DescribeAddon', 'listAddons', []],
    ['DescribeNodegroup', 'listNodeGroups', []],
    ['DescribeFargateProfile', 'listFargateProfiles', []],
    ['DescribeUpdate', 'listUpdates', []],
  ] as const)('%s: it is left out', async (operation, name, left) => {
    eks().fault({ operation, error: 'ResourceNotFoundException' });
    const read = READS.find(([each]) => each === name)?.[1];
    expect(await read?.(openEksReader(newRegion()))).toEqual(left);
  });

  it('an add-on of which EKS offers nothing any more has no versions', async () => {
    eks().fault({ operation: 'DescribeAddonVersions', error: 'ResourceNotFoundException' });
    expect(await openEksReader(newRegion()).listAddons('blue', ['1.36'])).toMatchObject([
      { name: 'vpc-cni', offered: [] },
    ]);
  });
});

it('what EKS refuses in its own words is refused in them', async () => {
  const message = 'Insights are not there for this cluster.';
  eks().fault({ operation: 'ListInsights', error: 'InvalidRequestException', message });
  await expect(openEksReader(newRegion()).listInsights('blue')).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'eks.refused',
    message: expect.stringContaining(message),
  });
});

it('a read whose caller has no more time ends at once', async () => {
  const before = eks().calls().length;
  const read = openEksReader(newRegion()).listVersions(AbortSignal.abort());
  await expect(read).rejects.toBeInstanceOf(TransientError);
  expect(eks().calls().length).toBe(before);
});
