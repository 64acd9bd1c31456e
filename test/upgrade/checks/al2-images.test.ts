import { al2Images } from '../../../functions/upgrade/checks/al2-images.ts';
import { describeCheck } from '../../support/describe-check.ts';
import {
  buildNode,
  buildNodeGroup,
  buildNodePool,
  topicOf,
  unreadTopic,
} from '../../support/upgrade-facts.ts';

const al2Node = (overrides: Parameters<typeof buildNode>[0] = {}) =>
  buildNode({ osImage: 'Amazon Linux 2', ...overrides });

describeCheck(al2Images, [
  {
    it: 'passes Amazon Linux 2023, also by type of image, node and alias',
    given: {
      nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2023_ARM_64_STANDARD' })),
      nodes: topicOf(
        buildNode({ osImage: 'Amazon Linux 2023' }),
        buildNode({ osImage: 'Amazon Linux 2023.9.20261101' }),
      ),
      nodePools: topicOf(buildNodePool({ ami: 'al2023@v20261101' }), buildNodePool({ ami: 'AL2023' })),
    },
    finds: [],
  },
  {
    it: 'passes Bottlerocket',
    given: { nodes: topicOf(buildNode({ osImage: 'Bottlerocket OS 1.55.0 (aws-k8s-1.35)' })) },
    finds: [],
  },
  {
    it: 'warns of a group of type AL2_x86_64 at 1.32, the last version with an image',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_x86_64' })) },
    to: '1.32',
    finds: ['warn node group blue'],
    says: ['1.32 is the last version'],
  },
  {
    it: 'blocks a group of type AL2_x86_64 from 1.33 on',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_x86_64' })) },
    to: '1.33',
    finds: ['block node group blue'],
    says: ['type of image AL2_x86_64'],
  },
  {
    it: 'says nothing at 1.31',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_x86_64' })) },
    to: '1.31',
    finds: [],
  },
  {
    it: 'only warns of a group of that type without nodes',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_ARM_64', desiredSize: 0 })) },
    to: '1.33',
    finds: ['warn node group blue'],
  },
  {
    it: 'looks through a custom image by what its nodes say of themselves',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'CUSTOM' })), nodes: topicOf(al2Node()) },
    finds: ['block node group blue'],
    says: ['Amazon Linux 2'],
  },
  {
    it: 'blocks self-managed nodes with Amazon Linux 2',
    given: { nodes: topicOf(al2Node({ origin: 'self-managed', group: '' })) },
    finds: ['block self-managed nodes'],
  },
  {
    it: 'knows Amazon Linux 2 with its code name',
    given: { nodes: topicOf(al2Node({ osImage: 'Amazon Linux 2 (Karoo)' })) },
    finds: ['block node group blue'],
  },
  {
    it: 'leaves the nodes of Fargate to AWS',
    given: { nodes: topicOf(al2Node({ origin: 'fargate', group: 'jobs' })) },
    finds: [],
  },
  {
    it: 'says one thing of a group that shows it in two ways',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_x86_64' })), nodes: topicOf(al2Node()) },
    finds: ['block node group blue'],
  },
  {
    it: 'warns of a pool that would take Amazon Linux 2, and blocks one that did',
    given: {
      nodePools: topicOf(
        buildNodePool({ name: 'idle', ami: 'al2@v20240807' }),
        buildNodePool({ name: 'used', ami: 'al2@latest' }),
        buildNodePool({ name: 'family', ami: 'AL2' }),
        buildNodePool({ name: 'mixed', ami: 'ami-1, al2@latest' }),
      ),
      nodes: topicOf(al2Node({ origin: 'karpenter', group: 'used' })),
    },
    finds: ['block node pool used', 'warn node pool family', 'warn node pool idle', 'warn node pool mixed'],
  },
  {
    it: 'goes on with the groups when nodes could not be read, and says so',
    given: { nodeGroups: topicOf(buildNodeGroup({ amiType: 'AL2_x86_64' })), nodes: unreadTopic('nodes') },
    finds: ['block node group blue', 'not-checked nodes'],
  },
]);
