import {
  DescribeInsightCommand,
  DescribeInsightsRefreshCommand,
  type Insight,
  ListInsightsCommand,
  paginateListInsights,
  StartInsightsRefreshCommand,
  UpdateClusterVersionCommand,
  UpdateNodegroupVersionCommand,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addBlue, nameOf, openEks, UPDATE_SECONDS } from './fixtures/local-eks.ts';

const LAST_WEEK = new Date('2026-11-14T12:00:00.000Z');

const insight = (id: string, more: Partial<Insight> = {}): Insight => ({
  id,
  name: `Insight ${id}`,
  category: 'UPGRADE_READINESS',
  kubernetesVersion: '1.36',
  lastRefreshTime: LAST_WEEK,
  lastTransitionTime: LAST_WEEK,
  description: 'What it looks at',
  insightStatus: { status: 'PASSING', reason: '' },
  ...more,
});

const DEPRECATION = insight('apis', {
  kubernetesVersion: '1.37',
  insightStatus: { status: 'ERROR', reason: 'Deprecated API usage detected' },
  recommendation: 'Use the new version.',
  additionalInfo: { 'EKS update cluster documentation': 'https://docs.aws.amazon.com/eks' },
  resources: [
    { insightStatus: { status: 'ERROR' }, kubernetesResourceUri: '/apis/storage.k8s.io/v1beta1/x/gold' },
  ],
  categorySpecificSummary: {
    deprecationDetails: [
      {
        usage: '/apis/storage.k8s.io/v1beta1/volumeattributesclasses',
        replacedWith: '/apis/storage.k8s.io/v1/volumeattributesclasses',
        stopServingVersion: '1.37',
        clientStats: [
          { userAgent: 'old-operator/1.0', numberOfRequestsLast30Days: 12, lastRequestTime: LAST_WEEK },
        ],
      },
    ],
  },
});

let eks: Awaited<ReturnType<typeof openEks>>;
beforeEach(async () => {
  eks = await openEks({ pageSize: 2 });
  addBlue(eks, {
    insights: [
      DEPRECATION,
      insight('skew'),
      insight('nodes', { category: 'MISCONFIGURATION', insightStatus: { status: 'WARNING' } }),
    ],
  });
});
afterEach(() => eks.stop());

const list = async (filter = {}) => {
  const pages = await Array.fromAsync(
    paginateListInsights({ client: eks.client }, { clusterName: 'blue', filter }),
  );
  return { pages, ids: pages.flatMap(({ insights = [] }) => insights.map(({ id }) => id)) };
};
const readRefresh = () => eks.client.send(new DescribeInsightsRefreshCommand({ clusterName: 'blue' }));
const startRefresh = () => eks.client.send(new StartInsightsRefreshCommand({ clusterName: 'blue' }));

test('the list comes in pages, without the details', async () => {
  const { pages, ids } = await list();
  expect(pages).toHaveLength(2);
  // A page is never larger than the stand-in's own, whatever is asked for.
  const asked = new ListInsightsCommand({ clusterName: 'blue', maxResults: 100 });
  expect((await eks.client.send(asked)).insights).toHaveLength(2);
  expect(ids).toEqual(['apis', 'skew', 'nodes']);
  expect(pages[0]?.insights?.[0]).toEqual({
    id: 'apis',
    name: 'Insight apis',
    category: 'UPGRADE_READINESS',
    kubernetesVersion: '1.37',
    lastRefreshTime: LAST_WEEK,
    lastTransitionTime: LAST_WEEK,
    description: 'What it looks at',
    insightStatus: { status: 'ERROR', reason: 'Deprecated API usage detected' },
  });
});

test.for([
  [{ categories: ['UPGRADE_READINESS'] }, ['apis', 'skew']],
  [{ kubernetesVersions: ['1.37'] }, ['apis']],
  [{ statuses: ['PASSING', 'WARNING'] }, ['skew', 'nodes']],
  [{ categories: ['ROLLBACK_READINESS'] }, []],
] as const)('the filter %j shows %j', async ([filter, ids]) => {
  expect((await list(filter)).ids).toEqual(ids);
});

test('an insight is told with resources, links and clients, its times as times', async () => {
  const { insight } = await eks.client.send(new DescribeInsightCommand({ clusterName: 'blue', id: 'apis' }));
  expect(insight).toEqual(DEPRECATION);
});

test.for([
  ['a filter of no category', () => list({ categories: ['COST'] }), 'InvalidParameterException'],
  [
    'an insight that is not there',
    () => eks.client.send(new DescribeInsightCommand({ clusterName: 'blue', id: 'x' })),
    'ResourceNotFoundException',
  ],
  ['a refresh that was not started', readRefresh, 'ResourceNotFoundException'],
] as const)('%s is refused', async ([, ask, name]) => {
  expect(await ask().catch(nameOf)).toBe(name);
});

test('a refresh takes its time, then every insight is as new as it, and what it found is shown', async () => {
  eks.setInsights('blue', [insight('skew', { insightStatus: { status: 'ERROR' } })], 'refresh');
  expect((await startRefresh()).status).toBe('IN_PROGRESS');
  eks.elapse(UPDATE_SECONDS - 1);
  await startRefresh();
  expect(await readRefresh()).toMatchObject({
    status: 'IN_PROGRESS',
    startedAt: new Date('2026-11-21T12:00:00Z'),
  });
  expect((await list()).ids).toHaveLength(3);
  eks.elapse(1);
  const endedAt = new Date('2026-11-21T12:10:00Z');
  expect(await readRefresh()).toMatchObject({ status: 'COMPLETED', endedAt });
  expect((await list()).pages[0]?.insights).toMatchObject([
    { id: 'skew', lastRefreshTime: endedAt, insightStatus: { status: 'ERROR' } },
  ]);
});

test('what is set after a refresh is as old as it says', async () => {
  await startRefresh();
  eks.elapse(UPDATE_SECONDS);
  await list();
  eks.setInsights('blue', [insight('skew')]);
  expect((await list()).pages[0]?.insights?.[0]?.lastRefreshTime).toEqual(LAST_WEEK);
});

test('a refresh that fails says why and changes nothing', async () => {
  eks.failNextRefresh('blue', 'The audit log cannot be read.');
  await startRefresh();
  eks.elapse(UPDATE_SECONDS);
  expect(await readRefresh()).toMatchObject({ status: 'FAILED', message: 'The audit log cannot be read.' });
  expect((await list()).pages[0]?.insights?.[0]?.lastRefreshTime).toEqual(LAST_WEEK);
});

describe('rollback readiness', () => {
  const readinessOf = async () => {
    const asked = { clusterName: 'blue', filter: { categories: ['ROLLBACK_READINESS' as const] } };
    const insights: Insight[] = [];
    for await (const page of paginateListInsights({ client: eks.client }, asked)) {
      insights.push(...(page.insights ?? []));
    }
    return Object.fromEntries(insights.map(({ name, insightStatus }) => [name, insightStatus?.status]));
  };
  const refresh = async () => {
    await eks.client.send(new StartInsightsRefreshCommand({ clusterName: 'blue' }));
    eks.elapse(UPDATE_SECONDS);
  };
  const moveNodes = async (version: string) => {
    const asked = { clusterName: 'blue', nodegroupName: 'general', version };
    await eks.client.send(new UpdateNodegroupVersionCommand(asked));
    eks.elapse(UPDATE_SECONDS);
  };
  const upgrade = async () => {
    await eks.client.send(new UpdateClusterVersionCommand({ name: 'blue', version: '1.36' }));
    eks.elapse(UPDATE_SECONDS);
  };
  const WELL = {
    'Kubelet version skew': 'PASSING',
    'kube-proxy version skew': 'PASSING',
    'EKS add-on version compatibility': 'PASSING',
  };

  test('is shown after an upgrade, and objects to nothing while nodes are where they were', async () => {
    expect(await readinessOf()).toEqual({});
    await upgrade();
    expect(await readinessOf()).toEqual(WELL);
    eks.elapse(8 * 86_400);
    expect(await readinessOf()).toEqual({});
  });

  test('objects to newer kubelets from the next refresh on, until a refresh behind their way down', async () => {
    await upgrade();
    await moveNodes('1.36');
    expect(await readinessOf()).toEqual(WELL);
    await refresh();
    expect(await readinessOf()).toEqual({ ...WELL, 'Kubelet version skew': 'ERROR' });
    await moveNodes('1.35');
    expect(await readinessOf()).toEqual({ ...WELL, 'Kubelet version skew': 'ERROR' });
    await refresh();
    expect(await readinessOf()).toEqual(WELL);
  });

  test('objects to a kube-proxy and to add-ons that the version before does not know', async () => {
    addBlue(eks, {
      version: '1.36',
      upgradedFrom: { version: '1.35', at: new Date('2026-11-21T11:00:00Z') },
      addons: [{ addonName: 'kube-proxy', addonVersion: 'v1.36.1-eksbuild.2' }],
      nodeGroups: [{ nodegroupName: 'general', version: '1.35' }],
    });
    expect(await readinessOf()).toEqual({
      ...WELL,
      'kube-proxy version skew': 'ERROR',
      'EKS add-on version compatibility': 'ERROR',
    });
  });
});
