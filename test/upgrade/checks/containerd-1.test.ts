import { containerd1 } from '../../../functions/upgrade/checks/containerd-1.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, buildNodeGroup, buildNodePool, topicOf } from '../../support/upgrade-facts.ts';

const old = (overrides: Parameters<typeof buildNode>[0] = {}) =>
  topicOf(buildNode({ runtime: 'containerd://1.7.27', ...overrides }));

describeCheck(containerd1, [
  { it: 'passes containerd 2', given: {}, finds: [] },
  {
    it: 'does not take containerd 10 for 1',
    given: { nodes: old({ runtime: 'containerd://10.0.0' }) },
    finds: [],
  },
  {
    it: 'says nothing on the way to 1.35, the last release for it',
    given: { nodes: old() },
    to: '1.35',
    finds: [],
  },
  {
    it: 'warns of a group whose image EKS chooses: the next one brings containerd 2',
    given: { nodes: old() },
    finds: ['warn node group blue'],
    says: ['containerd://1.7.27'],
  },
  {
    it: 'warns of a group with an image of its own, whose next one may well bring containerd 2',
    given: {
      nodes: old(),
      nodeGroups: topicOf(buildNodeGroup({ amiType: 'CUSTOM' }), buildNodeGroup({ name: 'green' })),
    },
    finds: ['warn node group blue'],
    says: ['an image that you choose', 'containerd 2.0 or later'],
  },
  {
    it: 'says so of a group whose launch template names an image',
    given: {
      nodes: old(),
      nodeGroups: topicOf(
        buildNodeGroup({ launchTemplate: { id: 'lt-1', name: 'blue', used: '1', customAmi: true } }),
      ),
    },
    finds: ['warn node group blue'],
    says: ['an image that you choose'],
  },
  {
    it: 'says so of self-managed and hybrid nodes, whose image is always chosen, and does not block: a group of its own may run the image of EKS',
    given: {
      nodes: topicOf(
        buildNode({ runtime: 'containerd://1.6.0', origin: 'self-managed', group: '' }),
        buildNode({ runtime: 'containerd://1.6.0', origin: 'hybrid', group: '' }),
      ),
    },
    finds: ['warn hybrid nodes', 'warn self-managed nodes'],
    says: ['an image that you choose'],
  },
  {
    it: 'tells a pool of Karpenter pinned to an id from one with an alias',
    given: {
      nodes: topicOf(
        buildNode({ runtime: 'containerd://1.7.0', origin: 'karpenter', group: 'pinned' }),
        buildNode({ runtime: 'containerd://1.7.0', origin: 'karpenter', group: 'general' }),
      ),
      nodePools: topicOf(buildNodePool({ name: 'pinned', ami: 'ami-0a1b2c3d' }), buildNodePool()),
    },
    finds: ['warn node pool general', 'warn node pool pinned'],
    says: ['an image that you choose', 'have to take the place of it'],
  },
  {
    it: 'sends a group with Amazon Linux 2, of which no new image will come, to another one',
    given: { nodes: topicOf(buildNode({ runtime: 'containerd://1.7.0', osImage: 'Amazon Linux 2' })) },
    finds: ['warn node group blue'],
    says: ['a new node group or node class with Amazon Linux 2023'],
  },
]);
