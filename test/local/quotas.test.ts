import {
  GetServiceQuotaCommand,
  ListServicesCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalQuotas, startQuotas } from '../../infra/local/account/start-quotas.ts';
import { nameOf } from './fixtures/local-eks.ts';

let quotas: LocalQuotas;
let client: ServiceQuotasClient;
beforeEach(async () => {
  const region = 'eu-central-1';
  quotas = await startQuotas({ region, account: '111122223333', report: () => undefined });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new ServiceQuotasClient({ endpoint: quotas.url, region, credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await quotas.stop();
});

const read = async (ServiceCode: string, QuotaCode: string) =>
  (await client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota ?? {};

test.for([
  ['ec2', 'L-1216C47A', 64],
  ['ebs', 'L-D18FCD1D', 50],
  ['ebs', 'L-7A658B76', 50],
] as const)('%s has the quota %s of a new account: %d', async ([service, code, value]) => {
  expect(await read(service, code)).toMatchObject({ ServiceCode: service, QuotaCode: code, Value: value });
});

test('a quota is what was set', async () => {
  quotas.set('L-1216C47A', 8);
  expect((await read('ec2', 'L-1216C47A')).Value).toBe(8);
});

test.for([
  ['a quota that is not there', () => read('ec2', 'L-00000000'), 'NoSuchResourceException'],
  ['a quota of another service', () => read('ebs', 'L-1216C47A'), 'NoSuchResourceException'],
  ['another operation', () => client.send(new ListServicesCommand({})), 'UnknownOperationException'],
] as const)('%s is refused', async ([, ask, name]) => {
  expect(await ask().catch(nameOf)).toBe(name);
});

test('a fault strikes as often as it says', async () => {
  quotas.fault('AccessDeniedException');
  await expect(read('ec2', 'L-1216C47A')).rejects.toThrow('perform: servicequotas:GetServiceQuota');
  quotas.fault('TooManyRequestsException', 2);
  expect(await read('ec2', 'L-1216C47A').catch(nameOf)).toBe('TooManyRequestsException');
  expect(await read('ec2', 'L-1216C47A').catch(nameOf)).toBe('TooManyRequestsException');
  expect((await read('ec2', 'L-1216C47A')).Value).toBe(64);
});
