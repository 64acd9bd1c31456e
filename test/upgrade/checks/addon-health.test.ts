import { addonHealth } from '../../../functions/upgrade/checks/addon-health.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildAddon, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(addonHealth, [
  { it: 'passes an active add-on without issues', given: {}, finds: [] },
  {
    it: 'warns of a degraded add-on and says why',
    given: {
      addons: topicOf(
        buildAddon({
          status: 'DEGRADED',
          issues: [{ code: 'InsufficientNumberOfReplicas', message: 'None is ready.', resources: [] }],
        }),
      ),
    },
    finds: ['warn add-on vpc-cni'],
    says: [
      'DEGRADED',
      'InsufficientNumberOfReplicas: None is ready.',
      'aws eks describe-addon --region eu-central-1 --cluster-name gitlab --addon-name vpc-cni',
    ],
  },
  {
    it: 'warns of issues of an add-on that is called active',
    given: {
      addons: topicOf(buildAddon({ issues: [{ code: 'AccessDenied', message: 'No.', resources: [] }] })),
    },
    finds: ['warn add-on vpc-cni'],
  },
  {
    it: 'warns of one that is being updated',
    given: { addons: topicOf(buildAddon({ status: 'UPDATING' })) },
    finds: ['warn add-on vpc-cni'],
    silentOn: ['EKS reports'],
  },
]);
