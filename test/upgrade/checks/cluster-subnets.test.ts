import type { SubnetFact } from '../../../functions/records/upgrade/aws-facts.ts';
import { clusterSubnets } from '../../../functions/upgrade/checks/cluster-subnets.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const subnets = (
  ...rows: readonly (readonly [zone: string, free: number, rest?: Partial<SubnetFact>])[]
) => ({
  subnets: topicOf(
    ...rows.map(
      ([zone, freeAddresses, rest], index): SubnetFact => ({
        id: `subnet-${index}`,
        exists: true,
        zone,
        freeAddresses,
        usedBy: ['cluster'],
        ...rest,
      }),
    ),
  ),
});

describeCheck(clusterSubnets, [
  { it: 'passes 5 free addresses in each of two zones', given: subnets(['a', 5], ['b', 5]), finds: [] },
  { it: 'passes two zones when a third is full', given: subnets(['a', 5], ['b', 5], ['c', 0]), finds: [] },
  { it: 'adds up the subnets of one zone', given: subnets(['a', 2], ['a', 3], ['b', 9]), finds: [] },
  {
    it: 'blocks when one zone has 4, whatever the other has',
    given: subnets(['a', 900], ['b', 4]),
    finds: ['block subnets of the cluster'],
    says: ['Only 1 of the 2 zones', 'Free addresses in subnet-1', 'subnet-1 in b: 4 free'],
  },
  {
    it: 'names the subnets of the zones that are short, and no others',
    given: subnets(['a', 5], ['b', 4]),
    finds: ['block subnets of the cluster'],
    says: ['Free addresses in subnet-1, or'],
  },
  {
    it: 'blocks many addresses in one zone alone',
    given: subnets(['a', 900], ['a', 900]),
    finds: ['block subnets of the cluster'],
    says: ['a second zone'],
  },
  {
    it: 'does not count a subnet that only nodes use',
    given: subnets(['a', 5], ['b', 900, { usedBy: ['node group'] }]),
    finds: ['block subnets of the cluster'],
  },
  {
    it: 'does not count a subnet that is gone',
    given: subnets(['a', 5], ['b', 900, { exists: false }]),
    finds: ['block subnets of the cluster'],
  },
]);
