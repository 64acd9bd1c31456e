import type { SubnetFact } from '../../../functions/records/upgrade/aws-facts.ts';
import { goneSubnets } from '../../../functions/upgrade/checks/gone-subnets.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const gone = (...usedBy: SubnetFact['usedBy']) => ({
  subnets: topicOf<SubnetFact>({ id: 'subnet-a', exists: false, zone: '', freeAddresses: 0, usedBy }),
});

describeCheck(goneSubnets, [
  {
    it: 'passes subnets that exist, however full',
    given: {
      subnets: topicOf<SubnetFact>({
        id: 'subnet-a',
        exists: true,
        zone: 'z',
        freeAddresses: 0,
        usedBy: ['cluster'],
      }),
    },
    finds: [],
  },
  {
    it: 'blocks a subnet of the cluster that is gone',
    given: gone('cluster'),
    finds: ['block subnet subnet-a'],
    says: ['SubnetNotFound', 'subnetIds=SUBNETS'],
  },
  {
    it: 'blocks a subnet of a node group that is gone, and names the group',
    given: gone('node group'),
    finds: ['block subnet subnet-a'],
    says: ['node groups: blue'],
  },
  {
    it: 'warns of a subnet of Fargate alone',
    given: {
      subnets: topicOf<SubnetFact>({
        id: 'subnet-b',
        exists: false,
        zone: '',
        freeAddresses: 0,
        usedBy: ['fargate'],
      }),
      nodeGroups: topicOf(),
    },
    finds: ['warn subnet subnet-b'],
    silentOn: ['node groups:'],
  },
]);
