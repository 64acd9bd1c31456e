import type { DescribeInsightsRefreshResponse, Insight, InsightSummary } from '@aws-sdk/client-eks';
import { readMinor } from '../../records/kubernetes-version.ts';
import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import type { InsightsRefresh } from './eks-reader.ts';
import { given, writeTime } from './normalise-common.ts';

const STATUSES: readonly string[] = ['PASSING', 'WARNING', 'ERROR', 'UNKNOWN'];

/** A status that we do not know is not a good one. */
const readStatus = (status: string | undefined): InsightFact['status'] =>
  status !== undefined && STATUSES.includes(status) ? (status as InsightFact['status']) : 'UNKNOWN';

/**
 * An insight as a fact, with or without the details of DescribeInsight. Its category is kept as EKS writes it: there
 * will be more of them.
 */
export const normaliseInsight = (insight: InsightSummary & Insight): InsightFact => {
  const { status, reason } = insight.insightStatus ?? {};
  const summary = insight.categorySpecificSummary;
  return {
    id: insight.id ?? '',
    name: insight.name ?? '',
    category: insight.category ?? '',
    ...given('version', readMinor(insight.kubernetesVersion ?? '')),
    status: readStatus(status),
    reason: reason ?? '',
    description: insight.description ?? '',
    recommendation: insight.recommendation ?? '',
    ...given('refreshedAt', writeTime(insight.lastRefreshTime)),
    ...given('changedAt', writeTime(insight.lastTransitionTime)),
    links: { ...insight.additionalInfo },
    resources: (insight.resources ?? []).map(({ kubernetesResourceUri, arn, insightStatus }) => ({
      name: kubernetesResourceUri ?? arn ?? '',
      status: insightStatus?.status ?? 'UNKNOWN',
    })),
    deprecations: (summary?.deprecationDetails ?? []).map((detail) => ({
      usage: detail.usage ?? '',
      replacedWith: detail.replacedWith ?? '',
      stopServing: detail.stopServingVersion ?? '',
      clients: (detail.clientStats ?? []).map((client) => ({
        userAgent: client.userAgent ?? '',
        requests30Days: client.numberOfRequestsLast30Days ?? 0,
        ...given('lastRequest', writeTime(client.lastRequestTime)),
      })),
    })),
    addons: (summary?.addonCompatibilityDetails ?? []).map(({ name, compatibleVersions }) => ({
      name: name ?? '',
      compatible: [...(compatibleVersions ?? [])],
    })),
  };
};

const REFRESHES: Readonly<Record<string, InsightsRefresh['status']>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
};

/** The state of a refresh; one that we do not know is one that goes on. */
export const normaliseRefresh = (
  answer: Pick<DescribeInsightsRefreshResponse, 'status' | 'message' | 'startedAt' | 'endedAt'>,
): InsightsRefresh => ({
  status: answer.status === undefined ? 'none' : (REFRESHES[answer.status] ?? 'in-progress'),
  message: answer.message ?? '',
  ...given('startedAt', answer.startedAt),
  ...given('endedAt', answer.endedAt),
});
