import {
  DescribeClusterVersionsCommand,
  type DescribeClusterVersionsCommandInput,
  paginateDescribeClusterVersions,
} from '@aws-sdk/client-eks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CALENDAR } from '../../infra/local/eks/calendar.ts';
import { openEks } from './fixtures/local-eks.ts';

let eks: Awaited<ReturnType<typeof openEks>>;
beforeAll(async () => {
  eks = await openEks({ pageSize: 2 });
});
afterAll(() => eks.stop());

const listVersions = async (input: DescribeClusterVersionsCommandInput) => {
  const pages = paginateDescribeClusterVersions({ client: eks.client }, input);
  return (await Array.fromAsync(pages)).flatMap(({ clusterVersions = [] }) => clusterVersions);
};

test('supported versions come newest first, page by page, with days at midnight UTC', async () => {
  const versions = await listVersions({});
  expect(versions.map(({ clusterVersion, versionStatus }) => `${clusterVersion} ${versionStatus}`)).toEqual([
    '1.36 STANDARD_SUPPORT',
    '1.35 STANDARD_SUPPORT',
    '1.34 STANDARD_SUPPORT',
    '1.33 EXTENDED_SUPPORT',
    '1.32 EXTENDED_SUPPORT',
    '1.31 EXTENDED_SUPPORT',
  ]);
  expect(versions[2]).toMatchObject({
    defaultVersion: false,
    endOfStandardSupportDate: new Date('2026-12-02T00:00:00Z'),
    endOfExtendedSupportDate: new Date('2027-12-02T00:00:00Z'),
    releaseDate: new Date('2025-10-02T00:00:00Z'),
    status: 'standard-support',
  });
});

test.for([
  ['includeAll shows the unsupported too', { includeAll: true }, 9],
  ['one that is named is shown though unsupported', { clusterVersions: ['1.28', '1.36'] }, 2],
  ['a status chooses', { versionStatus: 'EXTENDED_SUPPORT' as const }, 3],
  ['defaultOnly is one version', { defaultOnly: true }, 1],
] as const)('%s', async ([, input, count]) => {
  const versions = await listVersions({
    ...input,
    clusterVersions: [...('clusterVersions' in input ? input.clusterVersions : [])],
  });
  expect(versions).toHaveLength(count);
});

test('support ends while time passes, and a version of the future comes', async () => {
  const newest = {
    version: '1.37',
    patch: '1.37.1',
    released: '2026-12-10',
    standardEnds: '2028-02-10',
    extendedEnds: '2029-02-10',
  };
  eks.setVersions([newest, ...CALENDAR]);
  expect((await listVersions({ defaultOnly: true }))[0]?.clusterVersion).toBe('1.36');
  eks.elapse(30 * 24 * 3600);
  expect((await listVersions({ defaultOnly: true }))[0]?.clusterVersion).toBe('1.37');
  expect((await listVersions({ clusterVersions: ['1.34'] }))[0]?.versionStatus).toBe('EXTENDED_SUPPORT');
});

test('a page of nothing or of more than 100 is refused', async () => {
  const refused = eks.client.send(new DescribeClusterVersionsCommand({ maxResults: 0 }));
  await expect(refused).rejects.toThrow('maxResults must be a number from 1 to 100.');
  const forged = eks.client.send(new DescribeClusterVersionsCommand({ nextToken: 'bm8' }));
  await expect(forged).rejects.toThrow('not one of ours');
});
