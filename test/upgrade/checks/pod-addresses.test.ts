import { podAddresses } from '../../../functions/upgrade/checks/pod-addresses.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const podSubnet = (freeAddresses: number, overrides: { exists?: boolean } = {}) => ({
  subnets: topicOf({
    id: 'subnet-p',
    exists: true,
    zone: 'eu-central-1a',
    freeAddresses,
    usedBy: ['pods' as const],
    ...overrides,
  }),
});

describeCheck(podAddresses, [
  { it: 'says nothing where pods have no subnets of their own', given: {}, finds: [] },
  { it: 'passes 32 free addresses, two prefixes', given: podSubnet(32), finds: [] },
  {
    it: 'warns of 31, with the subnet and its zone',
    given: podSubnet(31),
    finds: ['warn subnet subnet-p'],
    says: ['Pods in eu-central-1a', '31 are free', 'Name=subnet-id,Values=subnet-p'],
  },
  {
    it: 'does not block without any: a drain gives addresses back',
    given: podSubnet(0),
    finds: ['warn subnet subnet-p'],
  },
  { it: 'leaves one that is gone to the check of those', given: podSubnet(0, { exists: false }), finds: [] },
]);
