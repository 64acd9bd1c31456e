import { beforeEach, describe, expect, it } from 'vitest';
import { openEksReader } from '../../../functions/clients/eks/open-eks-reader.ts';
import { openEksUpdater } from '../../../functions/clients/eks/open-eks-updater.ts';
import { EKS_TIME, UPDATE_SECONDS, useEksStandIn } from '../../support/eks-stand-in.ts';
import { newRegion } from '../../support/new-region.ts';

const eks = useEksStandIn();
const region = newRegion();
const updater = openEksUpdater(region);
const reader = openEksReader(region);

const CLUSTER = { endpoint: 'https://127.0.0.1:6443', certificateAuthority: 'Y2E=' };

/** 1.35, and a cluster of Auto Mode that came to 1.36 yesterday. */
beforeEach(() => {
  eks().addCluster({
    ...CLUSTER,
    name: 'blue',
    version: '1.35',
    addons: [{ addonName: 'coredns', addonVersion: 'v1.12.4-eksbuild.6' }],
    nodeGroups: [
      {
        nodegroupName: 'custom',
        amiType: 'CUSTOM',
        launchTemplate: { id: 'lt-1', name: 'own', version: '7' },
      },
      { nodegroupName: 'general', version: '1.34' },
    ],
  });
  eks().addCluster({
    ...CLUSTER,
    name: 'auto',
    version: '1.36',
    description: { computeConfig: { enabled: true } },
    upgradedFrom: { version: '1.35', at: new Date(EKS_TIME.getTime() - 86_400_000) },
  });
});

const upgrade = (token = 'a', version = '1.36', cluster = 'blue') =>
  updater.updateClusterVersion({ cluster, version, token });
const lastBody = (operation: string) => eks().calls(operation).at(-1)?.body;

describe('the version of a cluster', () => {
  it('is updated, and the update is found by its id', async () => {
    const answer = await upgrade();
    expect(answer).toMatchObject({
      ok: true,
      update: { type: 'VersionUpdate', status: 'InProgress', params: { Version: '1.36' }, errors: [] },
    });
    const id = answer.ok ? answer.update.id : '';
    eks().elapse(UPDATE_SECONDS);
    expect(await reader.readUpdate('blue', id)).toMatchObject({ id, status: 'Successful' });
    expect(await reader.readCluster('blue')).toMatchObject({ version: '1.36' });
    expect(lastBody('UpdateClusterVersion')).toEqual({ version: '1.36', clientRequestToken: 'a' });
  });

  it('asked for twice with one token is one update', async () => {
    const first = await upgrade();
    expect(await upgrade()).toEqual(first);
    expect(await reader.listUpdates('blue')).toHaveLength(1);
  });

  it('is rolled back by the version before, with the time that nodes of Auto Mode get', async () => {
    const request = { cluster: 'auto', version: '1.35', token: 'r', rollbackTimeoutMinutes: 240 };
    const answer = await updater.updateClusterVersion(request);
    expect(answer).toMatchObject({ ok: true, update: { type: 'VersionRollback' } });
    expect(lastBody('UpdateClusterVersion')).toMatchObject({ rollbackConfig: { timeoutMinutes: 240 } });
    const id = answer.ok ? answer.update.id : '';
    expect(await updater.cancelUpdate('auto', id)).toMatchObject({
      ok: true,
      update: { id, status: 'Cancelling' },
    });
  });

  it.each([
    ['another update is under way', () => upgrade('b'), 'busy', /currently has update/],
    ['EKS says that it is not ready', () => upgrade('b'), 'not-ready', /kubelet is too old/],
    ['it skips a minor', () => upgrade('b', '1.37'), 'invalid', /1\.35 to 1\.37/],
    ['there is no such cluster', () => upgrade('b', '1.36', 'green'), 'missing', /No cluster found.*green/],
    ['the update cannot be cancelled', () => updater.cancelUpdate('blue', 'x'), 'missing', /No update found/],
  ] as const)('is refused when %s', async (_, ask, reason, message) => {
    if (reason === 'busy') await upgrade('a');
    if (reason === 'not-ready') {
      eks().fault({ operation: '*', error: 'InvalidStateException', message: 'The kubelet is too old.' });
    }
    expect(await ask()).toEqual({ ok: false, reason, message: expect.stringMatching(message) });
  });

  it('an update that runs its course cannot be cancelled, and EKS says why', async () => {
    const begun = await upgrade();
    expect(await updater.cancelUpdate('blue', begun.ok ? begun.update.id : '')).toEqual({
      ok: false,
      reason: 'invalid',
      message: expect.stringContaining('cannot be cancelled'),
    });
  });
});

describe('an add-on', () => {
  const request = { cluster: 'blue', addon: 'coredns', version: 'v1.13.2-eksbuild.4', token: 'a' };

  it('moves, and nothing but its version and the way of conflicts is sent', async () => {
    const answer = await updater.updateAddon({ ...request, conflicts: 'PRESERVE' });
    expect(answer).toMatchObject({ ok: true, update: { type: 'AddonUpdate', about: 'coredns' } });
    expect(lastBody('UpdateAddon')).toEqual({
      addonVersion: 'v1.13.2-eksbuild.4',
      resolveConflicts: 'PRESERVE',
      clientRequestToken: 'a',
    });
  });

  it.each([
    ['it is already moving', 'coredns', 'v1.13.2-eksbuild.4', 'busy'],
    ['there is no such version', 'coredns', 'v9.9.9-eksbuild.1', 'invalid'],
    ['the cluster does not have it', 'vpc-cni', 'v1.21.1-eksbuild.10', 'missing'],
  ] as const)('is refused when %s', async (_, addon, version, reason) => {
    if (reason === 'busy') await updater.updateAddon({ ...request, conflicts: 'NONE' });
    const again = { cluster: 'blue', addon, version, token: 'b', conflicts: 'NONE' } as const;
    expect(await updater.updateAddon(again)).toMatchObject({ ok: false, reason });
  });
});

describe('a node group', () => {
  it('moves to a version, never by force', async () => {
    const request = { cluster: 'blue', nodeGroup: 'general', version: '1.35', token: 'a' };
    expect(await updater.updateNodeGroup(request)).toMatchObject({
      ok: true,
      update: { type: 'VersionUpdate', about: 'general', params: { Version: '1.35' } },
    });
    expect(lastBody('UpdateNodegroupVersion')).toEqual({ version: '1.35', clientRequestToken: 'a' });
  });

  it('with an AMI of its own moves to a version of its launch template alone', async () => {
    const launchTemplate = { id: 'lt-1', version: '8' };
    const request = { cluster: 'blue', nodeGroup: 'custom', launchTemplate, token: 'a' };
    expect(await updater.updateNodeGroup(request)).toMatchObject({
      ok: true,
      update: { params: { LaunchTemplateVersion: '8' } },
    });
    expect(lastBody('UpdateNodegroupVersion')).toEqual({ launchTemplate, clientRequestToken: 'a' });
  });
});

describe('failures that are no answer', () => {
  it('throttling is waited out, and the token keeps it one update', async () => {
    eks().fault({ operation: 'UpdateClusterVersion', error: 'ThrottlingException' });
    eks().fault({ operation: 'UpdateClusterVersion', error: 'cut' });
    const own = openEksUpdater(newRegion());
    expect(await own.updateClusterVersion({ cluster: 'blue', version: '1.36', token: 't' })).toMatchObject({
      ok: true,
    });
    expect(await reader.listUpdates('blue')).toHaveLength(1);
  });

  it.each([
    ['UpdateClusterVersion', () => upgrade('f')],
    ['CancelUpdate', () => updater.cancelUpdate('blue', 'x')],
  ] as const)('a missing right to %s is an error that names it', async (operation, ask) => {
    eks().fault({ operation, error: 'AccessDeniedException' });
    await expect(ask()).rejects.toMatchObject({ code: 'eks.forbidden', permission: `eks:${operation}` });
  });
});
