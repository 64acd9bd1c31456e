import { barePods } from '../../../functions/upgrade/checks/bare-pods.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const pod = (namespace: string, name: string) =>
  buildWorkloadFact({ kind: 'Pod', namespace, name, replicas: 1, ready: 1 });

describeCheck(barePods, [
  { it: 'passes workloads that start their pods again', given: {}, finds: [] },
  {
    it: 'says one thing a namespace, and names ten pods',
    given: {
      workloads: topicOf(
        ...Array.from({ length: 12 }, (_, index) => pod('ci', `runner-${index}`)),
        pod('shop', 'debug'),
      ),
    },
    finds: ['warn pods of ci', 'warn pods of shop'],
    says: ['12 pods belong to no workload', 'runner-9', 'and 2 more', '1 pod belongs to no workload'],
  },
]);
