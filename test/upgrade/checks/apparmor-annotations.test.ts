import { apparmorAnnotations } from '../../../functions/upgrade/checks/apparmor-annotations.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const annotated = { workloads: topicOf(buildWorkloadFact({ appArmorAnnotation: true })) };

describeCheck(apparmorAnnotations, [
  { it: 'passes a workload without the annotation', given: {}, finds: [] },
  { it: 'says nothing on the way to 1.33', given: annotated, to: '1.33', finds: [] },
  {
    it: 'warns from 1.34 on',
    given: annotated,
    to: '1.34',
    finds: ['warn Deployment shop/web'],
    says: ['securityContext.appArmorProfile'],
  },
]);
