import type { ApiEvidence, UsedApiFact } from '../../functions/records/upgrade/api-facts.ts';
import type { InsightFact } from '../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../functions/records/upgrade/facts.ts';
import type { Verdict } from '../../functions/upgrade/check.ts';
import { removedApis } from '../../functions/upgrade/checks/removed-apis.ts';
import { buildInsight, CHECK_TIME, CLUSTER, healthyCluster, REGION } from './upgrade-facts.ts';

/** Evidence of one API that 1.37 takes away, for the tests of the check that joins it. */

/** networking.k8s.io/v1beta1 ServiceCIDR: deprecated in 1.34, gone in 1.37, succeeded by v1 since 1.33. */
export const OLD = 'networking.k8s.io/v1beta1';

export const judge = (facts: ClusterFacts, to = '1.37'): readonly Verdict[] =>
  removedApis.judge(healthyCluster(facts), {
    cluster: CLUSTER,
    region: REGION,
    current: '1.35',
    from: `1.${Number(to.slice(2)) - 1}`,
    to,
    now: CHECK_TIME,
  });

export const found = (facts: ClusterFacts, to?: string): string[] =>
  judge(facts, to).map(({ result, subject }) => `${result}: ${subject}`);

export const evidence = (overrides: Partial<ApiEvidence> = {}): ApiEvidence => ({
  source: 'last-applied',
  apiVersion: OLD,
  confidence: 'high',
  ...overrides,
});

export const range = (...signs: ApiEvidence[]): UsedApiFact => ({
  kind: 'ServiceCIDR',
  namespace: '',
  name: 'extra',
  evidence: signs,
});

export const written = evidence({ source: 'managed-fields', confidence: 'medium', manager: 'argocd' });
export const onFile = evidence({ source: 'file', file: 'net.yaml', line: 3 });
export const byHelm = evidence({ source: 'helm', release: 'net/ranges' });
export const requested = {
  group: 'networking.k8s.io',
  version: 'v1beta1',
  resource: 'servicecidrs',
  subresource: '',
};

export const call = (lastRequest: string | undefined, userAgent = 'argocd/v2.9', requests30Days = 12) => ({
  userAgent,
  requests30Days,
  ...(lastRequest === undefined ? {} : { lastRequest }),
});
export const RECENT = '2026-11-20T08:00:00.000Z';
export const LONG_AGO = '2026-11-13T08:00:00.000Z';

export const insight = (
  clients: InsightFact['deprecations'][number]['clients'],
  overrides: Partial<InsightFact> = {},
): InsightFact =>
  buildInsight({
    name: 'Deprecated APIs removed in Kubernetes v1.37',
    version: '1.37',
    status: 'ERROR',
    deprecations: [
      {
        usage: '/apis/networking.k8s.io/v1beta1/servicecidrs',
        replacedWith: '/apis/networking.k8s.io/v1/servicecidrs',
        stopServing: '1.37',
        clients,
      },
    ],
    ...overrides,
  });
