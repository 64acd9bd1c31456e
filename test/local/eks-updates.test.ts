import {
  CancelUpdateCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  ListUpdatesCommand,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
  type UpdateClusterVersionCommandInput,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { updateFailure } from '../../infra/local/eks/update-failures.ts';
import { addBlue, nameOf, openEks, UPDATE_SECONDS } from './fixtures/local-eks.ts';

let eks: Awaited<ReturnType<typeof openEks>>;
beforeEach(async () => {
  eks = await openEks({ pageSize: 2 });
  addBlue(eks);
});
afterEach(() => eks.stop());

const upgrade = async (input: Partial<UpdateClusterVersionCommandInput> = {}) => {
  const asked = new UpdateClusterVersionCommand({ name: 'blue', version: '1.36', ...input });
  return (await eks.client.send(asked)).update ?? {};
};
const readUpdate = async (updateId: string | undefined) =>
  (await eks.client.send(new DescribeUpdateCommand({ name: 'blue', updateId }))).update ?? {};
const readCluster = async () =>
  (await eks.client.send(new DescribeClusterCommand({ name: 'blue' }))).cluster ?? {};
/** To the end of an upgrade to 1.36. */
const upgradeToTheEnd = async () => {
  const update = await upgrade();
  eks.elapse(UPDATE_SECONDS);
  return readUpdate(update.id);
};

test('an upgrade takes its time, the cluster is UPDATING meanwhile, and has the version at the end', async () => {
  const update = await upgrade();
  expect(update).toMatchObject({ type: 'VersionUpdate', status: 'InProgress', errors: [] });
  expect(update.params).toContainEqual({ type: 'Version', value: '1.36' });
  eks.elapse(UPDATE_SECONDS - 1);
  expect(await readCluster()).toMatchObject({ version: '1.35', status: 'UPDATING' });
  eks.elapse(1);
  expect(await readCluster()).toMatchObject({ version: '1.36', status: 'ACTIVE' });
  expect(await readUpdate(update.id)).toMatchObject({ status: 'Successful', createdAt: update.createdAt });
});

test('an update without an end in sight ends when it is told to, as its script says', async () => {
  eks.scriptUpdate({ seconds: 86_400, errors: [updateFailure('SubnetNotFound', ['subnet-1'])] });
  const failing = await upgrade();
  eks.elapse(UPDATE_SECONDS);
  expect(await readUpdate(failing.id)).toMatchObject({ status: 'InProgress' });
  eks.endUpdates('blue');
  expect(await readUpdate(failing.id)).toMatchObject({ status: 'Failed' });
  const next = await upgrade();
  expect(await readUpdate(next.id)).toMatchObject({ status: 'InProgress' });
  eks.endUpdates('blue');
  expect(await readCluster()).toMatchObject({ version: '1.36', status: 'ACTIVE' });
});

test.for([
  ['skipping a minor', { version: '1.37' }, 'InvalidParameterException'],
  ['the version it has', { version: '1.35' }, 'InvalidParameterException'],
  ['a version back without an upgrade before', { version: '1.34' }, 'InvalidRequestException'],
  ['no version', { version: 'latest' }, 'InvalidParameterException'],
  ['another cluster', { name: 'green' }, 'ResourceNotFoundException'],
] as const)('%s is refused', async ([, input, name]) => {
  expect(await upgrade(input).catch(nameOf)).toBe(name);
});

test('a second update is refused while one runs, and a cluster that is not ACTIVE has none', async () => {
  await upgrade();
  expect(await upgrade().catch(nameOf)).toBe('ResourceInUseException');
  addBlue(eks);
  eks.cluster('blue').description.status = 'CREATING';
  expect(await upgrade().catch(nameOf)).toBe('InvalidRequestException');
});

test('the same token is the same update, also when it is over; with another request it is refused', async () => {
  const first = await upgrade({ clientRequestToken: 'plan-1/step-2' });
  const again = await upgrade({ clientRequestToken: 'plan-1/step-2' });
  expect(again.id).toBe(first.id);
  eks.elapse(UPDATE_SECONDS);
  expect(await upgrade({ clientRequestToken: 'plan-1/step-2' })).toMatchObject({
    id: first.id,
    status: 'Successful',
  });
  const other = upgrade({ clientRequestToken: 'plan-1/step-2', force: true });
  expect(await other.catch(nameOf)).toBe('InvalidParameterException');
});

test.for([
  'SubnetNotFound',
  'SecurityGroupNotFound',
  'EniLimitReached',
  'IpNotAvailable',
  'ClusterUnreachable',
] as const)('a script lets one update fail with %s and leaves the cluster as it was', async (code) => {
  eks.scriptUpdate({ type: 'VersionUpdate', about: 'cluster', errors: [updateFailure(code, ['subnet-1'])] });
  const failed = await upgradeToTheEnd();
  expect(failed.status).toBe('Failed');
  expect(failed.errors).toEqual([
    { errorCode: code, errorMessage: expect.any(String), resourceIds: ['subnet-1'] },
  ]);
  expect(await readCluster()).toMatchObject({ version: '1.35', status: 'ACTIVE' });
  expect((await upgradeToTheEnd()).status).toBe('Successful');
});

test('a script about another thing, type or cluster is left for that', async () => {
  const errors = [updateFailure('IpNotAvailable')];
  eks.scriptUpdate({ about: 'nodegroup/general', errors });
  eks.scriptUpdate({ type: 'VersionRollback', errors });
  eks.scriptUpdate({ cluster: 'green', errors });
  expect((await upgradeToTheEnd()).status).toBe('Successful');
});

test('a script shows a status that the enumeration lacks, and takes its own time', async () => {
  eks.scriptUpdate({ runningStatus: 'Pausing', seconds: 5 });
  const { id } = await upgrade();
  expect((await readUpdate(id)).status).toBe('Pausing');
  eks.elapse(5);
  expect((await readUpdate(id)).status).toBe('Successful');
});

test('the list of updates is that of the cluster alone, page by page', async () => {
  const ids: string[] = [];
  for (const supportType of ['STANDARD', 'EXTENDED', 'STANDARD'] as const) {
    const asked = new UpdateClusterConfigCommand({ name: 'blue', upgradePolicy: { supportType } });
    ids.push((await eks.client.send(asked)).update?.id ?? '');
    eks.elapse(UPDATE_SECONDS);
  }
  expect((await readCluster()).upgradePolicy).toEqual({ supportType: 'STANDARD' });
  const first = await eks.client.send(new ListUpdatesCommand({ name: 'blue' }));
  const rest = await eks.client.send(new ListUpdatesCommand({ name: 'blue', nextToken: first.nextToken }));
  expect([...(first.updateIds ?? []), ...(rest.updateIds ?? [])].toSorted()).toEqual(ids.toSorted());
  const ofGroup = await eks.client.send(new ListUpdatesCommand({ name: 'blue', nodegroupName: 'general' }));
  expect(ofGroup.updateIds).toEqual([]);
});

describe('the way back', () => {
  const back = (input: Partial<UpdateClusterVersionCommandInput> = {}) =>
    upgrade({ version: '1.35', ...input });

  test('within 7 days of an upgrade it is a VersionRollback', async () => {
    await upgradeToTheEnd();
    eks.elapse(7 * 24 * 3600);
    expect(await back()).toMatchObject({ type: 'VersionRollback' });
    eks.elapse(UPDATE_SECONDS);
    expect(await readCluster()).toMatchObject({ version: '1.35' });
    // One step, once.
    expect(await upgrade({ version: '1.34' }).catch(nameOf)).toBe('InvalidRequestException');
  });

  test('after 7 days it is closed', async () => {
    await upgradeToTheEnd();
    eks.elapse(7 * 24 * 3600 + 1);
    expect(await back().catch(nameOf)).toBe('InvalidRequestException');
  });

  test('a node group that is newer holds it up, unless forced', async () => {
    await upgradeToTheEnd();
    const group = eks.cluster('blue').nodeGroups.get('general');
    eks.cluster('blue').nodeGroups.set('general', { ...group, version: '1.36' });
    expect(await back().catch(nameOf)).toBe('InvalidStateException');
    expect(await back({ force: true })).toMatchObject({ type: 'VersionRollback' });
  });

  test('an ERROR of rollback readiness holds it up', async () => {
    await upgradeToTheEnd();
    eks.setInsights('blue', [
      { id: 'r', name: 'Budgets', category: 'ROLLBACK_READINESS', insightStatus: { status: 'ERROR' } },
    ]);
    await expect(back()).rejects.toThrow('Budgets');
  });

  test('to a version in extended support it needs the policy EXTENDED', async () => {
    addBlue(eks, {
      version: '1.34',
      nodeGroups: [{ nodegroupName: 'general', version: '1.33' }],
      description: { upgradePolicy: { supportType: 'STANDARD' } },
      upgradedFrom: { version: '1.33', at: new Date('2026-11-21T11:00:00Z') },
    });
    expect(await upgrade({ version: '1.33' }).catch(nameOf)).toBe('InvalidRequestException');
    eks.cluster('blue').description.upgradePolicy = { supportType: 'EXTENDED' };
    expect(await upgrade({ version: '1.33' })).toMatchObject({ type: 'VersionRollback' });
  });
});

describe('the way back of EKS Auto Mode', () => {
  const startBack = async (timeoutMinutes = 120) => {
    await upgradeToTheEnd();
    eks.cluster('blue').description.computeConfig = { enabled: true };
    return upgrade({ version: '1.35', rollbackConfig: { timeoutMinutes } });
  };
  const cancel = async (updateId: string | undefined) =>
    (await eks.client.send(new CancelUpdateCommand({ name: 'blue', updateId }))).update ?? {};

  test('moves nodes first while the cluster is ACTIVE, then the control plane', async () => {
    const { id } = await startBack();
    expect(await readCluster()).toMatchObject({ status: 'ACTIVE', version: '1.36' });
    eks.elapse(UPDATE_SECONDS / 2);
    expect(await readCluster()).toMatchObject({ status: 'UPDATING', version: '1.36' });
    expect(await cancel(id).catch(nameOf)).toBe('InvalidRequestException');
    eks.elapse(UPDATE_SECONDS / 2);
    expect(await readCluster()).toMatchObject({ status: 'ACTIVE', version: '1.35' });
  });

  test('can be cancelled while nodes move, and is Cancelling until they are back', async () => {
    const { id } = await startBack();
    expect(await cancel(id)).toMatchObject({ status: 'Cancelling', cancellation: { status: 'InProgress' } });
    eks.elapse(UPDATE_SECONDS);
    expect(await readUpdate(id)).toMatchObject({
      status: 'Cancelled',
      cancellation: { status: 'Successful' },
    });
    expect(await readCluster()).toMatchObject({ version: '1.36', status: 'ACTIVE' });
  });

  test('fails when the nodes take longer than its timeout', async () => {
    eks.scriptUpdate({ type: 'VersionRollback', seconds: 121 * 60 });
    const { id } = await startBack(120);
    eks.elapse(120 * 60);
    expect(await readUpdate(id)).toMatchObject({ status: 'Failed' });
    expect(await readCluster()).toMatchObject({ version: '1.36', status: 'ACTIVE' });
  });

  test('an upgrade of it has no time of nodes: the cluster is UPDATING at once', async () => {
    eks.cluster('blue').description.computeConfig = { enabled: true };
    await upgrade();
    expect(await readCluster()).toMatchObject({ status: 'UPDATING' });
  });

  test('another update cannot be cancelled', async () => {
    const { id } = await upgrade();
    expect(await cancel(id).catch(nameOf)).toBe('InvalidRequestException');
  });
});
