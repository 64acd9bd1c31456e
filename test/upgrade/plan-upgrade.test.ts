import { describe, expect, it } from 'vitest';
import { upgradePlanKind } from '../../functions/records/upgrade/plan.ts';
import { UpgradeRequest } from '../../functions/records/upgrade/request.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

describe('a plan that is asked for', () => {
  it('is a dry run unless somebody says otherwise', () => {
    const request = UpgradeRequest.parse({ cluster: 'production', by: 'Ada', why: 'x' });
    expect(request).toMatchObject({ dryRun: true, rollback: false, overrides: [] });
  });

  it.each<[string, object, RegExp]>([
    ['without who', { cluster: 'production', why: 'x' }, /by/],
    ['without why', { cluster: 'production', by: 'Ada', why: ' ' }, /why it is done now/],
    [
      'with an override without a reason',
      { cluster: 'p', by: 'A', why: 'x', overrides: [{ finding: 'f' }] },
      /why/,
    ],
    ['with a field that is none', { cluster: 'p', by: 'A', why: 'x', force: true }, /force/],
    [
      'with a version that is none',
      { cluster: 'p', by: 'A', why: 'x', target: '1.36.2' },
      /must be a Kubernetes version/,
    ],
  ])('%s is refused', (_, request, message) => {
    expect(UpgradeRequest.safeParse(request).error?.message).toMatch(message);
  });

  it('is written down, and ends there as a dry run', async () => {
    const planned = await execute(world(), 'upgrade-1', { dryRun: true }).plan();
    expect(planned).toMatchObject({ outcome: 'planned', cluster: 'blue', owner: 'drydock' });
    const record = await world().ledger.read(upgradePlanKind, planned.plan?.key ?? '');
    expect(record?.value).toMatchObject({
      id: planned.plan?.id,
      environment: 'production',
      request: { by: 'Ada' },
    });
    expect(world().eks.asked).toEqual([]);
  });

  it('a second time is the first one', async () => {
    const upgrade = execute(world());
    const first = await upgrade.plan();
    world().eks.state.cluster = { ...world().eks.state.cluster, version: '1.34' };
    expect((await upgrade.plan()).plan?.id).toBe(first.plan?.id);
  });

  it.each<[string, object, RegExp]>([
    [
      'a cluster that nobody knows',
      { cluster: 'nowhere' },
      /no environment or cluster nowhere; write one of production/,
    ],
    ['a version that EKS does not know', { target: '1.44' }, /EKS does not know Kubernetes 1.44/],
    ['a version below', { target: '1.33' }, /lies below/],
    [
      'a way back of a cluster that was never upgraded',
      { target: undefined, rollback: true },
      /only an upgrade can be taken back/,
    ],
    ['a way back by two minors', { target: '1.33', rollback: true }, /leads by one minor, from 1.35 to 1.34/],
  ])('for %s is refused in a sentence', async (_, request, reason) => {
    expect(await execute(world(), 'upgrade-1', request).plan()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(reason)],
    });
  });

  it('without a target leads one minor up, and first ends what an earlier upgrade left undone', async () => {
    const next = await execute(world(), 'upgrade-1', { target: undefined }).plan();
    expect(next.text.join('\n')).toContain('control plane from 1.35 to 1.36');
    world().eks.state.cluster = { ...world().eks.state.cluster, version: '1.36' };
    const rest = await execute(world(), 'upgrade-2', { target: undefined }).plan();
    expect(rest.text[0]).toMatch(/^1\. add-on|^1\. node group general from 1.35 to 1.36/);
    expect(rest.text.join('\n')).not.toContain('control plane');
  });

  it('when nodes cannot be read is refused with the right that is missing', async () => {
    world().holdings.forbidden = ['nodes'];
    expect(await execute(world()).plan()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/nodes could not be read.*give its role the right list nodes/)],
    });
  });
});

describe('the way back', () => {
  it('takes nodes, add-ons and the control plane down; the way up again is a new one, also for EKS', async () => {
    const { eks, clock } = world();
    const [cni, ...others] = eks.state.addons;
    if (cni) eks.state.addons = [{ ...cni, version: 'v1.21.1-eksbuild.10' }, ...others];
    const up = execute(world());
    const { planned } = await up.start();
    await up.finish('upgraded', (await up.follow()).reasons);
    clock.advance(3_600_000);
    const back = execute(world(), 'upgrade-2', { target: undefined, rollback: true });
    const { begun } = await back.start();
    expect(begun.reasons).toEqual([]);
    const end = await back.follow();
    expect(end.outcome).toBe('rolled-back');
    expect(eks.asked.slice(-3)).toEqual([
      'group/general 1.35',
      'addon/kube-proxy v1.35.2-eksbuild.4',
      'cluster 1.35',
    ]);
    expect((await eks.reader.listUpdates('blue'))[0]?.type).toBe('VersionRollback');
    await back.finish('rolled-back');

    const again = execute(world(), 'upgrade-3');
    expect((await again.start()).planned.plan?.id).toBe(planned.plan?.id);
    expect(await again.follow()).toMatchObject({ outcome: 'upgraded' });
    expect(eks.state.cluster.version).toBe('1.36');
  });
});
