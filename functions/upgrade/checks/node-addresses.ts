import type { NodeGroupFact, SubnetFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type Verdict } from '../check.ts';
import { nodeSurge } from '../plan/node-surge.ts';
import { count } from './rules/subject.ts';

/**
 * Free addresses for the nodes by which each group grows while it is updated. How many addresses a node takes for its
 * pods depends on its type and on the settings of the VPC CNI; one is the least, so nothing free at all is a sure
 * failure and too little of it a warning. EKS makes at least one new node in every zone in which the group has nodes,
 * so a zone without any free address fails too when nodes of the group run there, and warns when none do.
 * Source: EKS user guide, "Understand each phase of node updates", scale up phase.
 */
export const nodeAddresses = defineCheck({
  code: 'node-addresses',
  title: 'The subnets of every node group have room for the nodes of its update',
  reads: ['nodeGroups', 'subnets', 'nodes'],
  judgesPartly: true,
  judge: ({ nodeGroups, subnets, nodes }, step) =>
    nodeGroups.flatMap((group) => {
      const own = subnets.filter(({ id, exists }) => exists && group.subnetIds.includes(id));
      const taken = new Set(
        nodes
          .filter((node) => node.origin === 'managed' && node.group === group.name)
          .map(({ zone }) => zone),
      );
      const verdict = judgeGroup(group, own, taken, step.to);
      return verdict ? [verdict] : [];
    }),
});

const judgeGroup = (
  group: NodeGroupFact,
  own: readonly SubnetFact[],
  taken: ReadonlySet<string>,
  to: string,
): Verdict | undefined => {
  const zones = Map.groupBy(own, ({ zone }) => zone);
  const surge = nodeSurge(group, zones.size);
  const free = own.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);
  const empty = [...zones]
    .filter(([, members]) => members.every(({ freeAddresses }) => freeAddresses === 0))
    .map(([zone]) => zone);
  if (own.length === 0 || surge === 0 || (free >= surge && empty.length === 0)) return undefined;
  const fails = free === 0 || empty.some((zone) => taken.has(zone));
  const need = `It grows by up to ${count(surge, 'node')} while it is updated to ${to}, and each takes an address of its own and more for its pods`;
  const short =
    free < surge ? `all of its subnets together have ${free} free` : `none are free in ${empty.join(', ')}`;
  return {
    result: fails ? 'block' : 'warn',
    subject: `node group ${group.name}`,
    message: `${need}; ${short}${fails ? ', where a new node must come up: the update fails with NodeCreationFailure.' : ': new nodes or their pods may not start.'}`,
    remedy: {
      text: `Free at least ${surge} addresses and those of the pods, add a secondary CIDR with prefix delegation, or let the group take old nodes away first with the strategy MINIMAL.`,
      link: 'https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html',
    },
    evidence: [
      `${count(zones.size, 'zone')}, strategy ${group.strategy}: up to ${surge} more nodes`,
      ...own.map(({ id, zone, freeAddresses }) => `${id} in ${zone}: ${freeAddresses} free`),
    ],
  };
};
