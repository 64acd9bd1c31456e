import type { SubnetFact } from '../../../functions/records/upgrade/aws-facts.ts';
import { fargateProfiles } from '../../../functions/upgrade/checks/fargate-profiles.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

const profile = (status: string, a = 9, b = 9) => ({
  fargate: topicOf({ name: 'jobs', status, subnetIds: ['subnet-a', 'subnet-b'] }),
  subnets: topicOf<SubnetFact>(
    { id: 'subnet-a', exists: true, zone: 'az1', freeAddresses: a, usedBy: ['fargate'] },
    { id: 'subnet-b', exists: true, zone: 'az2', freeAddresses: b, usedBy: ['fargate'] },
    { id: 'subnet-c', exists: true, zone: 'az3', freeAddresses: 50, usedBy: ['cluster'] },
  ),
});

describeCheck(fargateProfiles, [
  { it: 'passes an active profile with room', given: profile('ACTIVE'), finds: [] },
  {
    it: 'leaves subnets that are gone to their own check',
    given: { ...profile('ACTIVE'), subnets: topicOf<SubnetFact>() },
    finds: [],
  },
  { it: 'passes one full subnet beside one with room', given: profile('ACTIVE', 0, 1), finds: [] },
  {
    it: 'warns of a profile that is not active',
    given: profile('DELETE_FAILED'),
    finds: ['warn Fargate profile jobs'],
    says: ['(its status is DELETE_FAILED)'],
  },
  {
    it: 'warns of a profile without a free address',
    given: profile('ACTIVE', 0, 0),
    finds: ['warn Fargate profile jobs'],
    says: ['(no address is free in its subnets)', 'subnet-a in az1: 0 free', '--fargate-profile-name jobs'],
  },
]);
