import { unreadyWorkloads } from '../../../functions/upgrade/checks/unready-workloads.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const ready = (number: number, overrides: Parameters<typeof buildWorkloadFact>[0] = {}) => ({
  workloads: topicOf(buildWorkloadFact({ ready: number, ...overrides })),
});

describeCheck(unreadyWorkloads, [
  { it: 'passes 3 of 3', given: ready(3), finds: [] },
  {
    it: 'warns of 2 of 3',
    given: ready(2),
    finds: ['warn Deployment shop/web'],
    says: ['2 of its 3 pods are ready', 'kubectl -n shop describe deployment web'],
  },
  {
    it: 'warns of a DaemonSet that is not everywhere',
    given: ready(2, { kind: 'DaemonSet' }),
    finds: ['warn DaemonSet shop/web'],
  },
  { it: 'passes a workload that is scaled to zero', given: ready(0, { replicas: 0 }), finds: [] },
  {
    it: 'passes a Pod and a Job, which may have ended',
    given: {
      workloads: topicOf(
        buildWorkloadFact({ kind: 'Pod', ready: 0 }),
        buildWorkloadFact({ kind: 'Job', ready: 0 }),
      ),
    },
    finds: [],
  },
]);
