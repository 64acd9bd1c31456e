import { dockerSockets } from '../../../functions/upgrade/checks/docker-sockets.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(dockerSockets, [
  { it: 'passes a workload without the socket', given: {}, finds: [] },
  {
    it: 'warns of a workload that mounts it, whatever the target',
    given: { workloads: topicOf(buildWorkloadFact({ kind: 'DaemonSet', dockerSocket: true })) },
    to: '1.30',
    finds: ['warn DaemonSet shop/web'],
    says: ['kubectl -n shop get daemonset web'],
  },
]);
