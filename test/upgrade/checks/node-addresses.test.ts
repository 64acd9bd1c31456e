import type { SubnetFact } from '../../../functions/records/upgrade/aws-facts.ts';
import { nodeAddresses } from '../../../functions/upgrade/checks/node-addresses.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

const room = (a: number, b: number, group: Parameters<typeof buildNodeGroup>[0] = {}) => ({
  nodeGroups: topicOf(buildNodeGroup(group)),
  subnets: topicOf<SubnetFact>(
    { id: 'subnet-a', exists: true, zone: 'az1', freeAddresses: a, usedBy: ['node group'] },
    { id: 'subnet-b', exists: true, zone: 'az2', freeAddresses: b, usedBy: ['node group'] },
    { id: 'subnet-c', exists: true, zone: 'az3', freeAddresses: 0, usedBy: ['cluster'] },
  ),
});

describeCheck(nodeAddresses, [
  { it: 'passes room for two nodes in each of two zones', given: room(2, 2), finds: [] },
  {
    it: 'warns when the group grows by 4 and 3 are free',
    given: room(2, 1),
    finds: ['warn node group blue'],
    says: ['grows by up to 4 nodes', 'all of its subnets together have 3 free'],
  },
  {
    it: 'blocks a zone without any in which nodes of the group run, for each zone needs a new one',
    given: { ...room(900, 0), nodes: topicOf(buildNode({ zone: 'az2' })) },
    finds: ['block node group blue'],
    says: ['none are free in az2', 'NodeCreationFailure'],
  },
  {
    it: 'only warns of it when it is another group that has nodes there',
    given: { ...room(900, 0), nodes: topicOf(buildNode({ zone: 'az2', group: 'green' })) },
    finds: ['warn node group blue'],
  },
  {
    it: 'warns of a zone without any, however much the other has',
    given: room(900, 0),
    finds: ['warn node group blue'],
    says: ['none are free in az2'],
  },
  {
    it: 'blocks when nothing at all is free',
    given: room(0, 0),
    finds: ['block node group blue'],
    says: ['NodeCreationFailure'],
  },
  {
    it: 'names the zone also when the total is just enough',
    given: room(4, 0),
    finds: ['warn node group blue'],
    says: ['none are free in az2'],
  },
  {
    it: 'passes a full subnet beside one of the same zone with room',
    given: {
      nodeGroups: topicOf(buildNodeGroup()),
      subnets: topicOf<SubnetFact>(
        { id: 'subnet-a', exists: true, zone: 'az1', freeAddresses: 0, usedBy: ['node group'] },
        { id: 'subnet-b', exists: true, zone: 'az1', freeAddresses: 9, usedBy: ['node group'] },
      ),
    },
    finds: [],
  },
  {
    it: 'reckons with the nodes that may be unavailable when they are more than two a zone',
    given: room(5, 4, { maxUnavailable: 10 }),
    finds: ['warn node group blue'],
    says: ['up to 10 nodes'],
  },
  {
    it: 'passes the strategy MINIMAL, which takes old nodes away first',
    given: room(0, 0, { strategy: 'MINIMAL' }),
    finds: [],
  },
  { it: 'passes a group without nodes', given: room(0, 0, { desiredSize: 0 }), finds: [] },
]);
