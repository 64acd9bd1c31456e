import { kubeletSkew } from '../../../functions/upgrade/checks/kubelet-skew.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

const many = (number: number, kubelet: string) =>
  Array.from({ length: number }, (_, index) => buildNode({ name: `node-${index}`, kubelet }));

describeCheck(kubeletSkew, [
  { it: 'passes nodes of the version of the control plane', given: {}, finds: [] },
  {
    it: 'blocks a kubelet four minors older than the new control plane, with the command that moves its group',
    given: { nodes: topicOf(buildNode({ kubelet: '1.32' })) },
    finds: ['block node group blue'],
    says: [
      'more than 3 minor versions older than 1.36',
      'aws eks update-nodegroup-version --region eu-central-1 --cluster-name gitlab --nodegroup-name blue --kubernetes-version 1.35',
    ],
  },
  {
    it: 'warns of a kubelet three minors older, which still works, and is behind',
    given: { nodes: topicOf(buildNode({ kubelet: '1.33' })) },
    finds: ['warn node group blue'],
    says: ['behind the control plane, which is at 1.35'],
  },
  {
    it: 'passes a kubelet two minors older below 1.28',
    given: { nodes: topicOf(buildNode({ kubelet: '1.26' })) },
    to: '1.27',
    finds: [],
  },
  {
    it: 'blocks a kubelet three minors older below 1.28',
    given: { nodes: topicOf(buildNode({ kubelet: '1.24' })) },
    to: '1.27',
    finds: ['block node group blue'],
  },
  {
    it: 'passes a kubelet three minors older than 1.28 and warns only that it is behind',
    given: { nodes: topicOf(buildNode({ kubelet: '1.25' })) },
    to: '1.28',
    finds: ['warn node group blue'],
  },
  {
    it: 'blocks a kubelet newer than the new control plane',
    given: { nodes: topicOf(buildNode({ kubelet: '1.37' })) },
    finds: ['block node group blue'],
    says: ['must never be newer'],
  },
  {
    it: 'warns of a kubelet that is newer than the control plane until this step',
    given: { nodes: topicOf(buildNode({ kubelet: '1.36' })) },
    finds: ['warn node group blue'],
  },
  {
    it: 'does not call nodes behind that only a later step leaves behind',
    given: { nodes: topicOf(buildNode({ kubelet: '1.35' })) },
    current: '1.35',
    to: '1.37',
    finds: [],
  },
  {
    it: 'blocks the step of a long way at which the skew becomes too large',
    given: { nodes: topicOf(buildNode({ kubelet: '1.33' })) },
    current: '1.35',
    to: '1.37',
    finds: ['block node group blue'],
    says: ['more than 3 minor versions older than 1.37'],
  },
  {
    it: 'says one thing a group, and names ten of its nodes',
    given: { nodes: topicOf(...many(12, '1.31'), buildNode({ group: 'green' })) },
    finds: ['block node group blue'],
    says: ['12 of 12 nodes are', 'node-9: kubelet 1.31', 'and 2 more'],
  },
  {
    it: 'tells Karpenter, Fargate, hybrid and self-managed nodes apart, each with its own remedy',
    given: {
      nodes: topicOf(
        buildNode({ kubelet: '1.34', origin: 'karpenter', group: 'general' }),
        buildNode({ kubelet: '1.34', origin: 'fargate', group: '' }),
        buildNode({ kubelet: '1.34', origin: 'hybrid', group: '' }),
        buildNode({ kubelet: '1.34', origin: 'self-managed', group: 'old' }),
        buildNode({ kubelet: '1.34', origin: 'auto', group: 'system' }),
      ),
    },
    finds: [
      'warn Fargate nodes',
      'warn hybrid nodes',
      'warn node pool general',
      'warn node pool system',
      'warn self-managed nodes old',
    ],
    says: ['rollout restart', 'nodeadm upgrade 1.35', 'karpenter.sh/nodepool=general'],
  },
  {
    it: 'does not send a managed group with Amazon Linux 2 to a version without an image of it',
    given: { nodes: topicOf(buildNode({ kubelet: '1.31', osImage: 'Amazon Linux 2' })) },
    finds: ['block node group blue'],
    says: ['make a new node group', 'al2023.html'],
    silentOn: ['update-nodegroup-version'],
  },
  {
    it: 'sends it to the last version that has one',
    given: { nodes: topicOf(buildNode({ kubelet: '1.31', osImage: 'Amazon Linux 2' })) },
    to: '1.33',
    finds: ['warn node group blue'],
    says: ['update-nodegroup-version', '--kubernetes-version 1.32'],
  },
  {
    it: 'calls a node that does not tell its version not checked, beside what is known of the others',
    given: {
      nodes: topicOf(buildNode({ name: 'mute', kubelet: undefined }), buildNode({ kubelet: '1.31' })),
    },
    finds: ['block node group blue', 'not-checked node group blue'],
    says: ['mute'],
  },
]);
