import { beforeAll, describe, expect, it } from 'vitest';
import { openAwsAccount } from '../../../functions/clients/aws-account/open-aws-account.ts';
import type { AwsAccount } from '../../../functions/clients/aws-account.ts';
import { useAccountEndpoints } from '../../support/account-endpoints.ts';
import { writeSet } from '../../support/aws-query-endpoint.ts';
import { newRegion } from '../../support/new-region.ts';

const { query } = useAccountEndpoints();
let account: AwsAccount;
beforeAll(() => {
  account = openAwsAccount(newRegion());
});

/** The values of the first filter of a call. */
const filterValues = (parameters: URLSearchParams): string[] =>
  [...parameters].flatMap(([name, value]) => (/^Filter\.1\.Value\.\d+$/.test(name) ? [value] : []));
const callsOf = (action: string) => query().calls.filter((call) => call.get('Action') === action);

/** The filter is obeyed, one thing a page. */
const answerByFilter = (action: string, set: string, known: Readonly<Record<string, string>>) =>
  query().answer(action, (parameters) => {
    const found = filterValues(parameters).flatMap((id) => known[id] ?? []);
    const place = Number(parameters.get('NextToken') ?? 0);
    const next = place + 1 < found.length ? String(place + 1) : undefined;
    return { xml: writeSet(set, found.slice(place, place + 1), next) };
  });

describe('subnets', () => {
  const subnet = (id: string, zone: string, free: number) =>
    `<subnetId>${id}</subnetId><availabilityZone>${zone}</availabilityZone><availableIpAddressCount>${free}</availableIpAddressCount>`;

  it('say their zone and free addresses over all pages; one that is gone is an answer', async () => {
    answerByFilter('DescribeSubnets', 'subnetSet', {
      'subnet-a': subnet('subnet-a', 'eu-a', 251),
      'subnet-b': subnet('subnet-b', 'eu-b', 3),
    });
    const subnets = await account.readSubnets([
      { id: 'subnet-a', usedBy: ['cluster'] },
      { id: 'subnet-gone', usedBy: ['cluster'] },
      { id: 'subnet-b', usedBy: ['node group'] },
      { id: 'subnet-a', usedBy: ['node group', 'fargate'] },
    ]);
    expect(subnets).toEqual([
      {
        id: 'subnet-a',
        exists: true,
        zone: 'eu-a',
        freeAddresses: 251,
        usedBy: ['cluster', 'node group', 'fargate'],
      },
      { id: 'subnet-gone', exists: false, zone: '', freeAddresses: 0, usedBy: ['cluster'] },
      { id: 'subnet-b', exists: true, zone: 'eu-b', freeAddresses: 3, usedBy: ['node group'] },
    ]);
  });

  it('are asked for 200 at a time, each once', async () => {
    answerByFilter('DescribeSubnets', 'subnetSet', {});
    const before = callsOf('DescribeSubnets').length;
    const ids = Array.from({ length: 401 }, (_, index) => `subnet-${index}`);
    await account.readSubnets([...ids, ...ids].map((id) => ({ id, usedBy: ['cluster'] })));
    const asked = callsOf('DescribeSubnets').slice(before).map(filterValues);
    expect(asked.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(asked.flat()).toEqual(ids);
  });

  it('of nothing ask for nothing', async () => {
    const before = query().calls.length;
    expect(await account.readSubnets([])).toEqual([]);
    expect(query().calls.length).toBe(before);
  });

  it('that may not be looked at say which right is missing', async () => {
    query().answer('DescribeSubnets', () => ({ error: 'UnauthorizedOperation', status: 403 }));
    await expect(account.readSubnets([{ id: 'subnet-a', usedBy: [] }])).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'aws.forbidden',
      permission: 'ec2:DescribeSubnets',
    });
  });
});

describe('security groups', () => {
  it('are there or not, whatever else EC2 lists', async () => {
    const groups = ['sg-a', 'sg-other'].map((id) => `<groupId>${id}</groupId>`);
    query().answer('DescribeSecurityGroups', () => ({ xml: writeSet('securityGroupInfo', groups) }));
    expect(await account.readSecurityGroups(['sg-a', 'sg-gone', 'sg-a'])).toEqual([
      { kind: 'security group', id: 'sg-a', usable: true, reason: '' },
      { kind: 'security group', id: 'sg-gone', usable: false, reason: 'does not exist' },
    ]);
  });
});

describe('launch templates', () => {
  const version = (number: number, image: string, isDefault = false) =>
    `<versionNumber>${number}</versionNumber><defaultVersion>${isDefault}</defaultVersion>` +
    `<launchTemplateData>${image && `<imageId>${image}</imageId>`}</launchTemplateData>`;
  const versions = [version(7, ''), version(9, 'ami-1'), version(2, 'ami-2', true)];

  it.each([
    ['7', { newest: '9', default: '2', customAmi: false }],
    ['9', { newest: '9', default: '2', customAmi: true }],
    ['$Latest', { newest: '9', default: '2', customAmi: true }],
    ['$Default', { newest: '9', default: '2', customAmi: true }],
    ['5', undefined],
  ])('of which a group uses version %s', async (used, expected) => {
    query().answer('DescribeLaunchTemplateVersions', () => ({
      xml: writeSet('launchTemplateVersionSet', versions),
    }));
    expect(await account.readLaunchTemplate('lt-1', used)).toEqual(expected);
    const asked = callsOf('DescribeLaunchTemplateVersions').at(-1);
    expect(asked?.get('LaunchTemplateId')).toBe('lt-1');
    expect(asked?.getAll('LaunchTemplateVersion.1')).toEqual([used]);
  });

  it.each(['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.VersionNotFound'])(
    'that are gone (%s) are an answer',
    async (error) => {
      query().answer('DescribeLaunchTemplateVersions', () => ({ error }));
      expect(await account.readLaunchTemplate('lt-1', '7')).toBeUndefined();
    },
  );

  it('that may not be looked at are not taken for gone', async () => {
    query().answer('DescribeLaunchTemplateVersions', () => ({ error: 'UnauthorizedOperation', status: 403 }));
    await expect(account.readLaunchTemplate('lt-1', '7')).rejects.toMatchObject({
      permission: 'ec2:DescribeLaunchTemplateVersions',
    });
  });
});
