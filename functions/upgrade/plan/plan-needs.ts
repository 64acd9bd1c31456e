import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, itemsOf } from '../../records/upgrade/facts.ts';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';
import { surgeOf } from './node-surge.ts';
import { mostVcpus, needsStandardVcpus, STANDARD_VCPU_QUOTA } from './node-vcpus.ts';

type Need = UpgradePlan['needs'][number];

/** Free addresses that an update of the control plane takes, over its subnets. EKS user guide, "Update a cluster". */
const CONTROL_PLANE_ADDRESSES = 5;

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
  const nodes = surgeOf(group, itemsOf(facts).subnets);
  if (nodes === 0) return [];
  const addresses: Need = {
    what: `free addresses for ${nodes} more nodes, and those of their pods`,
    needed: nodes,
    ...freeAddresses(facts, group.subnetIds),
    where: `node group ${group.name} (${group.subnetIds.join(', ')})`,
  };
  const quota = itemsOf(facts).quotas.find(({ code }) => code === STANDARD_VCPU_QUOTA);
  const cpus = mostVcpus(group);
  if (!quota || cpus === undefined || !needsStandardVcpus(group)) return [addresses];
  const vcpus: Need = {
    what: `vCPU of "${quota.name}" for ${nodes} more nodes`,
    needed: nodes * cpus,
    available: quota.limit - quota.used,
    where: `node group ${group.name}`,
  };
  return [addresses, vcpus];
};

const freeAddresses = (facts: ClusterFacts, ids: readonly string[]): { available?: number } => {
  const subnets = itemsOf(facts).subnets.filter(({ id }) => ids.includes(id));
  if (subnets.length < ids.length) return {};
  return { available: subnets.reduce((sum, { freeAddresses: free }) => sum + free, 0) };
};
