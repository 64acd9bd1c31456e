import { clusterHealth } from '../../../functions/upgrade/checks/cluster-health.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildClusterFact, topicOf } from '../../support/upgrade-facts.ts';

const cluster = (overrides: Parameters<typeof buildClusterFact>[0]) => ({
  cluster: topicOf(buildClusterFact(overrides)),
});
const issue = (code: string) => ({ code, message: 'It is so.', resources: ['key-1'] });

describeCheck(clusterHealth, [
  { it: 'passes an active cluster without issues', given: {}, finds: [] },
  ...['UPDATING', 'CREATING', 'DELETING', 'FAILED', 'PENDING'].map((status) => ({
    it: `blocks a cluster that is ${status}`,
    given: cluster({ status }),
    finds: ['block cluster'],
    says: [status, 'aws eks describe-cluster --region eu-central-1 --name gitlab'],
  })),
  {
    it: 'blocks an issue without which no new control plane comes up',
    given: cluster({ issues: [issue('KmsKeyDisabled')] }),
    finds: ['block cluster'],
    says: ['KmsKeyDisabled: It is so. (key-1)'],
  },
  {
    it: 'blocks when one of several issues does',
    given: cluster({ issues: [issue('Other'), issue('VpcNotFound')] }),
    finds: ['block cluster'],
    says: ['EKS reports Other, VpcNotFound'],
  },
  {
    it: 'only warns that its version is no longer supported, which the step mends',
    given: cluster({ issues: [issue('UnsupportedVersion')] }),
    finds: ['warn cluster'],
  },
]);
