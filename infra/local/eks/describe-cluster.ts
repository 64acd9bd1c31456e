import type { Addon, Cluster, FargateProfile, Insight, Nodegroup } from '@aws-sdk/client-eks';
import { type EksAccount, type EksCluster, writeArn } from './account.ts';
import { platformVersionOf } from './calendar.ts';
import { releaseOf } from './node-groups.ts';

/** What a caller says of a cluster; all that is left out is as EKS would make it. */
export interface DescribeEksCluster {
  readonly name: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** `1.36` unless said otherwise. */
  readonly version?: string;
  /** More of DescribeCluster: subnets, role, key, health, policy. */
  readonly description?: Partial<Cluster>;
  readonly addons?: readonly (Partial<Addon> & {
    readonly addonName: string;
    readonly addonVersion: string;
  })[];
  readonly nodeGroups?: readonly (Partial<Nodegroup> & { readonly nodegroupName: string })[];
  readonly fargateProfiles?: readonly (Partial<FargateProfile> & { readonly fargateProfileName: string })[];
  readonly insights?: readonly Insight[];
  /** It was upgraded in place from this version, which can be gone back to for 7 days. */
  readonly upgradedFrom?: { readonly version: string; readonly at: Date };
}

/** Makes what the stand-in knows of a new cluster. */
export const createCluster = (account: EksAccount, input: DescribeEksCluster): EksCluster => {
  const { name, version = '1.36', upgradedFrom } = input;
  const now = account.now();
  return {
    description: {
      arn: writeArn(account, `cluster/${name}`),
      createdAt: now,
      endpoint: input.endpoint,
      status: 'ACTIVE',
      certificateAuthority: { data: input.certificateAuthority },
      platformVersion: platformVersionOf(version),
      roleArn: `arn:aws:iam::${account.account}:role/eks-cluster`,
      resourcesVpcConfig: {
        subnetIds: [],
        securityGroupIds: [],
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ['0.0.0.0/0'],
      },
      accessConfig: { authenticationMode: 'API' },
      // The default of https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html
      upgradePolicy: { supportType: 'EXTENDED' },
      computeConfig: { enabled: false, nodePools: [] },
      health: { issues: [] },
      encryptionConfig: [],
      deletionProtection: false,
      tags: {},
      ...input.description,
      name,
      version,
    },
    accessEntries: new Map(),
    insights: [...(input.insights ?? [])],
    addons: new Map(input.addons?.map((addon) => [addon.addonName, describeAddon(account, name, addon)])),
    nodeGroups: new Map(
      input.nodeGroups?.map((group) => [group.nodegroupName, describeGroup(account, name, version, group)]),
    ),
    fargateProfiles: new Map(
      input.fargateProfiles?.map((profile) => [
        profile.fargateProfileName,
        {
          clusterName: name,
          status: 'ACTIVE',
          createdAt: now,
          subnets: [],
          health: { issues: [] },
          ...profile,
        },
      ]),
    ),
    updates: [],
    ...(upgradedFrom ? { upgrade: { from: upgradedFrom.version, endedAt: upgradedFrom.at } } : {}),
  };
};

const describeAddon = (account: EksAccount, cluster: string, addon: Addon): Addon => ({
  clusterName: cluster,
  status: 'ACTIVE',
  health: { issues: [] },
  addonArn: writeArn(account, `addon/${cluster}/${addon.addonName}/local`),
  createdAt: account.now(),
  modifiedAt: account.now(),
  publisher: 'eks',
  owner: 'aws',
  tags: {},
  ...addon,
});

const describeGroup = (
  account: EksAccount,
  cluster: string,
  clusterVersion: string,
  group: Nodegroup,
): Nodegroup => {
  const { version = clusterVersion } = group;
  // A group with an AMI of its own has no version that EKS knows.
  const versions = group.amiType === 'CUSTOM' ? {} : { version, releaseVersion: releaseOf(version) };
  return {
    nodegroupArn: writeArn(account, `nodegroup/${cluster}/${group.nodegroupName}/local`),
    clusterName: cluster,
    createdAt: account.now(),
    modifiedAt: account.now(),
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    scalingConfig: { minSize: 3, maxSize: 6, desiredSize: 3 },
    instanceTypes: ['m6i.xlarge'],
    subnets: [],
    amiType: 'AL2023_x86_64_STANDARD',
    diskSize: 80,
    health: { issues: [] },
    updateConfig: { maxUnavailable: 1 },
    nodeRole: `arn:aws:iam::${account.account}:role/eks-nodes`,
    tags: {},
    ...versions,
    ...group,
  };
};
