import { nodeGroupHealth } from '../../../functions/upgrade/checks/node-group-health.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

const issue = (code: string) => ({ code, message: 'It is so.', resources: ['blue-asg'] });
const group = (overrides: Parameters<typeof buildNodeGroup>[0]) => ({
  nodeGroups: topicOf(buildNodeGroup(overrides)),
});

describeCheck(nodeGroupHealth, [
  { it: 'passes an active group without issues', given: {}, finds: [] },
  {
    it: 'warns of a group that is degraded for a reason that may pass',
    given: group({ status: 'DEGRADED', issues: [issue('AsgInstanceLaunchFailures')] }),
    finds: ['warn node group blue'],
    says: [
      'DEGRADED',
      'AsgInstanceLaunchFailures: It is so. (blue-asg)',
      'aws eks describe-nodegroup --region eu-central-1 --cluster-name gitlab --nodegroup-name blue',
    ],
  },
  ...[
    'Ec2LaunchTemplateNotFound',
    'IamNodeRoleNotFound',
    'Ec2SubnetNotFound',
    'Ec2SecurityGroupNotFound',
    'AutoScalingGroupNotFound',
    'IamInstanceProfileNotFound',
  ].map((code) => ({
    it: `blocks a group with ${code}: no new node comes up without it`,
    given: group({ issues: [issue(code)] }),
    finds: ['block node group blue'],
    says: ['so its update to 1.36 fails'],
  })),
  {
    it: 'warns of a group that is being updated',
    given: group({ status: 'UPDATING' }),
    finds: ['warn node group blue'],
    says: ['UPDATING'],
    silentOn: ['EKS reports'],
  },
]);
