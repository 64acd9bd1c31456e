import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import type { IdentityFact } from '../../records/upgrade/aws-facts.ts';
import { callEc2, splitIds } from './ec2-client.ts';

/** DescribeSecurityGroups, by filter as with subnets: one that is gone is an answer. */
export const readSecurityGroups = async (
  region: string,
  groups: readonly string[],
  signal?: AbortSignal,
): Promise<IdentityFact[]> => {
  const found = new Set<string>();
  for (const ids of splitIds(groups)) {
    const question = { operation: 'DescribeSecurityGroups', about: 'security groups', region };
    await callEc2(question, signal, async ({ client, options }) => {
      const input = { Filters: [{ Name: 'group-id', Values: ids }] };
      for await (const { SecurityGroups } of paginateDescribeSecurityGroups({ client }, input, options)) {
        for (const { GroupId } of SecurityGroups ?? []) found.add(GroupId ?? '');
      }
    });
  }
  return [...new Set(groups)].map((id) => ({
    kind: 'security group',
    id,
    usable: found.has(id),
    reason: found.has(id) ? '' : 'does not exist',
  }));
};
