import { unreadyNodes } from '../../../functions/upgrade/checks/unready-nodes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(unreadyNodes, [
  { it: 'passes ready nodes', given: {}, finds: [] },
  {
    it: 'passes a ready node that takes no more pods',
    given: { nodes: topicOf(buildNode({ unschedulable: true })) },
    finds: [],
  },
  {
    it: 'warns of a group with a node that is not ready, and names it',
    given: { nodes: topicOf(buildNode({ name: 'lost', ready: false }), buildNode()) },
    finds: ['warn node group blue'],
    says: ['1 node is not ready', 'lost'],
  },
]);
