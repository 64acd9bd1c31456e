import { join } from 'node:path';
import {
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProvisionedAccount, provisionAccount } from '../../infra/local/account/provision-account.ts';
import { startAws } from '../../infra/local/aws/start-aws.ts';
import { useAws } from '../support/world/use-aws.ts';

/** What the local AWS answers about the things a cluster stands on; where it lacks one, a stand-in is needed. */

const local = useAws();
let account: ProvisionedAccount;
let ec2: EC2Client;
const connection = () => ({
  endpoint: local().aws.url,
  region: local().aws.region,
  credentials: local().aws.credentials,
});

beforeAll(async () => {
  account = await provisionAccount(local().aws);
  ec2 = new EC2Client(connection());
});
afterAll(() => ec2?.destroy());

test('three subnets in three zones say how many addresses are free', async () => {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...account.subnetIds] }));
  expect(new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size).toBe(3);
  expect(Subnets.map(({ AvailableIpAddressCount }) => AvailableIpAddressCount)).toEqual([251, 251, 251]);
});

test('a small account has few free addresses', async () => {
  const small = await provisionAccount(local().aws, { name: 'small', addresses: 'few' });
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...small.subnetIds] }));
  expect(Subnets.map(({ AvailableIpAddressCount }) => AvailableIpAddressCount)).toEqual([11, 11, 11]);
});

test('a subnet and a security group that are gone are refused by name', async () => {
  const subnets = ec2.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-00000000000000000'] }));
  await expect(subnets).rejects.toMatchObject({ name: 'InvalidSubnetID.NotFound' });
  const groups = ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-00000000000000000'] }));
  await expect(groups).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
});

test('security group, role and key are there', async () => {
  const [iam, kms] = [new IAMClient(connection()), new KMSClient(connection())];
  const groups = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [account.securityGroupId] }));
  expect(groups.SecurityGroups?.[0]?.VpcId).toBe(account.vpcId);
  const role = await iam.send(new GetRoleCommand({ RoleName: account.roleArn.split('/').at(-1) }));
  expect(decodeURIComponent(role.Role?.AssumeRolePolicyDocument ?? '')).toContain('eks.amazonaws.com');
  const key = await kms.send(new DescribeKeyCommand({ KeyId: account.keyArn }));
  expect(key.KeyMetadata?.KeyState).toBe('Enabled');
});

test('the launch template tells its newest and its default version', async () => {
  const asked = { LaunchTemplateId: account.launchTemplate.id, Versions: ['$Latest', '$Default'] };
  const { LaunchTemplateVersions = [] } = await ec2.send(new DescribeLaunchTemplateVersionsCommand(asked));
  expect(LaunchTemplateVersions[0]).toMatchObject({ VersionNumber: 1, DefaultVersion: true });
});

test('an instance runs in each subnet', async () => {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const running = Reservations.flatMap(({ Instances = [] }) => Instances).filter(({ SubnetId = '' }) =>
    account.subnetIds.includes(SubnetId),
  );
  expect(running.map(({ InstanceType }) => InstanceType)).toEqual(['m6i.xlarge', 'm6i.xlarge', 'm6i.xlarge']);
});

test('subnet-addresses: without the fix a subnet of any size has 251 free addresses', async () => {
  const other = await startAws({
    folder: join(local().folder, 'unfixed'),
    report: () => undefined,
    without: ['subnet-addresses'],
  });
  const client = new EC2Client({ endpoint: other.url, region: other.region, credentials: other.credentials });
  try {
    const { subnetIds } = await provisionAccount(other, { addresses: 'few' });
    const { Subnets } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }));
    expect(Subnets?.[0]?.AvailableIpAddressCount).toBe(251);
  } finally {
    client.destroy();
    await other.stop();
  }
});
