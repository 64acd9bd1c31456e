import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';
import { nodeSurge } from './node-surge.ts';

type Need = UpgradePlan['needs'][number];

/** Free addresses that an update of the control plane takes, over its subnets. EKS user guide, "Update a cluster". */
const CONTROL_PLANE_ADDRESSES = 5;
/** Service quota "Running On-Demand Standard instances", counted in vCPU. */
const STANDARD_VCPU_QUOTA = 'L-1216C47A';

/** What the steps need beside time: addresses in subnets, and room in quotas. Each group is updated alone. */
export const listNeeds = (facts: ClusterFacts, steps: readonly PlanStep[]): Need[] => {
  const { nodeGroups } = itemsOf(facts);
  const moved = new Set(steps.flatMap((step) => (step.kind === 'node-group' ? [step.nodeGroup] : [])));
  const groups = nodeGroups.filter(({ name }) => moved.has(name));
  const movesControlPlane = steps.some(({ kind }) => kind === 'control-plane');
  return [
    ...(movesControlPlane ? [controlPlaneNeed(facts)] : []),
    ...groups.flatMap((group) => groupNeeds(facts, group)),
  ];
};

const controlPlaneNeed = (facts: ClusterFacts): Need => {
  const ids = itemsOf(facts).cluster[0]?.subnetIds ?? [];
  return {
    what: 'free addresses for the control plane',
    needed: CONTROL_PLANE_ADDRESSES,
    ...freeAddresses(facts, ids),
    where: ids.join(', '),
  };
};

const groupNeeds = (facts: ClusterFacts, group: NodeGroupFact): Need[] => {
  const nodes = surgeOf(facts, group);
  if (nodes === 0) return [];
  const addresses: Need = {
    what: `free addresses for ${nodes} more nodes, and those of their pods`,
    needed: nodes,
    ...freeAddresses(facts, group.subnetIds),
    where: `node group ${group.name} (${group.subnetIds.join(', ')})`,
  };
  const quota = itemsOf(facts).quotas.find(({ code }) => code === STANDARD_VCPU_QUOTA);
  const cpus = group.instanceTypes.map(readCpus).filter((cpu) => cpu !== undefined);
  if (!quota || cpus.length === 0 || group.capacityType === 'SPOT') return [addresses];
  const vcpus: Need = {
    what: `vCPU of "${quota.name}" for ${nodes} more nodes`,
    needed: nodes * Math.max(...cpus),
    available: quota.limit - quota.used,
    where: `node group ${group.name}`,
  };
  return [addresses, vcpus];
};

const surgeOf = (facts: ClusterFacts, group: NodeGroupFact): number => {
  const zones = new Set(
    itemsOf(facts)
      .subnets.filter(({ id }) => group.subnetIds.includes(id))
      .map(({ zone }) => zone),
  );
  // A subnet that could not be read lies in some zone; as many as there are subnets is the most.
  return nodeSurge(group, zones.size > 0 ? zones.size : group.subnetIds.length);
};

const freeAddresses = (facts: ClusterFacts, ids: readonly string[]): { available?: number } => {
  const subnets = itemsOf(facts).subnets.filter(({ id }) => ids.includes(id));
  if (subnets.length < ids.length) return {};
  return { available: subnets.reduce((sum, { freeAddresses: free }) => sum + free, 0) };
};

const CPUS_OF_SIZE: Readonly<Record<string, number>> = { medium: 2, large: 2, xlarge: 4 };

/** vCPUs by the size in an instance type's name: `m7g.4xlarge` has 16. Undefined where the name does not tell. */
const readCpus = (type: string): number | undefined => {
  const size = type.split('.')[1] ?? '';
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  return times === undefined ? CPUS_OF_SIZE[size] : Number(times) * 4;
};
