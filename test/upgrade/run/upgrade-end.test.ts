import { describe, expect, it } from 'vitest';
import { maintenanceKey, maintenanceKind } from '../../../functions/records/maintenance.ts';
import { clusterLock, RunOutcome } from '../../../functions/records/upgrade/plan.ts';
import { TransientError } from '../../../functions/runtime/errors.ts';
import { endUpgrade } from '../../../functions/upgrade/run/upgrade-end.ts';
import { execute, useUpgradeWorld } from '../../support/upgrade-world.ts';

const world = useUpgradeWorld();
const mark = async () => (await world().ledger.read(maintenanceKind, maintenanceKey('blue')))?.value;
const isFree = async () => (await world().deps.locks.acquire(clusterLock('blue'), 'somebody')).ok;

const begin = async () => {
  const upgrade = execute(world());
  await upgrade.start();
  await upgrade.advance();
  return upgrade;
};

describe('the end of an upgrade', () => {
  it.each(RunOutcome.options)(
    '%s frees the cluster, takes its mark away and is told once',
    async (outcome) => {
      const upgrade = await begin();
      await upgrade.finish(outcome, ['why']);
      await upgrade.finish(outcome, ['why']);
      expect(await mark()).toBeUndefined();
      expect(await isFree()).toBe(true);
      expect(world().notifier.published.map((notice) => notice.outcome)).toEqual([outcome]);
      expect(await upgrade.run()).toMatchObject({ outcome, reasons: ['why'] });
    },
  );

  it('the first one stays', async () => {
    const upgrade = await begin();
    await upgrade.finish('stopped', ['a reason']);
    expect(await upgrade.finish('upgraded')).toMatchObject({ outcome: 'stopped', reasons: ['a reason'] });
  });

  it('of an execution that was stopped by a person says what is left, and how to go on', async () => {
    const { execution } = await begin();
    await endUpgrade({ execution, outcome: 'abandoned', reasons: ['stopped by a person'] }, world().deps);
    expect(world().notifier.published).toMatchObject([
      {
        outcome: 'abandoned',
        severity: 'critical',
        next: expect.stringContaining('start upgrade again: it goes on where the cluster stands'),
      },
    ]);
    expect(await mark()).toBeUndefined();
    expect(await isFree()).toBe(true);
  });

  it('leaves the lock and the mark of whoever has taken over', async () => {
    const first = await begin();
    world().clock.advance(60 * 60_000);
    const second = execute(world(), 'upgrade-2');
    await second.start();
    await first.finish('stopped', ['too late']);
    expect(await mark()).toMatchObject({ owner: second.execution.arn });
    expect(await isFree()).toBe(false);
  });

  it('a topic that does not answer holds nothing', async () => {
    const upgrade = await begin();
    world().notifier.failing = new TransientError('notifier.unavailable', 'SNS is down');
    await expect(upgrade.finish('stopped', ['why'])).rejects.toThrow('SNS is down');
    expect(await isFree()).toBe(true);
    expect(await mark()).toBeUndefined();
  });

  it('of a dry run, or of what never made a plan, is no news', async () => {
    const dry = execute(world(), 'upgrade-1', { dryRun: true });
    await dry.plan();
    await dry.finish('planned');
    await execute(world(), 'upgrade-2').finish('refused', ['unreadable']);
    expect(world().notifier.published).toEqual([]);
    expect(await dry.run()).toBeUndefined();
  });

  it('of one that was refused at a gate is written down with that gate', async () => {
    const upgrade = execute(world(), 'upgrade-1', { overrides: [] });
    await upgrade.plan();
    const { outcome, reasons } = await upgrade.check();
    expect({ outcome, reasons }).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/^report:/)],
    });
    await upgrade.finish('refused', reasons);
    expect(await upgrade.run()).toMatchObject({ outcome: 'refused', steps: [] });
  });

  it('is final: a Lambda that comes late changes nothing', async () => {
    const upgrade = await begin();
    await upgrade.finish('abandoned', ['stopped']);
    const asked = [...world().eks.asked];
    expect(await upgrade.advance()).toMatchObject({
      outcome: 'abandoned',
      reasons: [expect.stringMatching(/has ended already/)],
    });
    await expect(upgrade.begin()).rejects.toThrow('has ended already');
    expect(world().eks.asked).toEqual(asked);
    expect(await isFree()).toBe(true);
  });

  it('of one that died stays when it is redriven: it does nothing, and nothing is told twice', async () => {
    const { execution, ...upgrade } = await begin();
    await endUpgrade({ execution, outcome: 'abandoned', reasons: ['it died'] }, world().deps);
    const { outcome, reasons } = await upgrade.advance();
    await upgrade.finish(outcome === 'under-way' ? 'upgraded' : outcome, reasons);
    expect(await upgrade.run()).toMatchObject({ outcome: 'abandoned', reasons: ['it died'] });
    expect(world().notifier.published.map((notice) => notice.outcome)).toEqual(['abandoned']);
  });

  it('of one that died in its last step gives way to the real one when that step is redriven', async () => {
    const { execution, ...upgrade } = await begin();
    await endUpgrade({ execution, outcome: 'abandoned', reasons: ['it died'] }, world().deps);
    await upgrade.finish('upgraded', ['blue is at 1.36']);
    expect(await upgrade.run()).toMatchObject({ outcome: 'upgraded', reasons: ['blue is at 1.36'] });
  });

  it('that comes while a look is taken finds that look: no mark stays, and nothing is begun', async () => {
    const { execution, ...upgrade } = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message === 'EKS has judged the cluster anew');
    const stop = () => endUpgrade({ execution, outcome: 'abandoned', reasons: ['stopped'] }, world().deps);
    world().deps.probeGitLab = async () => Boolean(await stop());
    expect(await upgrade.advance()).toMatchObject({ outcome: 'abandoned' });
    expect(await mark()).toBeUndefined();
    expect(await isFree()).toBe(true);
    expect(world().eks.asked).toEqual([]);
  });

  it('that comes while the cluster is taken leaves it free and unmarked', async () => {
    const { execution, ...upgrade } = execute(world());
    const planned = await upgrade.plan();
    await upgrade.accept({ plan: planned.plan?.id, by: 'Grace' });
    const { deps } = world();
    const { maintenance } = deps;
    deps.maintenance = {
      ...maintenance,
      hold: async (...held) => {
        await endUpgrade({ execution, outcome: 'abandoned', reasons: ['stopped'] }, deps);
        await maintenance.hold(...held);
      },
    };
    await expect(upgrade.begin()).rejects.toThrow('has ended already');
    expect(await mark()).toBeUndefined();
    expect(await isFree()).toBe(true);
  });
});
