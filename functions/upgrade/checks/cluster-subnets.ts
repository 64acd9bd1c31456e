import type { SubnetFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck } from '../check.ts';
import { agree } from './rules/subject.ts';

/** Addresses that EKS needs for the new network interfaces of the control plane, in each of two zones. */
const NEEDED_ADDRESSES = 5;
const NEEDED_ZONES = 2;

/**
 * Free addresses for the control plane by zone, not in total: it needs two zones, whatever a third one has.
 * Source: EKS user guide, "Update existing cluster to new Kubernetes version", considerations.
 */
export const clusterSubnets = defineCheck({
  code: 'cluster-subnets',
  title: 'The subnets of the cluster have five free addresses in each of two zones',
  reads: ['subnets'],
  judge: ({ subnets }, { to, region }) => {
    const own = subnets.filter(({ usedBy, exists }) => exists && usedBy.includes('cluster'));
    const zones = [...Map.groupBy(own, ({ zone }) => zone)].map(([zone, members]) => ({
      zone,
      members,
      free: members.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0),
    }));
    const roomy = zones.filter(({ free }) => free >= NEEDED_ADDRESSES);
    if (own.length === 0 || roomy.length >= NEEDED_ZONES) return [];
    const tight = zones.filter(({ free }) => free < NEEDED_ADDRESSES);
    return [
      {
        result: 'block',
        subject: 'subnets of the cluster',
        message: `Only ${roomy.length} of the ${NEEDED_ZONES} zones that the control plane needs ${agree(roomy.length, 'has', 'have')} ${NEEDED_ADDRESSES} free addresses: the update to ${to} ends with IpNotAvailable or InsufficientFreeAddresses.`,
        remedy: {
          text: `Free addresses in ${nameTight(tight.flatMap(({ members }) => members))}, or give the cluster more subnets in the same zones. The command shows who holds the addresses.`,
          command: `aws ec2 describe-network-interfaces --region ${region} --filters Name=subnet-id,Values=${own.map(({ id }) => id).join(',')}`,
          link: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
        },
        evidence: own.map(({ id, zone, freeAddresses }) => `${id} in ${zone}: ${freeAddresses} free`),
      },
    ];
  },
});

const nameTight = (subnets: readonly SubnetFact[]): string =>
  subnets.length === 0 ? 'a second zone' : subnets.map(({ id }) => id).join(', ');
