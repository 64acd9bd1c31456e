import type { ProvisionedAccount } from '../account/provision-account.ts';
import type { Cluster } from '../cluster/start-cluster.ts';
import { ADDON_CATALOGUE, defaultAddonVersion } from '../eks/addon-catalogue.ts';
import type { DescribeEksCluster } from '../eks/describe-cluster.ts';
import { buildHealthyInsights } from '../eks/sample-insights.ts';
import { CLUSTER } from './configuration.ts';

/** The node group to which every node of the local cluster belongs, by its label. */
export const NODE_GROUP = 'local';

const ADDONS = ['aws-ebs-csi-driver', 'coredns', 'eks-pod-identity-agent', 'kube-proxy', 'vpc-cni'];

/**
 * What EKS says of the local cluster: a cluster in good order on what the local account holds. Its version is what EKS
 * is to say; the API server behind it is always 1.36, and no add-on runs in it.
 */
export const describeLocalCluster = (
  { endpoint, certificateAuthority }: Pick<Cluster, 'endpoint' | 'certificateAuthority'>,
  account: ProvisionedAccount,
  version: string,
): DescribeEksCluster => {
  const { subnetIds, securityGroupId, vpcId, roleArn, keyArn, launchTemplate } = account;
  return {
    name: CLUSTER,
    endpoint,
    certificateAuthority,
    version,
    description: {
      roleArn,
      resourcesVpcConfig: {
        subnetIds: [...subnetIds],
        securityGroupIds: [securityGroupId],
        clusterSecurityGroupId: securityGroupId,
        vpcId,
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ['0.0.0.0/0'],
      },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn } }],
      upgradePolicy: { supportType: 'STANDARD' },
    },
    addons: ADDONS.map((addonName) => ({
      addonName,
      addonVersion: defaultAddonVersion(ADDON_CATALOGUE, addonName, version) ?? '',
    })),
    nodeGroups: [
      { nodegroupName: NODE_GROUP, subnets: [...subnetIds], launchTemplate: { ...launchTemplate } },
    ],
    insights: buildHealthyInsights(version, new Date()),
  };
};
