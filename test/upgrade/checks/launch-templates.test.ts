import { launchTemplates } from '../../../functions/upgrade/checks/launch-templates.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

const template = (
  used: string,
  newest: string | undefined,
  isDefault = '1',
  amiType = 'AL2023_x86_64_STANDARD',
) => ({
  nodeGroups: topicOf(
    buildNodeGroup({
      amiType,
      launchTemplate: {
        id: 'lt-1',
        name: 'nodes',
        used,
        default: isDefault,
        ...(newest === undefined ? {} : { newest }),
      },
    }),
  ),
});

describeCheck(launchTemplates, [
  {
    it: 'passes a group that runs the newest version, whatever the default is',
    given: template('4', '4', '1'),
    finds: [],
  },
  {
    it: 'passes a group without a launch template of its own',
    given: { nodeGroups: topicOf(buildNodeGroup({ launchTemplate: undefined })) },
    finds: [],
  },
  {
    it: 'warns of a group that runs version 4 of 7, though 7 is the default',
    given: template('4', '7', '7'),
    finds: ['warn node group blue'],
    says: [
      'version 4 of its launch template nodes, and 7 is the newest',
      '--launch-template id=lt-1,version=7 --kubernetes-version 1.35',
    ],
  },
  {
    it: 'asks for no Kubernetes version where the template names the image, for EKS refuses both',
    given: template('4', '7', '7', 'CUSTOM'),
    finds: ['warn node group blue'],
    says: ['version=7\n'],
  },
  {
    it: 'does not check a template that is gone or could not be read',
    given: template('4', undefined),
    finds: ['not-checked node group blue'],
    says: [
      'lt-1 with version 4',
      'aws ec2 describe-launch-template-versions --region eu-central-1 --launch-template-id lt-1 --versions 4',
    ],
  },
]);
