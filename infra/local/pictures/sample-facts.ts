import type { SubnetFact } from '../../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { API_FACTS } from './sample-facts-apis.ts';
import { EKS_FACTS } from './sample-facts-eks.ts';
import { NODE_FACTS } from './sample-facts-nodes.ts';
import { WORKLOAD_FACTS, WORKLOAD_FACTS_BEFORE } from './sample-facts-workloads.ts';
import { denied, GROUP_SUBNETS, INNER_SUBNETS, read, zoneOf } from './sample-names.ts';

/**
 * Facts of a made-up cluster, as a check would have collected them: a GitLab in production at 1.34, three weeks before
 * the end of its standard support, with what such clusters have been left with over the years.
 */

const subnets = (
  ids: readonly string[],
  usedBy: SubnetFact['usedBy'],
  free: readonly number[],
): SubnetFact[] =>
  ids.map((id, index) => ({
    id,
    exists: true,
    zone: zoneOf(index),
    freeAddresses: free[index] ?? 0,
    usedBy,
  }));

const account = (free: readonly number[]) =>
  ({
    subnets: read(
      ...subnets(INNER_SUBNETS, ['cluster'], [241, 238, 244]),
      ...subnets(GROUP_SUBNETS, ['node group'], free),
    ),
    quotas: denied('quotas', 'servicequotas:GetServiceQuota'),
  }) satisfies ClusterFacts;

/** On the day of the picture. */
export const SAMPLE_FACTS: ClusterFacts = {
  ...EKS_FACTS,
  ...account([2, 1, 2]),
  ...NODE_FACTS,
  ...WORKLOAD_FACTS,
  ...API_FACTS,
};

/** On the day before. */
export const SAMPLE_FACTS_BEFORE: ClusterFacts = {
  ...SAMPLE_FACTS,
  ...account([61, 44, 57]),
  ...WORKLOAD_FACTS_BEFORE,
};
