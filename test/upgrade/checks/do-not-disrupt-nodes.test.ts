import { doNotDisruptNodes } from '../../../functions/upgrade/checks/do-not-disrupt-nodes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(doNotDisruptNodes, [
  { it: 'passes nodes without the mark', given: {}, finds: [] },
  {
    it: 'passes a managed node with the mark, which EKS drains all the same',
    given: { nodes: topicOf(buildNode({ doNotDisrupt: true })) },
    finds: [],
  },
  {
    it: 'warns of marked nodes of Karpenter and of Auto Mode',
    given: {
      nodes: topicOf(
        buildNode({ name: 'a', origin: 'karpenter', group: 'general', doNotDisrupt: true }),
        buildNode({ name: 'b', origin: 'auto', group: 'system', doNotDisrupt: true }),
      ),
    },
    finds: ['warn node pool general', 'warn node pool system'],
    says: ['karpenter.sh/do-not-disrupt-'],
  },
]);
