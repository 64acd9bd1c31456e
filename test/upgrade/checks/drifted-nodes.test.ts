import { driftedNodes } from '../../../functions/upgrade/checks/drifted-nodes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(driftedNodes, [
  { it: 'passes nodes that are what their pool wants', given: {}, finds: [] },
  {
    it: 'warns of nodes that still wait because of an earlier change',
    given: {
      nodes: topicOf(buildNode({ name: 'stale', origin: 'karpenter', group: 'general', drifted: true })),
    },
    finds: ['warn node pool general'],
    says: ['stale', 'kubectl describe nodeclaims -l karpenter.sh/nodepool=general'],
  },
]);
