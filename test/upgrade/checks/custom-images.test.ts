import { customImages } from '../../../functions/upgrade/checks/custom-images.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

describeCheck(customImages, [
  { it: 'passes a group whose image EKS chooses', given: {}, finds: [] },
  {
    it: 'warns of a group of type CUSTOM',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'CUSTOM' })) },
    finds: ['warn node group blue'],
    says: ['an image for 1.36 has to be built first', 'id=lt-1,version=NUMBER'],
  },
  {
    it: 'warns of a group whose launch template names an image',
    given: {
      nodeGroups: topicOf(
        buildNodeGroup({ launchTemplate: { id: 'lt-9', name: 'own', used: '3', customAmi: true } }),
      ),
    },
    finds: ['warn node group blue'],
    says: ['launch template own, version 3'],
  },
]);
