import { singleReplicas } from '../../../functions/upgrade/checks/single-replicas.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const one = (overrides: Parameters<typeof buildWorkloadFact>[0] = {}) => ({
  workloads: topicOf(buildWorkloadFact({ replicas: 1, ready: 1, ...overrides })),
});

describeCheck(singleReplicas, [
  { it: 'passes two pods', given: one({ replicas: 2 }), finds: [] },
  { it: 'passes a workload that is scaled to zero', given: one({ replicas: 0, ready: 0 }), finds: [] },
  {
    it: 'warns of a Deployment of one',
    given: one(),
    finds: ['warn Deployment shop/web'],
    says: ['kubectl -n shop scale deployment web --replicas 2'],
  },
  {
    it: 'warns of a StatefulSet of one, such as Gitaly, that it will be down',
    given: one({ kind: 'StatefulSet', name: 'gitlab-gitaly' }),
    finds: ['warn StatefulSet shop/gitlab-gitaly'],
    says: ['it is down while its node is replaced'],
  },
  ...(['DaemonSet', 'Job', 'CronJob', 'Pod'] as const).map((kind) => ({
    it: `passes a ${kind}`,
    given: one({ kind }),
    finds: [],
  })),
]);
