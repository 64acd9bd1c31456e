import { readinessProbes } from '../../../functions/upgrade/checks/readiness-probes.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const without = (overrides: Parameters<typeof buildWorkloadFact>[0] = {}) => ({
  workloads: topicOf(buildWorkloadFact({ readinessProbes: false, ...overrides })),
});

describeCheck(readinessProbes, [
  { it: 'passes a workload with probes', given: {}, finds: [] },
  { it: 'warns of a Deployment without', given: without(), finds: ['warn Deployment shop/web'] },
  {
    it: 'warns of a StatefulSet without',
    given: without({ kind: 'StatefulSet' }),
    finds: ['warn StatefulSet shop/web'],
  },
  { it: 'passes minReadySeconds in their place', given: without({ minReadySeconds: 10 }), finds: [] },
  { it: 'passes a workload that is scaled to zero', given: without({ replicas: 0, ready: 0 }), finds: [] },
  ...(['DaemonSet', 'Job', 'CronJob', 'Pod'] as const).map((kind) => ({
    it: `passes a ${kind}`,
    given: without({ kind }),
    finds: [],
  })),
]);
