import type { Insight } from '@aws-sdk/client-eks';
import { beforeEach, describe, expect, it } from 'vitest';
import { openEksReader } from '../../../functions/clients/eks/open-eks-reader.ts';
import { openEksUpdater } from '../../../functions/clients/eks/open-eks-updater.ts';
import { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { UPDATE_SECONDS, useEksStandIn } from '../../support/eks-stand-in.ts';
import { newRegion } from '../../support/new-region.ts';

const eks = useEksStandIn();
const region = newRegion();
const reader = openEksReader(region);

/** A time in the past of the stand-in's clock. */
const REFRESHED = new Date('2026-11-21T03:00:00.000Z');

const insight = (id: string, more: Partial<Insight> = {}): Insight => ({
  id,
  name: `insight ${id}`,
  category: 'UPGRADE_READINESS',
  kubernetesVersion: '1.36',
  lastRefreshTime: REFRESHED,
  lastTransitionTime: REFRESHED,
  description: 'what it is',
  insightStatus: { status: 'PASSING', reason: 'all is well' },
  recommendation: 'do this',
  ...more,
});

/** 1.35 with three of each, so that two pages are needed. */
beforeEach(() =>
  eks().addCluster({
    name: 'blue',
    endpoint: 'https://127.0.0.1:6443',
    certificateAuthority: 'Y2E=',
    version: '1.35',
    description: {
      platformVersion: 'eks.9',
      health: { issues: [{ code: 'IamRoleNotFound', message: 'gone', resourceIds: ['eks-cluster'] }] },
      upgradePolicy: { supportType: 'STANDARD' },
      roleArn: 'arn:aws:iam::111122223333:role/eks-cluster',
      resourcesVpcConfig: {
        subnetIds: ['subnet-a', 'subnet-b'],
        securityGroupIds: ['sg-more', 'sg-own'],
        clusterSecurityGroupId: 'sg-own',
      },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'arn:aws:kms:eu:1:key/k' } }],
      computeConfig: { enabled: true },
      remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ['10.80.0.0/16'] }] },
    },
    addons: ['vpc-cni', 'kube-proxy', 'coredns'].map((addonName) => ({
      addonName,
      addonVersion: addonName === 'vpc-cni' ? 'v1.21.1-eksbuild.9' : 'v1.12.4-eksbuild.6',
    })),
    nodeGroups: [
      {
        nodegroupName: 'custom',
        amiType: 'CUSTOM',
        launchTemplate: { id: 'lt-1', name: 'own', version: '7' },
      },
      { nodegroupName: 'general', updateConfig: { maxUnavailablePercentage: 30, updateStrategy: 'MINIMAL' } },
      { nodegroupName: 'spot', version: '1.34', capacityType: 'SPOT', subnets: ['subnet-c'] },
    ],
    fargateProfiles: [
      { fargateProfileName: 'ci', subnets: ['subnet-d'] },
      { fargateProfileName: 'dns' },
      { fargateProfileName: 'web' },
    ],
    insights: ['a', 'b', 'c'].map((id) => insight(id)),
  }),
);

it('reads the cluster as the checks need it, its own security group first', async () => {
  expect(await reader.readCluster('blue')).toEqual({
    name: 'blue',
    arn: 'arn:aws:eks:eu-central-1:111122223333:cluster/blue',
    version: '1.35',
    platformVersion: 'eks.9',
    status: 'ACTIVE',
    supportType: 'STANDARD',
    issues: [{ code: 'IamRoleNotFound', message: 'gone', resources: ['eks-cluster'] }],
    subnetIds: ['subnet-a', 'subnet-b'],
    securityGroupIds: ['sg-own', 'sg-more'],
    roleArn: 'arn:aws:iam::111122223333:role/eks-cluster',
    keyArns: ['arn:aws:kms:eu:1:key/k'],
    autoMode: true,
    hybrid: true,
  });
});

it('reads every version with its days in UTC, the dead ones too, oldest first', async () => {
  const versions = await reader.listVersions();
  expect(versions.map(({ version, status }) => `${version} ${status}`)).toEqual([
    '1.28 unsupported',
    '1.29 unsupported',
    '1.30 unsupported',
    '1.31 extended',
    '1.32 extended',
    '1.33 extended',
    '1.34 standard',
    '1.35 standard',
    '1.36 standard',
  ]);
  expect(versions.at(-1)).toEqual({
    version: '1.36',
    status: 'standard',
    isDefault: true,
    released: '2026-06-02',
    standardEnds: '2027-08-02',
    extendedEnds: '2028-08-02',
    source: 'eks',
  });
});

it('reads add-ons with the versions for the minors that are asked for, newest build first', async () => {
  const addons = await reader.listAddons('blue', ['1.35', '1.36']);
  expect(addons.map(({ name }) => name).toSorted()).toEqual(['coredns', 'kube-proxy', 'vpc-cni']);
  expect(addons.find(({ name }) => name === 'vpc-cni')).toEqual({
    name: 'vpc-cni',
    version: 'v1.21.1-eksbuild.9',
    status: 'ACTIVE',
    issues: [],
    offered: [
      { version: 'v1.21.1-eksbuild.10', clusters: ['1.35', '1.36'], defaultFor: ['1.35', '1.36'] },
      { version: 'v1.21.1-eksbuild.9', clusters: ['1.35', '1.36'], defaultFor: [] },
      { version: 'v1.20.4-eksbuild.2', clusters: ['1.35'], defaultFor: [] },
    ],
  });
});

it('reads node groups; one with an AMI of its own has no version', async () => {
  const [custom, general, spot] = await reader.listNodeGroups('blue');
  expect(custom).toMatchObject({ amiType: 'CUSTOM', launchTemplate: { id: 'lt-1', name: 'own', used: '7' } });
  expect(custom).not.toHaveProperty('version');
  expect(general).toMatchObject({ version: '1.35', maxUnavailablePercentage: 30, strategy: 'MINIMAL' });
  expect(general).not.toHaveProperty('maxUnavailable');
  expect(spot).toMatchObject({ version: '1.34', capacityType: 'SPOT', subnetIds: ['subnet-c'], minSize: 3 });
});

it('reads Fargate profiles', async () => {
  const profiles = await reader.listFargateProfiles('blue');
  expect(profiles.map(({ name }) => name)).toEqual(['ci', 'dns', 'web']);
  expect(profiles[0]).toEqual({ name: 'ci', status: 'ACTIVE', subnetIds: ['subnet-d'] });
});

describe('insights', () => {
  it('are read with their details', async () => {
    eks().setInsights('blue', [
      insight('a', {
        insightStatus: { status: 'ERROR', reason: 'still called' },
        additionalInfo: { docs: 'https://example.com' },
        resources: [{ kubernetesResourceUri: '/api/v1/nodes/n', insightStatus: { status: 'ERROR' } }],
        categorySpecificSummary: {
          deprecationDetails: [
            {
              usage: '/apis/flowcontrol.apiserver.k8s.io/v1beta3/flowschemas',
              replacedWith: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
              stopServingVersion: '1.32',
              clientStats: [
                { userAgent: 'old/1.0', numberOfRequestsLast30Days: 7, lastRequestTime: REFRESHED },
              ],
            },
          ],
          addonCompatibilityDetails: [{ name: 'vpc-cni', compatibleVersions: ['v1'] }],
        },
      }),
      insight('b'),
      insight('c'),
    ]);
    const insights = await reader.listInsights('blue');
    expect(insights.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(insights[0]).toEqual({
      id: 'a',
      name: 'insight a',
      category: 'UPGRADE_READINESS',
      version: '1.36',
      status: 'ERROR',
      reason: 'still called',
      description: 'what it is',
      recommendation: 'do this',
      refreshedAt: '2026-11-21T03:00:00.000Z',
      changedAt: '2026-11-21T03:00:00.000Z',
      links: { docs: 'https://example.com' },
      resources: [{ name: '/api/v1/nodes/n', status: 'ERROR' }],
      deprecations: [
        {
          usage: '/apis/flowcontrol.apiserver.k8s.io/v1beta3/flowschemas',
          replacedWith: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
          stopServing: '1.32',
          clients: [{ userAgent: 'old/1.0', requests30Days: 7, lastRequest: '2026-11-21T03:00:00.000Z' }],
        },
      ],
      addons: [{ name: 'vpc-cni', compatible: ['v1'] }],
    });
    expect(ClusterFacts.shape.insights.parse({ items: insights, unread: [] })?.items).toEqual(insights);
  });

  it('of a category and a status that nobody knows yet are kept, and are not green', async () => {
    const strange =
      '{"id":"x","category":"COST_OF_WAITING","insightStatus":{"status":"BLUE","reason":"who knows"}}';
    eks().setInsights('blue', [JSON.parse(strange)]);
    expect(await reader.listInsights('blue')).toMatchObject([
      { category: 'COST_OF_WAITING', status: 'UNKNOWN', reason: 'who knows' },
    ]);
  });

  it('that are replaced between list and look count as the list said', async () => {
    eks().setInsights('blue', [insight('a', { insightStatus: { status: 'ERROR', reason: 'bad' } })]);
    eks().fault({ operation: 'DescribeInsight', error: 'ResourceNotFoundException' });
    expect(await reader.listInsights('blue')).toMatchObject([
      { id: 'a', status: 'ERROR', recommendation: '' },
    ]);
  });

  it('are refreshed on request, which goes on for a while', async () => {
    expect((await reader.readInsightsRefresh('blue')).status).toBe('none');
    expect((await reader.startInsightsRefresh('blue')).status).toBe('in-progress');
    expect((await reader.readInsightsRefresh('blue')).status).toBe('in-progress');
    eks().elapse(UPDATE_SECONDS);
    const { status, startedAt, endedAt } = await reader.readInsightsRefresh('blue');
    expect([status, (endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)]).toEqual([
      'completed',
      UPDATE_SECONDS * 1_000,
    ]);
    eks().failNextRefresh('blue', 'could not look');
    await reader.startInsightsRefresh('blue');
    eks().elapse(UPDATE_SECONDS);
    expect(await reader.readInsightsRefresh('blue')).toMatchObject({
      status: 'failed',
      message: 'could not look',
    });
  });
});

describe('updates', () => {
  const updater = openEksUpdater(region);
  const upgrade = async (token: string) =>
    updater.updateAddon({
      cluster: 'blue',
      addon: 'vpc-cni',
      version: 'v1.21.1-eksbuild.10',
      conflicts: 'NONE',
      token,
    });

  it('are listed newest first, in whatever order EKS names them', async () => {
    const ids: string[] = [];
    for (const token of ['a', 'b', 'c', 'd']) {
      const answer = await upgrade(token);
      ids.unshift(answer.ok ? answer.update.id : answer.message);
      eks().elapse(UPDATE_SECONDS);
    }
    const updates = await reader.listUpdates('blue', { addon: 'vpc-cni' });
    expect(updates.map(({ id }) => id)).toEqual(ids);
    expect(updates[0]).toMatchObject({
      type: 'AddonUpdate',
      status: 'Successful',
      about: 'vpc-cni',
      params: { AddonVersion: 'v1.21.1-eksbuild.10', ResolveConflicts: 'NONE' },
    });
    expect(await reader.listUpdates('blue')).toEqual([]);
  });

  it('are looked at again only as long as they have not ended', async () => {
    const before = eks().calls('DescribeUpdate').length;
    const described = () => eks().calls('DescribeUpdate').length - before;
    await upgrade('ended');
    eks().elapse(UPDATE_SECONDS);
    await upgrade('running');
    await reader.listUpdates('blue', { addon: 'vpc-cni' });
    const first = described();
    const again = await reader.listUpdates('blue', { addon: 'vpc-cni' });
    expect([first, described()]).toEqual([2, 3]);
    expect(again.map(({ status }) => status)).toEqual(['InProgress', 'Successful']);
    eks().elapse(UPDATE_SECONDS);
    const [last] = await reader.listUpdates('blue', { addon: 'vpc-cni' });
    expect(last).toMatchObject({ status: 'Successful' });
  });

  it('keep a status that the API does not list, and the errors they fail with', async () => {
    eks().scriptUpdate({
      runningStatus: 'Pondering',
      errors: [{ errorCode: 'PodEvictionFailure', errorMessage: 'stuck', resourceIds: ['ip-10-0-0-1'] }],
    });
    const begun = await upgrade('e');
    const id = begun.ok ? begun.update.id : '';
    expect((await reader.readUpdate('blue', id, { addon: 'vpc-cni' })).status).toBe('Pondering');
    eks().elapse(UPDATE_SECONDS);
    expect(await reader.readUpdate('blue', id, { addon: 'vpc-cni' })).toMatchObject({
      status: 'Failed',
      errors: [{ code: 'PodEvictionFailure', message: 'stuck', resources: ['ip-10-0-0-1'] }],
    });
    await expect(reader.readUpdate('blue', id)).rejects.toMatchObject({ code: 'eks.missing' });
  });
});
