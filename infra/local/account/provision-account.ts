import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { LocalAws } from '../aws/start-aws.ts';

/** What a cluster stands on, made in the local AWS. */
export interface ProvisionedAccount {
  readonly vpcId: string;
  /** One in each of three zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly roleArn: string;
  readonly keyArn: string;
  readonly launchTemplate: { readonly id: string; readonly name: string; readonly version: string };
}

/** The VPC's range, cut so that a subnet holds this many: 11 free of 16, 251 of 256. */
const RANGES = { few: 28, many: 24 } as const;

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
};

/**
 * Makes the real things around a cluster in the local AWS: VPC, three subnets, security group, the cluster's role, a
 * key, a launch template and three instances. Nothing here is a stand-in of ours.
 *
 * A subnet has its whole range free, whatever runs in it, so `addresses` chooses the range. What else the local AWS does
 * otherwise is said in infra/local/aws/README.md.
 */
export const provisionAccount = async (
  aws: LocalAws,
  {
    name = 'local',
    addresses = 'many',
  }: { readonly name?: string; readonly addresses?: 'few' | 'many' } = {},
): Promise<ProvisionedAccount> => {
  const connection = { endpoint: aws.url, region: aws.region, credentials: aws.credentials };
  const [ec2, iam, kms] = [new EC2Client(connection), new IAMClient(connection), new KMSClient(connection)];
  try {
    const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const vpcId = must(vpc.Vpc?.VpcId, 'VPC');
    const [subnetIds, group, template, role, key] = await Promise.all([
      createSubnets(ec2, aws.region, vpcId, RANGES[addresses]),
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: `eks-cluster-sg-${name}`,
          Description: `EKS cluster ${name}`,
          VpcId: vpcId,
        }),
      ),
      ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: `${name}-nodes`,
          LaunchTemplateData: { InstanceType: 'm6i.xlarge' },
        }),
      ),
      iam.send(
        new CreateRoleCommand({
          RoleName: `${name}-eks-cluster`,
          AssumeRolePolicyDocument: JSON.stringify(TRUST),
        }),
      ),
      kms.send(new CreateKeyCommand({ Description: `Secrets of the EKS cluster ${name}` })),
    ]);
    await Promise.all(subnetIds.map((subnet) => runNode(ec2, subnet)));
    const { LaunchTemplateId: id, LaunchTemplateName: templateName = '' } = template.LaunchTemplate ?? {};
    return {
      vpcId,
      subnetIds,
      securityGroupId: must(group.GroupId, 'security group'),
      roleArn: must(role.Role?.Arn, 'role'),
      keyArn: must(key.KeyMetadata?.Arn, 'key'),
      launchTemplate: { id: must(id, 'launch template'), name: templateName, version: '1' },
    };
  } finally {
    for (const client of [ec2, iam, kms]) client.destroy();
  }
};

const createSubnets = (ec2: EC2Client, region: string, VpcId: string, bits: number): Promise<string[]> =>
  Promise.all(
    ['a', 'b', 'c'].map(async (zone, index) => {
      const made = await ec2.send(
        new CreateSubnetCommand({
          VpcId,
          CidrBlock: `10.0.${index}.0/${bits}`,
          AvailabilityZone: `${region}${zone}`,
        }),
      );
      return must(made.Subnet?.SubnetId, 'subnet');
    }),
  );

const runNode = (ec2: EC2Client, SubnetId: string) =>
  ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0123456789abcdef0',
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 'm6i.xlarge',
      SubnetId,
    }),
  );

const must = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`The local AWS made no ${what}.`);
  return value;
};
