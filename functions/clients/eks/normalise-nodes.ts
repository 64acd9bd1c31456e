import type { FargateProfile, Nodegroup } from '@aws-sdk/client-eks';
import { readMinor } from '../../records/kubernetes-version.ts';
import type { FargateFact, NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { given, readIssues } from './normalise-common.ts';

/** DescribeNodegroup as a fact. What became of its launch template since is asked of EC2, not of EKS. */
export const normaliseNodeGroup = (name: string, group: Nodegroup): NodeGroupFact => {
  const { launchTemplate: template, scalingConfig: sizes, updateConfig: update } = group;
  return {
    name: group.nodegroupName ?? name,
    status: group.status ?? 'unknown',
    ...given('version', readMinor(group.version ?? '')),
    releaseVersion: group.releaseVersion ?? '',
    amiType: group.amiType ?? '',
    capacityType: group.capacityType ?? 'ON_DEMAND',
    issues: readIssues(group.health?.issues),
    ...given(
      'launchTemplate',
      template && { id: template.id ?? '', name: template.name ?? '', used: template.version ?? '' },
    ),
    minSize: sizes?.minSize ?? 0,
    maxSize: sizes?.maxSize ?? 0,
    desiredSize: sizes?.desiredSize ?? 0,
    ...given('maxUnavailable', update?.maxUnavailable),
    ...given('maxUnavailablePercentage', update?.maxUnavailablePercentage),
    strategy: update?.updateStrategy === 'MINIMAL' ? 'MINIMAL' : 'DEFAULT',
    subnetIds: [...(group.subnets ?? [])],
    instanceTypes: [...(group.instanceTypes ?? [])],
  };
};

/** DescribeFargateProfile as a fact. */
export const normaliseFargateProfile = (name: string, profile: FargateProfile): FargateFact => ({
  name: profile.fargateProfileName ?? name,
  status: profile.status ?? 'unknown',
  subnetIds: [...(profile.subnets ?? [])],
});
