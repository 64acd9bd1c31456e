import { describe, expect, it } from 'vitest';
import { maintenanceKey, maintenanceKind } from '../../functions/records/maintenance.ts';
import { clusterLock } from '../../functions/records/upgrade/plan.ts';
import { execute, listDeployment, listNode, OPEN, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

const maintenance = async () => (await world().ledger.read(maintenanceKind, maintenanceKey('blue')))?.value;
const isFree = async () => (await world().deps.locks.acquire(clusterLock('blue'), 'somebody')).ok;

describe('an upgrade that goes well', () => {
  it('goes through every step in order, and leaves nothing held behind', async () => {
    const upgrade = execute(world());
    const { begun } = await upgrade.start();
    expect(begun).toMatchObject({ outcome: 'begun' });
    expect(await maintenance()).toMatchObject({ why: 'upgrade to 1.36', owner: upgrade.execution.arn });
    const end = await upgrade.follow();
    expect(end).toMatchObject({ outcome: 'upgraded', reasons: ['blue is at 1.36'] });
    expect(end.messages.filter((message) => message.startsWith('started'))).toEqual([
      'started: EKS judges the cluster anew against 1.36',
      'started: add-on vpc-cni from v1.20.4-eksbuild.2 to v1.21.1-eksbuild.10',
      'started: control plane from 1.35 to 1.36',
      'started: node group general from 1.35 to 1.36',
      'started: add-on kube-proxy from v1.35.2-eksbuild.4 to v1.36.1-eksbuild.2',
    ]);
    await upgrade.finish('upgraded', end.reasons);
    const run = await upgrade.run();
    expect(run).toMatchObject({ outcome: 'upgraded', approvedBy: 'Grace', startedBy: 'Ada' });
    expect(run?.steps.map(({ state }) => state)).toEqual(run?.plan.steps.map(() => 'done'));
    expect(await maintenance()).toBeUndefined();
    expect(await isFree()).toBe(true);
    expect(world().notifier.published.map(({ outcome }) => outcome)).toEqual(['upgraded']);
    expect(world().eks.state.cluster.version).toBe('1.36');
  });

  it('moves no node before an hour has passed at the new version', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('bakes until'));
    const baked = world().clock.now().getTime();
    await upgrade.follow((message) => message.startsWith('started: node group'));
    expect(world().clock.now().getTime() - baked).toBeGreaterThanOrEqual(3_600_000);
  });
});

describe('a repeat', () => {
  it('of a look whose answer was lost starts nothing twice: the token is the same', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('started: add-on vpc-cni'));
    const before = [...world().eks.asked];
    const again = await upgrade.advance();
    expect(again.message).toMatch(/^update .* runs/);
    expect(world().eks.asked).toEqual(before);
  });

  it('by another execution goes on where the first one died, and does not ask EKS again', async () => {
    const first = execute(world());
    await first.start();
    await first.follow((message) => message.startsWith('started: control plane'));
    world().clock.advance(15 * 60_000);
    const second = execute(world(), 'upgrade-2');
    expect((await second.start()).begun).toMatchObject({ outcome: 'begun' });
    const end = await second.follow();
    expect(end.outcome).toBe('upgraded');
    expect(world().eks.asked.filter((one) => one.startsWith('cluster'))).toEqual(['cluster 1.36']);
    expect(await first.advance()).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringContaining('another execution has taken over blue')],
    });
  });

  it('takes up an update that runs at the moment', async () => {
    const first = execute(world());
    await first.start();
    world().eks.script({ about: 'cluster', seconds: 3_600 });
    await first.follow((message) => message.startsWith('started: control plane'));
    world().clock.advance(15 * 60_000);
    const second = execute(world(), 'upgrade-2');
    expect((await second.start()).gates).toMatchObject({ outcome: 'passed' });
    expect((await second.advance()).message).toMatch(/^update .* runs \(InProgress\)/);
  });

  it('compares health with that of before the first one, or else what broke would count as well', async () => {
    const first = execute(world());
    await first.start();
    await first.follow((message) => message.startsWith('bakes until'));
    world().holdings.objects = {
      ...world().holdings.objects,
      'deployments.apps': [listDeployment('web', 0), listDeployment('api')],
    };
    world().clock.advance(15 * 60_000);
    const second = execute(world(), 'upgrade-2');
    await second.start();
    expect(await second.follow()).toMatchObject({ outcome: 'stopped' });
    await second.finish('stopped');
    const anyway = { overrides: [...OPEN.overrides, { finding: 'health', why: 'web is switched off' }] };
    const third = execute(world(), 'upgrade-3', anyway);
    await third.start();
    expect(await third.follow()).toMatchObject({ outcome: 'upgraded' });
  });

  it('during the bake counts its hours from when EKS moved the control plane', async () => {
    const first = execute(world());
    await first.start();
    await first.follow((message) => message.startsWith('bakes until'));
    world().clock.advance(30 * 60_000);
    const second = execute(world(), 'upgrade-2');
    const { planned } = await second.start();
    expect(planned.text[0]).toMatch(/^1\. 1 hours at 1.36/);
    const began = world().clock.now().getTime();
    await second.follow((message) => message.startsWith('started: node group'));
    expect(world().clock.now().getTime() - began).toBeLessThan(31 * 60_000);
  });
});

describe('an upgrade stops and changes nothing more', () => {
  it('when pods do not leave: it names the pod and its budget', async () => {
    const { eks, holdings } = world();
    const errors = [{ code: 'PodEvictionFailure', message: 'Too many tries.', resources: ['node-1'] }];
    eks.script({ about: 'group/general', errors });
    const pod = (name: string, nodeName: string) => ({
      metadata: { namespace: 'shop', name, labels: { app: 'web' } },
      spec: { nodeName },
    });
    holdings.objects = {
      ...holdings.objects,
      pods: [pod('web-1', 'node-1'), pod('web-2', 'node-2')].map((one) => ({
        ...one,
        metadata: { ...one.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'web' }] },
      })),
      'poddisruptionbudgets.policy': [
        {
          metadata: { namespace: 'shop', name: 'web' },
          spec: { selector: { matchLabels: { app: 'web' } } },
          status: { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 },
        },
      ],
    };
    const upgrade = execute(world());
    await upgrade.start();
    const end = await upgrade.follow();
    expect(end.outcome).toBe('stopped');
    expect(end.reasons.join()).toMatch(/PodEvictionFailure: .*node-1.*shop\/web-1 \(budget shop\/web\)/);
    expect(end.reasons.join()).not.toContain('web-2');
    await upgrade.finish('stopped', end.reasons);
    const [notice] = world().notifier.published;
    expect(notice).toMatchObject({ outcome: 'stopped', severity: 'critical' });
    expect(notice?.next).toMatch(/Back to 1.35: start upgrade with .*"rollback":true/);
    expect(await maintenance()).toBeUndefined();
  });

  it('when somebody else begins an update in the middle', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('bakes until'));
    const other = { cluster: 'blue', nodeGroup: 'general', version: '1.36', token: 'terraform' };
    await world().eks.updater.updateNodeGroup(other);
    const end = await upgrade.follow();
    expect(end).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringMatching(/^somebody else updates general: VersionUpdate .*CloudTrail/)],
    });
    expect(world().eks.asked.filter((one) => one.startsWith('group'))).toHaveLength(1);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a workload that was ready is not',
      () => {
        world().holdings.objects = {
          ...world().holdings.objects,
          'deployments.apps': [listDeployment('web', 1), listDeployment('api')],
        };
      },
      /not ready, and ready before: Deployment shop\/web/,
    ],
    [
      'a node is lost',
      () => {
        world().holdings.objects = {
          ...world().holdings.objects,
          nodes: [listNode('node-1'), listNode('node-2', false)],
        };
      },
      /1 of 2 nodes are not ready/,
    ],
    ['GitLab is silent', () => void (world().state.gitlabAnswers = false), /GitLab does not answer any more/],
    [
      'nodes can no longer be read',
      () => void (world().holdings.forbidden = ['nodes']),
      /could not be looked at: nodes/,
    ],
  ])('when during the bake %s', async (_, harm, reason) => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('bakes until'));
    harm();
    const end = await upgrade.follow();
    expect(end.outcome).toBe('stopped');
    expect(end.reasons.join(' | ')).toMatch(reason);
    expect(world().eks.asked.join()).not.toContain('group');
  });

  it('before it begins when health cannot be read, unless somebody wants that by name', async () => {
    world().holdings.forbidden = ['deployments.apps'];
    const upgrade = execute(world());
    await upgrade.start();
    expect(await upgrade.advance()).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringMatching(/^health before could not be read.*deployments.apps/)],
    });
    expect(world().eks.asked).toEqual([]);
  });

  it('when another execution had the cluster in between: what it did is not known', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.advance();
    const { deps, clock, eks } = world();
    clock.advance(15 * 60_000);
    await deps.locks.acquire(clusterLock('blue'), 'somebody');
    await deps.locks.release(clusterLock('blue'), 'somebody');
    expect(await upgrade.advance()).toMatchObject({
      outcome: 'stopped',
      reasons: [expect.stringContaining('has taken over blue')],
    });
    expect(eks.asked).toEqual([]);
  });

  it('when it loses the lock in the last moment before it would write', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message === 'EKS has judged the cluster anew');
    const { locks } = world().deps;
    world().deps.locks = { ...locks, isHeld: async () => false };
    const { outcome, reasons } = await upgrade.advance();
    expect({ outcome, reasons }).toEqual({
      outcome: 'stopped',
      reasons: ['another execution has taken over blue; nothing was changed'],
    });
    expect(world().eks.asked).toEqual([]);
  });

  it('while paused nothing is started, and it goes on when resumed', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    const { ledger } = world();
    const { pauseKey, pauseKind } = await import('../../functions/records/pause.ts');
    const key = pauseKey('capability/upgrade');
    const pause = {
      version: 1 as const,
      scope: 'capability/upgrade',
      paused: true,
      by: 'Kim',
      why: 'x',
      since: '2026-11-21T12:00:00.000Z',
    };
    await ledger.claim(pauseKind, key, pause);
    expect(await upgrade.advance()).toMatchObject({
      waitSeconds: 900,
      message: expect.stringContaining('by Kim'),
    });
    await ledger.remove(key);
    expect((await upgrade.advance()).message).toMatch(/^started/);
  });
});
