import {
  DescribeInsightCommand,
  DescribeInsightsRefreshCommand,
  type InsightSummary,
  paginateListInsights,
  StartInsightsRefreshCommand,
} from '@aws-sdk/client-eks';
import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import { mapBounded } from '../bounded.ts';
import { CALL_WIDTH, callEks, collectPages, unlessGone } from './eks-call.ts';
import type { InsightsRefresh } from './eks-reader.ts';
import { normaliseInsight, normaliseRefresh } from './normalise-insight.ts';

/** ListInsights of every category, and DescribeInsight of each. */
export const readInsights = async (
  region: string,
  cluster: string,
  signal?: AbortSignal,
): Promise<InsightFact[]> => {
  const question = { operation: 'ListInsights', cluster, region };
  const summaries = await callEks(question, signal, ({ client, options }) =>
    collectPages(
      paginateListInsights({ client }, { clusterName: cluster }, options),
      ({ insights }) => insights,
    ),
  );
  return mapBounded(summaries, CALL_WIDTH, (summary) => readInsight(region, cluster, summary, signal));
};

/** A refresh may have replaced it since it was listed: what the list said of it still counts then. */
const readInsight = async (
  region: string,
  clusterName: string,
  summary: InsightSummary,
  signal: AbortSignal | undefined,
): Promise<InsightFact> => {
  const { id = '' } = summary;
  const about = `insight ${id}`;
  const question = { operation: 'DescribeInsight', cluster: clusterName, about, region };
  const details = await unlessGone(
    callEks(question, signal, async ({ client, options }) => {
      const answer = await client.send(new DescribeInsightCommand({ clusterName, id }), options);
      return answer.insight;
    }),
  );
  return normaliseInsight({ ...summary, ...details });
};

/** StartInsightsRefresh; while one goes on, EKS answers with that one. */
export const startRefresh = async (
  region: string,
  clusterName: string,
  signal?: AbortSignal,
): Promise<InsightsRefresh> => {
  const question = { operation: 'StartInsightsRefresh', cluster: clusterName, region };
  return callEks(question, signal, async ({ client, options }) =>
    normaliseRefresh(await client.send(new StartInsightsRefreshCommand({ clusterName }), options)),
  );
};

/** DescribeInsightsRefresh: the last one that was asked for, not the daily one. `none`: nobody ever did. */
export const readRefresh = async (
  region: string,
  clusterName: string,
  signal?: AbortSignal,
): Promise<InsightsRefresh> => {
  const about = 'insights refresh';
  const question = { operation: 'DescribeInsightsRefresh', cluster: clusterName, about, region };
  const answer = await unlessGone(
    callEks(question, signal, ({ client, options }) =>
      client.send(new DescribeInsightsRefreshCommand({ clusterName }), options),
    ),
  );
  return normaliseRefresh(answer ?? {});
};
