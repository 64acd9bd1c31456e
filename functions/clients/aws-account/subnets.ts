import { paginateDescribeSubnets, type Subnet } from '@aws-sdk/client-ec2';
import type { SubnetFact } from '../../records/upgrade/aws-facts.ts';
import type { SubnetQuestion } from '../aws-account.ts';
import { callEc2, splitIds } from './ec2-client.ts';

/**
 * DescribeSubnets. Asked by filter: asked by id, one that is gone would fail the question about all others.
 * A subnet that is named twice is one, used by both.
 */
export const readSubnets = async (
  region: string,
  questions: readonly SubnetQuestion[],
  signal?: AbortSignal,
): Promise<SubnetFact[]> => {
  const uses = new Map<string, Set<SubnetFact['usedBy'][number]>>();
  for (const { id, usedBy } of questions) uses.set(id, new Set([...(uses.get(id) ?? []), ...usedBy]));
  const found = new Map<string, Subnet>();
  for (const ids of splitIds([...uses.keys()])) {
    await callEc2({ operation: 'DescribeSubnets', about: 'subnets', region }, signal, async (ec2) => {
      const input = { Filters: [{ Name: 'subnet-id', Values: ids }] };
      for await (const { Subnets } of paginateDescribeSubnets({ client: ec2.client }, input, ec2.options)) {
        for (const subnet of Subnets ?? []) found.set(subnet.SubnetId ?? '', subnet);
      }
    });
  }
  return [...uses].map(([id, usedBy]) => {
    const subnet = found.get(id);
    return {
      id,
      exists: subnet !== undefined,
      zone: subnet?.AvailabilityZone ?? '',
      freeAddresses: subnet?.AvailableIpAddressCount ?? 0,
      usedBy: [...usedBy],
    };
  });
};
