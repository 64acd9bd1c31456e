import { quotas } from '../../../functions/upgrade/checks/quotas.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

const vcpus = (used: number, group: Parameters<typeof buildNodeGroup>[0] = {}) => ({
  quotas: topicOf({ code: 'L-1216C47A', name: 'On-Demand Standard', used, limit: 100, unit: 'vCPU' }),
  nodeGroups: topicOf(buildNodeGroup(group)),
});
const FULL = ['block quota On-Demand Standard'];
const TIGHT = ['warn quota On-Demand Standard'];

describeCheck(quotas, [
  { it: 'passes 79 % of a quota', given: vcpus(79), finds: [] },
  {
    it: 'warns of 80 %',
    given: vcpus(80),
    finds: TIGHT,
    says: ['80 of 100 vCPU are used (80 %)', '--service-code ec2 --quota-code L-1216C47A'],
  },
  { it: 'warns of 99 %', given: vcpus(99), finds: TIGHT },
  {
    it: 'blocks a quota that is used up when a group must grow by it',
    given: vcpus(100),
    finds: FULL,
    says: ['the update of node group blue fails with NodeCreationFailure'],
  },
  {
    it: 'only warns when the group runs on spot capacity',
    given: vcpus(100, { capacityType: 'SPOT' }),
    finds: TIGHT,
  },
  {
    it: 'only warns when the group takes old nodes away first',
    given: vcpus(100, { strategy: 'MINIMAL' }),
    finds: TIGHT,
  },
  { it: 'only warns when the group has no nodes', given: vcpus(100, { desiredSize: 0 }), finds: TIGHT },
  {
    it: 'only warns when the group is of another family',
    given: vcpus(100, { instanceTypes: ['g5.xlarge'] }),
    finds: TIGHT,
  },
  { it: 'only warns when its types are not known', given: vcpus(100, { instanceTypes: [] }), finds: TIGHT },
  {
    it: 'only warns of storage that is used up',
    given: { quotas: topicOf({ code: 'L-7A658B76', name: 'gp3', used: 50, limit: 50, unit: 'TiB' }) },
    finds: ['warn quota gp3'],
    says: ['--service-code ebs'],
  },
  {
    it: 'warns of a quota of nothing',
    given: { quotas: topicOf({ code: 'L-7A658B76', name: 'gp3', used: 0, limit: 0, unit: 'TiB' }) },
    finds: ['warn quota gp3'],
    says: ['(there is none)'],
  },
]);
