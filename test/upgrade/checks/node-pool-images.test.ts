import { nodePoolImages } from '../../../functions/upgrade/checks/node-pool-images.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodePool, topicOf } from '../../support/upgrade-facts.ts';

const taking = (ami: string) => ({ nodePools: topicOf(buildNodePool({ ami })) });

describeCheck(nodePoolImages, [
  ...['al2023@latest', 'bottlerocket@latest', 'AL2023', ''].map((ami) => ({
    it: `passes a pool that takes "${ami}"`,
    given: taking(ami),
    finds: [],
  })),
  {
    it: 'warns of an id',
    given: taking('ami-0123456789abcdef0'),
    finds: ['warn node pool general'],
    says: ['ami-0123456789abcdef0', 'nodes keep the kubelet of that image'],
  },
  {
    it: 'warns of an id among others',
    given: taking('al2023@latest, ami-0123456789abcdef0'),
    finds: ['warn node pool general'],
  },
  {
    it: 'warns of a dated alias',
    given: taking('al2023@v20260101'),
    finds: ['warn node pool general'],
    says: ['may have none for it'],
  },
]);
