import type { Insight } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { type EksAccount, type EksCluster, type Operation, openCluster } from './account.ts';
import { type Body, EksException, page } from './answer.ts';
import { judgeReadiness } from './rollback-insights.ts';

/**
 * Cluster insights: https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html
 *
 * They are those that were set, and after an upgrade those of rollback-insights.ts; a refresh takes its time, then shows
 * what was set to be found by it, and marks every insight as refreshed. Left out: the refresh each day, and finding
 * anything else out about a real cluster. Before the
 * first refresh DescribeInsightsRefresh answers ResourceNotFoundException, which EKS does not document.
 */
export const INSIGHT_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListInsights',
    method: 'POST',
    path: '/clusters/{}/insights',
    answer: async (account, call) => {
      const cluster = await openWithInsights(account, call);
      const input = ListInsights.safeParse(call.body ?? {});
      if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
      const { filter, ...question } = input.data;
      const fitting = insightsOf(account, cluster).filter(
        (insight) =>
          fits(filter.categories, insight.category) &&
          fits(filter.kubernetesVersions, insight.kubernetesVersion) &&
          fits(filter.statuses, insight.insightStatus?.status),
      );
      const { shown, nextToken } = page(fitting, question, account.pageSize);
      return { insights: shown.map(summarise), nextToken };
    },
  },
  {
    name: 'DescribeInsight',
    method: 'GET',
    path: '/clusters/{}/insights/{}',
    answer: async (account, call) => {
      const cluster = await openWithInsights(account, call);
      const insight = insightsOf(account, cluster).find(({ id }) => id === call.path[1]);
      if (!insight)
        throw new EksException('ResourceNotFoundException', `No insight found for ID: ${call.path[1]}.`);
      return { insight };
    },
  },
  {
    name: 'StartInsightsRefresh',
    method: 'POST',
    path: '/clusters/{}/insights-refresh',
    answer: async (account, call) => {
      const cluster = await openWithInsights(account, call);
      const now = account.now();
      if (cluster.refresh === undefined || now >= cluster.refresh.endsAt) {
        const failure = cluster.nextRefreshFailure;
        delete cluster.nextRefreshFailure;
        cluster.refresh = {
          startedAt: now,
          endsAt: new Date(now.getTime() + account.updateSeconds * 1_000),
          isShown: false,
          ...(failure === undefined ? {} : { failure }),
        };
      }
      return { status: 'IN_PROGRESS', message: 'Insights refresh is in progress' };
    },
  },
  {
    name: 'DescribeInsightsRefresh',
    method: 'GET',
    path: '/clusters/{}/insights-refresh',
    answer: async (account, call) => describeRefresh(await openWithInsights(account, call), account.now()),
  },
];

const ListInsights = z.object({
  filter: z
    .object({
      categories: z
        .array(z.enum(['UPGRADE_READINESS', 'MISCONFIGURATION', 'ROLLBACK_READINESS']))
        .default([]),
      kubernetesVersions: z.array(z.string()).default([]),
      statuses: z.array(z.enum(['PASSING', 'WARNING', 'ERROR', 'UNKNOWN'])).default([]),
    })
    .prefault({}),
  maxResults: z.int().optional(),
  nextToken: z.string().optional(),
});

const fits = (wanted: readonly string[], value: string | undefined): boolean =>
  wanted.length === 0 || (value !== undefined && wanted.includes(value));

/** What the list shows; recommendation, resources and details are DescribeInsight's. */
const summarise = (insight: Insight): Body => {
  const { id, name, category, kubernetesVersion, lastRefreshTime, lastTransitionTime } = insight;
  const { description, insightStatus } = insight;
  return {
    id,
    name,
    category,
    kubernetesVersion,
    lastRefreshTime,
    lastTransitionTime,
    description,
    insightStatus,
  };
};

const openWithInsights = async (
  account: EksAccount,
  call: Parameters<typeof openCluster>[1],
): Promise<EksCluster> => {
  const cluster = await openCluster(account, call);
  const { refresh } = cluster;
  if (refresh === undefined || refresh.isShown || refresh.failure !== undefined) return cluster;
  if (account.now() < refresh.endsAt) return cluster;
  refresh.isShown = true;
  cluster.insights = (cluster.found ?? cluster.insights).map((insight) => ({
    ...insight,
    lastRefreshTime: refresh.endsAt,
  }));
  delete cluster.found;
  cluster.readiness = judgeReadiness(account, cluster);
  return cluster;
};

/** Those of rollback readiness are there for as long as the way back is open. */
const insightsOf = (account: EksAccount, cluster: EksCluster): Insight[] => [
  ...cluster.insights,
  ...(judgeReadiness(account, cluster).length > 0 ? (cluster.readiness ?? []) : []),
];

const describeRefresh = ({ refresh }: EksCluster, now: Date): Body => {
  if (refresh === undefined)
    throw new EksException('ResourceNotFoundException', 'No insights refresh was started for this cluster.');
  const { startedAt, endsAt, failure } = refresh;
  if (now < endsAt) return { status: 'IN_PROGRESS', message: 'Insights refresh is in progress', startedAt };
  return failure === undefined
    ? { status: 'COMPLETED', message: 'Insights refresh completed successfully', startedAt, endedAt: endsAt }
    : { status: 'FAILED', message: failure, startedAt, endedAt: endsAt };
};
