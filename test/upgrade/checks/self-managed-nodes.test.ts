import { selfManagedNodes } from '../../../functions/upgrade/checks/self-managed-nodes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(selfManagedNodes, [
  {
    it: 'passes managed, Karpenter, Auto Mode and Fargate nodes',
    given: {
      nodes: topicOf(
        buildNode(),
        buildNode({ origin: 'karpenter' }),
        buildNode({ origin: 'auto' }),
        buildNode({ origin: 'fargate' }),
      ),
    },
    finds: [],
  },
  {
    it: 'warns of self-managed nodes by group, and of hybrid ones',
    given: {
      nodes: topicOf(
        buildNode({ name: 'a', origin: 'self-managed', group: 'workers' }),
        buildNode({ name: 'b', origin: 'self-managed', group: 'workers' }),
        buildNode({ name: 'c', origin: 'hybrid', group: '' }),
      ),
    },
    finds: ['warn hybrid nodes', 'warn self-managed nodes workers'],
    says: ['(2 nodes)', 'nodeadm upgrade 1.36', 'update-workers.html'],
  },
]);
