import { defineCheck } from '../check.ts';

/**
 * Addresses that two new nodes in a zone take at least: a managed group grows by up to two nodes in each, and a node
 * takes a prefix of 16 addresses, or about as many for its first pods. Source: EKS user guide, "Understand each phase of
 * node updates"; VPC CNI, prefix mode.
 */
const NEEDED = 32;

/**
 * With custom networking pods have subnets of their own, one for each zone. It never blocks: pods that are drained give
 * their addresses back after a while.
 */
export const podAddresses = defineCheck({
  code: 'pod-addresses',
  title: 'The subnets of pods (custom networking) have room for those of new nodes',
  reads: ['subnets'],
  judge: ({ subnets }, { to, region }) =>
    subnets
      .filter(
        ({ exists, usedBy, freeAddresses }) => exists && usedBy.includes('pods') && freeAddresses < NEEDED,
      )
      .map(({ id, zone, freeAddresses }) => ({
        result: 'warn',
        subject: `subnet ${id}`,
        message: `Pods in ${zone} take their addresses from it, and ${freeAddresses} are free: two new nodes need ${NEEDED} on the way to ${to}, and pods that get none do not start.`,
        remedy: {
          text: 'Free addresses, or give the zone an ENIConfig with a larger subnet. The command shows who holds the addresses.',
          command: `aws ec2 describe-network-interfaces --region ${region} --filters Name=subnet-id,Values=${id}`,
          link: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html',
        },
        evidence: [`ENIConfig, ${id} in ${zone}: ${freeAddresses} free`],
      })),
});
