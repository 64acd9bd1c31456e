import { DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openAwsAccount } from '../../../functions/clients/aws-account/open-aws-account.ts';
import type { AwsAccount } from '../../../functions/clients/aws-account.ts';
import { type ProvisionedAccount, provisionAccount } from '../../../infra/local/account/provision-account.ts';
import { type LocalQuotas, startQuotas } from '../../../infra/local/account/start-quotas.ts';
import { useAws } from '../../support/world/use-aws.ts';

/** The account around a cluster in the local AWS, with the real SDK on both sides of the wire. */

const local = useAws({ inEnvironment: true });
let quotas: LocalQuotas;
let made: ProvisionedAccount;
let account: AwsAccount;

beforeAll(async () => {
  const report = () => undefined;
  quotas = await startQuotas({ region: local().aws.region, account: local().aws.account, report });
  made = await provisionAccount(local().aws);
  vi.stubEnv('AWS_ENDPOINT_URL_SERVICE_QUOTAS', quotas.url);
  account = openAwsAccount(local().aws.region);
});
afterAll(() => quotas?.stop());

it('three subnets have free addresses in three zones, and one is gone', async () => {
  const ids = [...made.subnetIds, 'subnet-00000000000000000'];
  const subnets = await account.readSubnets(ids.map((id) => ({ id, usedBy: ['cluster'] })));
  expect(subnets.map(({ exists, freeAddresses }) => [exists, freeAddresses > 0])).toEqual([
    [true, true],
    [true, true],
    [true, true],
    [false, false],
  ]);
  expect(new Set(subnets.map(({ zone }) => zone)).size).toBe(4);
});

it('what the control plane stands on is usable, until it is not', async () => {
  expect(await account.readRole(made.roleArn)).toMatchObject({ usable: true, reason: '' });
  expect(await account.readRole(`${made.roleArn}-gone`)).toMatchObject({ reason: 'does not exist' });
  expect(await account.readSecurityGroups([made.securityGroupId, 'sg-00000000000000000'])).toMatchObject([
    { usable: true },
    { usable: false, reason: 'does not exist' },
  ]);
  expect(await account.readKey(made.keyArn)).toMatchObject({ usable: true });
  const kms = new KMSClient({
    endpoint: local().aws.url,
    region: local().aws.region,
    credentials: local().aws.credentials,
  });
  await kms.send(new DisableKeyCommand({ KeyId: made.keyArn }));
  expect(await account.readKey(made.keyArn)).toMatchObject({ usable: false, reason: 'Disabled' });
});

it('a launch template tells its versions, one that is gone is an answer', async () => {
  const { id, version } = made.launchTemplate;
  expect(await account.readLaunchTemplate(id, version)).toEqual({
    newest: '1',
    default: '1',
    customAmi: false,
  });
  expect(await account.readLaunchTemplate(id, '99')).toBeUndefined();
  expect(await account.readLaunchTemplate('lt-00000000000000000', '1')).toBeUndefined();
});

it('quotas are read with what is used of them', async () => {
  quotas.set('L-1216C47A', 16);
  expect(await account.readQuotas()).toMatchObject([
    { code: 'L-1216C47A', limit: 16, unit: 'vCPU' },
    { code: 'L-D18FCD1D', limit: 50, unit: 'TiB' },
    { code: 'L-7A658B76', limit: 50, unit: 'TiB' },
  ]);
});
