import { nodePoolBudgets } from '../../../functions/upgrade/checks/node-pool-budgets.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodePool, topicOf } from '../../support/upgrade-facts.ts';

const pool = (...budgets: ReturnType<typeof buildNodePool>['budgets']) => ({
  nodePools: topicOf(buildNodePool({ budgets })),
});

describeCheck(nodePoolBudgets, [
  { it: 'passes a pool without budgets, whose default is one in ten', given: pool(), finds: [] },
  {
    it: 'passes 10% and 1',
    given: pool({ nodes: '10%', reasons: [] }, { nodes: '1', reasons: [] }),
    finds: [],
  },
  {
    it: 'warns of 0',
    given: pool({ nodes: '0', reasons: [] }),
    finds: ['warn node pool general'],
    says: ['kubectl edit nodepools.karpenter.sh general'],
  },
  {
    it: 'warns of 0% beside a budget that allows some',
    given: pool({ nodes: '10%', reasons: [] }, { nodes: '0%', reasons: [] }),
    finds: ['warn node pool general'],
  },
  {
    it: 'passes 0 for a time of the day',
    given: pool({ nodes: '0', schedule: '0 9 * * mon-fri', reasons: [] }),
    finds: [],
  },
  {
    it: 'passes 0 for empty and underused nodes, which no upgrade needs',
    given: pool({ nodes: '0', reasons: ['Empty', 'Underutilized'] }),
    finds: [],
  },
  {
    it: 'warns of 0 for drifted nodes',
    given: pool({ nodes: '0', reasons: ['Drifted'] }),
    finds: ['warn node pool general'],
    says: ['budget 0 for Drifted'],
  },
]);
