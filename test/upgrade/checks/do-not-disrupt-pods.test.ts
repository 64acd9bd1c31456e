import { doNotDisruptPods } from '../../../functions/upgrade/checks/do-not-disrupt-pods.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const marked = (overrides: Parameters<typeof buildWorkloadFact>[0] = {}) =>
  topicOf(buildWorkloadFact({ doNotDisrupt: true, ...overrides }));

describeCheck(doNotDisruptPods, [
  { it: 'passes pods without the mark', given: {}, finds: [] },
  {
    it: 'warns of a Deployment with the mark where Karpenter makes nodes',
    given: { workloads: marked() },
    finds: ['warn Deployment shop/web'],
    says: ['kubectl -n shop get deployment web'],
  },
  {
    it: 'passes it where only managed groups make nodes',
    given: { workloads: marked(), nodes: topicOf(buildNode()) },
    finds: [],
  },
  {
    it: 'warns of it on Auto Mode',
    given: { workloads: marked(), nodes: topicOf(buildNode({ origin: 'auto' })) },
    finds: ['warn Deployment shop/web'],
  },
  { it: 'passes a Job, which ends by itself', given: { workloads: marked({ kind: 'Job' }) }, finds: [] },
  {
    it: 'passes a workload that is scaled to zero',
    given: { workloads: marked({ replicas: 0, ready: 0 }) },
    finds: [],
  },
]);
