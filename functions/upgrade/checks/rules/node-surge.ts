import type { NodeGroupFact } from '../../../records/upgrade/aws-facts.ts';

/** Nodes of a managed node group that an update replaces at one time at most; its own limit is 100. */
const PARALLEL_LIMIT = 100;

/** How many of its nodes a group lets be unavailable at once; 1 unless it says otherwise, a share is rounded up. */
export const nodesAtOnce = ({
  maxUnavailable,
  maxUnavailablePercentage,
  desiredSize,
}: Pick<NodeGroupFact, 'maxUnavailable' | 'maxUnavailablePercentage' | 'desiredSize'>): number => {
  if (maxUnavailablePercentage === undefined) return maxUnavailable ?? 1;
  return Math.min(PARALLEL_LIMIT, Math.max(1, Math.ceil((desiredSize * maxUnavailablePercentage) / 100)));
};

/**
 * By how many nodes a managed node group grows at most while it is updated: the larger of two a zone and the nodes it
 * lets be unavailable. MINIMAL takes old nodes away first, and an empty group has none to replace.
 * Source: EKS user guide, "Understand each phase of node updates", scale up phase.
 */
export const nodeSurge = (
  group: Pick<NodeGroupFact, 'maxUnavailable' | 'maxUnavailablePercentage' | 'desiredSize' | 'strategy'>,
  zones: number,
): number =>
  group.strategy === 'MINIMAL' || group.desiredSize === 0 ? 0 : Math.max(2 * zones, nodesAtOnce(group));
