import { graceSeconds } from '../../../functions/upgrade/checks/grace-seconds.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const grace = (seconds: number | undefined, overrides: Parameters<typeof buildWorkloadFact>[0] = {}) => ({
  workloads: topicOf(buildWorkloadFact({ kind: 'StatefulSet', graceSeconds: seconds, ...overrides })),
});

describeCheck(graceSeconds, [
  { it: 'passes 30 seconds', given: grace(30), finds: [] },
  { it: 'passes the default', given: grace(undefined), finds: [] },
  { it: 'passes 1 second', given: grace(1), finds: [] },
  {
    it: 'warns of 0',
    given: grace(0),
    finds: ['warn StatefulSet shop/web'],
    says: ['kubectl -n shop patch statefulset web'],
  },
  {
    it: 'passes a Deployment of 0, which holds no volume of its own',
    given: grace(0, { kind: 'Deployment' }),
    finds: [],
  },
  {
    it: 'passes a StatefulSet that is scaled to zero',
    given: grace(0, { replicas: 0, ready: 0 }),
    finds: [],
  },
]);
