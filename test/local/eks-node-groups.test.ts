import {
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  UpdateNodegroupVersionCommand,
  type UpdateNodegroupVersionCommandInput,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { updateFailure } from '../../infra/local/eks/update-failures.ts';
import { addBlue, nameOf, openEks, UPDATE_SECONDS } from './fixtures/local-eks.ts';

let eks: Awaited<ReturnType<typeof openEks>>;
beforeEach(async () => {
  eks = await openEks();
  addBlue(eks, {
    version: '1.36',
    nodeGroups: [
      { nodegroupName: 'general', version: '1.35' },
      { nodegroupName: 'own', amiType: 'CUSTOM', launchTemplate: { id: 'lt-1', name: 'own', version: '3' } },
    ],
    fargateProfiles: [{ fargateProfileName: 'jobs', subnets: ['subnet-1'] }],
  });
});
afterEach(() => eks.stop());

const update = async (input: Partial<UpdateNodegroupVersionCommandInput> = {}) => {
  const asked = { clusterName: 'blue', nodegroupName: 'general', ...input };
  return (await eks.client.send(new UpdateNodegroupVersionCommand(asked))).update ?? {};
};
const readGroup = async (nodegroupName = 'general') =>
  (await eks.client.send(new DescribeNodegroupCommand({ clusterName: 'blue', nodegroupName }))).nodegroup ??
  {};
const readUpdate = async (updateId: string | undefined, nodegroupName = 'general') =>
  (await eks.client.send(new DescribeUpdateCommand({ name: 'blue', updateId, nodegroupName }))).update ?? {};

test('without a version a group goes to that of its cluster, with its newest AMI', async () => {
  const moved: unknown[] = [];
  eks.setHooks({ onNodeGroupUpdated: async (move) => void moved.push(move) });
  const { id } = await update();
  expect(await readGroup()).toMatchObject({ status: 'UPDATING', version: '1.35' });
  eks.elapse(UPDATE_SECONDS);
  expect(await readUpdate(id)).toMatchObject({ type: 'VersionUpdate', status: 'Successful' });
  expect(await readGroup()).toMatchObject({
    status: 'ACTIVE',
    version: '1.36',
    releaseVersion: '1.36.3-20261113',
  });
  expect(moved).toEqual([{ cluster: 'blue', nodeGroup: 'general', version: '1.36' }]);
});

test('a group goes one minor back, which the way back of a cluster needs', async () => {
  await update();
  eks.elapse(UPDATE_SECONDS);
  await update({ version: '1.35' });
  eks.elapse(UPDATE_SECONDS);
  expect((await readGroup()).version).toBe('1.35');
});

test('a group of an own AMI takes a new version of its template and nothing else', async () => {
  const { id, params } = await update({ nodegroupName: 'own', launchTemplate: { id: 'lt-1', version: '4' } });
  expect(params).toEqual([{ type: 'LaunchTemplateVersion', value: '4' }]);
  eks.elapse(UPDATE_SECONDS);
  expect((await readUpdate(id, 'own')).status).toBe('Successful');
  const group = await readGroup('own');
  expect(group.launchTemplate).toEqual({ id: 'lt-1', name: 'own', version: '4' });
  expect(group.version).toBeUndefined();
});

test.for([
  ['a version newer than the cluster', { version: '1.37' }],
  ['a version two minors back', { version: '1.33' }],
  ['no version at all', { version: 'latest' }],
  ['a version beside an own AMI', { nodegroupName: 'own', version: '1.36' }],
  ['a release beside an own AMI', { nodegroupName: 'own', releaseVersion: '1.36.3-20261113' }],
  ['another launch template', { nodegroupName: 'own', launchTemplate: { id: 'lt-2', version: '1' } }],
  [
    'a launch template of another name',
    { nodegroupName: 'own', launchTemplate: { name: 'else', version: '1' } },
  ],
  ['a launch template for a group without one', { launchTemplate: { id: 'lt-1', version: '4' } }],
] as const)('%s is an invalid parameter', async ([, input]) => {
  expect(await update(input).catch(nameOf)).toBe('InvalidParameterException');
});

test('a second update of one group is refused, as is one of a group that is not there', async () => {
  await update();
  expect(await update().catch(nameOf)).toBe('ResourceInUseException');
  expect(await update({ nodegroupName: 'gone' }).catch(nameOf)).toBe('ResourceNotFoundException');
});

test('a pod that does not leave fails the update and names its node; by force it goes on', async () => {
  const errors = [updateFailure('PodEvictionFailure', ['ip-10-0-0-10.eu-central-1.compute.internal'])];
  eks.scriptUpdate({ about: 'nodegroup/general', errors });
  const { id } = await update();
  eks.elapse(UPDATE_SECONDS);
  expect(await readUpdate(id)).toMatchObject({ status: 'Failed', errors });
  expect(await readGroup()).toMatchObject({ status: 'ACTIVE', version: '1.35' });
  eks.scriptUpdate({ about: 'nodegroup/general', errors });
  const forced = await update({ force: true });
  eks.elapse(UPDATE_SECONDS);
  expect((await readUpdate(forced.id)).status).toBe('Successful');
});

test('what the hook cannot do fails the update', async () => {
  const failure = updateFailure('NodeCreationFailure', ['i-1']);
  eks.setHooks({ onNodeGroupUpdated: async () => [failure] });
  const { id } = await update();
  eks.elapse(UPDATE_SECONDS);
  expect((await readUpdate(id)).errors).toEqual([failure]);
  expect((await readGroup()).version).toBe('1.35');
});

test('groups and profiles are listed and told', async () => {
  const groups = await eks.client.send(new ListNodegroupsCommand({ clusterName: 'blue' }));
  expect(groups.nodegroups).toEqual(['general', 'own']);
  const profiles = await eks.client.send(new ListFargateProfilesCommand({ clusterName: 'blue' }));
  expect(profiles.fargateProfileNames).toEqual(['jobs']);
  const asked = { clusterName: 'blue', fargateProfileName: 'jobs' };
  const told = await eks.client.send(new DescribeFargateProfileCommand(asked));
  expect(told.fargateProfile).toMatchObject({ status: 'ACTIVE', subnets: ['subnet-1'] });
});
