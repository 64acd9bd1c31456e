import type { NodeGroupFact, SubnetFact } from '../../records/upgrade/aws-facts.ts';
import { maxUnavailableOf } from './node-steps.ts';

/**
 * By how many nodes a managed node group grows at most while it is updated: the larger of two a zone and the nodes it
 * lets be unavailable. MINIMAL takes old nodes away first, and an empty group has none to replace.
 * Source: EKS user guide, "Understand each phase of node updates", scale up phase.
 */
export const nodeSurge = (group: NodeGroupFact, zones: number): number =>
  group.strategy === 'MINIMAL' || group.desiredSize === 0 ? 0 : Math.max(2 * zones, maxUnavailableOf(group));

/** The same, with the zones of its subnets. One that could not be read lies in some zone: then as many as there are. */
export const surgeOf = (group: NodeGroupFact, subnets: readonly SubnetFact[]): number => {
  const zones = new Set(subnets.filter(({ id }) => group.subnetIds.includes(id)).map(({ zone }) => zone));
  return nodeSurge(group, zones.size > 0 ? zones.size : group.subnetIds.length);
};
