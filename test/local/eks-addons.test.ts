import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeAddonCommand,
  DescribeUpdateCommand,
  ListAddonsCommand,
  paginateDescribeAddonVersions,
  UpdateAddonCommand,
  type UpdateAddonCommandInput,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { updateFailure } from '../../infra/local/eks/update-failures.ts';
import { addBlue, nameOf, openEks, UPDATE_SECONDS } from './fixtures/local-eks.ts';

let eks: Awaited<ReturnType<typeof openEks>>;
beforeEach(async () => {
  eks = await openEks({ pageSize: 2 });
  addBlue(eks);
});
afterEach(() => eks.stop());

const NEW = 'v1.13.2-eksbuild.4';
const update = async (input: Partial<UpdateAddonCommandInput> = {}) => {
  const asked = { clusterName: 'blue', addonName: 'coredns', addonVersion: NEW, ...input };
  return (await eks.client.send(new UpdateAddonCommand(asked))).update ?? {};
};
const readAddon = async (addonName = 'coredns') =>
  (await eks.client.send(new DescribeAddonCommand({ clusterName: 'blue', addonName }))).addon ?? {};
const listOffers = async (input: { addonName?: string; kubernetesVersion?: string }) => {
  const pages = await Array.fromAsync(paginateDescribeAddonVersions({ client: eks.client }, input));
  return pages.flatMap(({ addons = [] }) => addons);
};

test('the offers of all add-ons come in pages; in no order of versions', async () => {
  const offers = await listOffers({});
  expect(offers.map(({ addonName }) => addonName)).toContain('kube-proxy');
  const coredns = offers.find(({ addonName }) => addonName === 'coredns')?.addonVersions ?? [];
  const versions = coredns.map(({ addonVersion }) => addonVersion ?? '');
  expect(versions).toContain(NEW);
  expect(versions).not.toEqual(versions.toSorted());
});

test('with a Kubernetes version only what works with it is offered, and which is its default', async () => {
  const [coredns] = await listOffers({ addonName: 'coredns', kubernetesVersion: '1.36' });
  expect(
    coredns?.addonVersions?.map(({ addonVersion, compatibilities }) => [addonVersion, compatibilities]),
  ).toEqual([
    [NEW, [{ clusterVersion: '1.36', platformVersions: ['*'], defaultVersion: true }]],
    ['v1.12.4-eksbuild.6', [{ clusterVersion: '1.36', platformVersions: ['*'], defaultVersion: false }]],
  ]);
});

test('kube-proxy of an earlier minor may stay for a while', async () => {
  const [offer] = await listOffers({ addonName: 'kube-proxy', kubernetesVersion: '1.36' });
  const versions = offer?.addonVersions?.map(({ addonVersion }) => addonVersion?.slice(0, 5));
  expect(versions).toEqual(['v1.36', 'v1.35', 'v1.34', 'v1.33']);
});

test('an update takes its time, keeps the configuration, and is found under the name of the add-on', async () => {
  const { id: updateId, params } = await update({ resolveConflicts: 'PRESERVE' });
  expect(params).toEqual([
    { type: 'AddonVersion', value: NEW },
    { type: 'ResolveConflicts', value: 'PRESERVE' },
  ]);
  expect(await readAddon()).toMatchObject({ status: 'UPDATING', addonVersion: 'v1.12.4-eksbuild.10' });
  eks.elapse(UPDATE_SECONDS);
  expect(await readAddon()).toMatchObject({
    status: 'ACTIVE',
    addonVersion: NEW,
    configurationValues: '{"replicaCount":3}',
  });
  const found = await eks.client.send(
    new DescribeUpdateCommand({ name: 'blue', updateId, addonName: 'coredns' }),
  );
  expect(found.update).toMatchObject({ type: 'AddonUpdate', status: 'Successful' });
  const without = eks.client.send(new DescribeUpdateCommand({ name: 'blue', updateId }));
  expect(await without.catch(nameOf)).toBe('ResourceNotFoundException');
});

test('configuration and pod identities change when the request has them, an empty list deletes', async () => {
  const association = { serviceAccount: 'coredns', roleArn: 'arn:aws:iam::111122223333:role/dns' };
  await update({ configurationValues: '{}', podIdentityAssociations: [association] });
  eks.elapse(UPDATE_SECONDS);
  expect(await readAddon()).toMatchObject({
    configurationValues: '{}',
    podIdentityAssociations: [association.roleArn],
  });
  await update({ podIdentityAssociations: [] });
  eks.elapse(UPDATE_SECONDS);
  expect((await readAddon()).podIdentityAssociations).toEqual([]);
});

test.for([
  ['a version that is not offered', { addonVersion: 'v9' }, 'InvalidParameterException'],
  ['a version for other minors', { addonVersion: 'v1.11.4-eksbuild.24' }, 'InvalidParameterException'],
  ['an add-on that is not there', { addonName: 'kube-proxy' }, 'ResourceNotFoundException'],
] as const)('%s is refused', async ([, input, name]) => {
  expect(await update(input).catch(nameOf)).toBe(name);
});

test('a second update of one add-on is refused, of another one it runs beside', async () => {
  await update();
  expect(await update().catch(nameOf)).toBe('ResourceInUseException');
  expect(await update({ addonName: 'vpc-cni', addonVersion: 'v1.21.1-eksbuild.10' })).toMatchObject({
    status: 'InProgress',
  });
});

test('the same token is the same update', async () => {
  const first = await update({ clientRequestToken: 'a' });
  expect((await update({ clientRequestToken: 'a' })).id).toBe(first.id);
  const other = update({ clientRequestToken: 'a', resolveConflicts: 'OVERWRITE' });
  expect(await other.catch(nameOf)).toBe('InvalidParameterException');
});

test('a conflict leaves the old version, and the add-on says why', async () => {
  eks.scriptUpdate({
    about: 'addon/coredns',
    errors: [updateFailure('ConfigurationConflict', ['deployment coredns'])],
  });
  await update();
  eks.elapse(UPDATE_SECONDS);
  expect(await readAddon()).toMatchObject({
    status: 'UPDATE_FAILED',
    addonVersion: 'v1.12.4-eksbuild.10',
    health: { issues: [{ code: 'ConfigurationConflict', resourceIds: ['deployment coredns'] }] },
  });
});

test('the hook is told once when an add-on has moved, however many look at that moment', async () => {
  const moved: unknown[] = [];
  const onAddonUpdated = async (move: unknown): Promise<void> => {
    moved.push(move);
    await delay(100);
  };
  eks.setHooks({ onAddonUpdated });
  await update();
  eks.elapse(UPDATE_SECONDS);
  await Promise.all([readAddon(), readAddon(), readAddon()]);
  expect(moved).toEqual([{ cluster: 'blue', addon: 'coredns', version: NEW }]);
});

test('the names of the add-ons are listed', async () => {
  const { addons } = await eks.client.send(new ListAddonsCommand({ clusterName: 'blue' }));
  expect(addons).toEqual(['coredns', 'vpc-cni']);
});
