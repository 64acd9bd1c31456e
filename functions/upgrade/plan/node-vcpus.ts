import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';

/** "Running On-Demand Standard instances": vCPUs of the families A, C, D, H, I, M, R, T and Z. Source: EC2 user guide. */
export const STANDARD_VCPU_QUOTA = 'L-1216C47A';
const STANDARD_FAMILY = /^(?:[acdhimrtz]|im|is)\d/i;

/** Does each new node of a group count against that quota? Not on spot capacity, and not of another family. */
export const needsStandardVcpus = ({ capacityType, instanceTypes }: NodeGroupFact): boolean =>
  capacityType === 'ON_DEMAND' &&
  instanceTypes.length > 0 &&
  instanceTypes.every((type) => STANDARD_FAMILY.test(type));

/** The most vCPUs of a node that a group may make; undefined where no name of a type tells. */
export const mostVcpus = ({ instanceTypes }: NodeGroupFact): number | undefined => {
  const cpus = instanceTypes.map(readVcpus).filter((cpu) => cpu !== undefined);
  return cpus.length === 0 ? undefined : Math.max(...cpus);
};

/** The least vCPUs of a node that a group may make; 1 where the name of a type leaves that open. */
export const leastVcpus = ({ instanceTypes }: NodeGroupFact): number =>
  // A medium has one vCPU or two.
  Math.min(...instanceTypes.map((type) => (type.endsWith('.medium') ? 1 : (readVcpus(type) ?? 1))));

const VCPUS_OF_SIZE: Readonly<Record<string, number>> = { medium: 2, large: 2, xlarge: 4 };

/** By the size in the name of an instance type: `m7g.4xlarge` has 16. */
const readVcpus = (type: string): number | undefined => {
  const size = type.split('.')[1] ?? '';
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  return times === undefined ? VCPUS_OF_SIZE[size] : Number(times) * 4;
};
