import { quotas } from '../../../functions/upgrade/checks/quotas.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodeGroup, topicOf, unreadTopic } from '../../support/upgrade-facts.ts';

/** On the way the group grows by four nodes, two in each zone. */
const vcpus = (used: number, group: Parameters<typeof buildNodeGroup>[0] = {}) => ({
  quotas: topicOf({ code: 'L-1216C47A', name: 'On-Demand Standard', used, limit: 100, unit: 'vCPU' }),
  nodeGroups: topicOf(buildNodeGroup(group)),
});
const SMALL = { instanceTypes: ['m7i.large'] };
const FULL = ['block quota On-Demand Standard'];
const TIGHT = ['warn quota On-Demand Standard'];

describeCheck(quotas, [
  { it: 'passes 79 % of a quota', given: vcpus(79, SMALL), finds: [] },
  {
    it: 'warns of 80 %, also when the nodes of every group fit',
    given: vcpus(80, SMALL),
    finds: TIGHT,
    says: [
      '80 of 100 vCPU are used (80 %)',
      'may not get them',
      'node group blue: up to 4 nodes more, 8 vCPU',
      '--service-code ec2 --quota-code L-1216C47A',
    ],
  },
  { it: 'passes what has just the room for the nodes of an update', given: vcpus(68), finds: [] },
  {
    it: 'warns of one vCPU less, far from the end of the quota',
    given: vcpus(69),
    finds: TIGHT,
    says: ['The update of node group blue takes up to 32 more until the old nodes are gone, and 31 are free'],
  },
  {
    it: 'counts with the largest type of a group',
    given: vcpus(60, { instanceTypes: ['m7i.large', 'm7i.4xlarge'] }),
    finds: TIGHT,
    says: ['up to 64 more'],
  },
  {
    it: 'takes each subnet for a zone when none could be read',
    given: { ...vcpus(69), subnets: unreadTopic('subnets', 'ec2:DescribeSubnets') },
    finds: ['not-checked subnets', ...TIGHT],
    says: ['up to 32 more'],
  },
  {
    it: 'blocks when not one node fits, although some vCPUs are left',
    given: vcpus(93),
    finds: FULL,
    says: ['93 of 100 vCPU are used', 'Not one more node fits'],
  },
  { it: 'only warns when one node fits', given: vcpus(92), finds: TIGHT },
  {
    it: 'only warns when one of the smallest type fits',
    given: vcpus(92, { instanceTypes: ['m7i.2xlarge', 'm7i.24xlarge'] }),
    finds: TIGHT,
  },
  {
    it: 'only warns with one vCPU left when the size of a type leaves open how many it takes',
    given: vcpus(99, { instanceTypes: ['m7g.medium'] }),
    finds: TIGHT,
  },
  {
    it: 'speaks of each group that has too little room, and of no other',
    given: {
      ...vcpus(50),
      nodeGroups: topicOf(
        buildNodeGroup(SMALL),
        buildNodeGroup({ name: 'green', instanceTypes: ['m7i.4xlarge'] }),
        buildNodeGroup({ name: 'grey', instanceTypes: ['r7i.8xlarge'] }),
      ),
    },
    finds: TIGHT,
    says: ['The update of node group green and node group grey takes up to 128 more'],
  },
  {
    it: 'blocks a quota that is used up when a group must grow by it',
    given: vcpus(100),
    finds: FULL,
    says: ['the update of node group blue fails with NodeCreationFailure'],
  },
  {
    it: 'only warns when the group runs on spot capacity',
    given: vcpus(100, { capacityType: 'SPOT' }),
    finds: TIGHT,
  },
  {
    it: 'only warns when the group takes old nodes away first',
    given: vcpus(100, { strategy: 'MINIMAL' }),
    finds: TIGHT,
  },
  { it: 'only warns when the group has no nodes', given: vcpus(100, { desiredSize: 0 }), finds: TIGHT },
  {
    it: 'only warns when the group is of another family',
    given: vcpus(100, { instanceTypes: ['g5.xlarge'] }),
    finds: TIGHT,
  },
  { it: 'only warns when its types are not known', given: vcpus(100, { instanceTypes: [] }), finds: TIGHT },
  {
    it: 'only warns of storage that is used up',
    given: { quotas: topicOf({ code: 'L-7A658B76', name: 'gp3', used: 50, limit: 50, unit: 'TiB' }) },
    finds: ['warn quota gp3'],
    says: ['--service-code ebs'],
  },
  {
    it: 'warns of a quota of nothing',
    given: { quotas: topicOf({ code: 'L-7A658B76', name: 'gp3', used: 0, limit: 0, unit: 'TiB' }) },
    finds: ['warn quota gp3'],
    says: ['(there is none)'],
  },
]);
