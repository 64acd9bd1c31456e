import { describe, expect, it } from 'vitest';
import { clusterLock } from '../../functions/records/upgrade/plan.ts';
import { run } from '../../functions/upgrade/handle-failure.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

const failureOf = (machine: string, name: string, changes: object = {}) => ({
  'detail-type': 'Step Functions Execution Status Change' as const,
  detail: {
    executionArn: execute(world(), name).execution.arn,
    stateMachineArn: `arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-${machine}`,
    name,
    status: 'ABORTED' as const,
    startDate: Date.parse('2026-11-21T12:00:00.000Z'),
    ...changes,
  },
});

describe('an execution that did not succeed', () => {
  it('of an upgrade frees its cluster and says where it stands', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('bakes until'));
    const handled = await run(failureOf('upgrade', 'upgrade-1'), world().deps);
    expect(handled).toEqual({ outcome: 'released', id: 'upgrade-1' });
    expect((await world().deps.locks.acquire(clusterLock('blue'), 'next')).ok).toBe(true);
    expect(await upgrade.run()).toMatchObject({
      outcome: 'abandoned',
      reasons: ['the execution was stopped by a person'],
    });
    expect(world().notifier.published).toMatchObject([
      { outcome: 'abandoned', next: expect.stringContaining('Back to 1.35') },
    ]);
  });

  it.each<[string, string]>([
    ['a check', 'upgrade-check'],
    ['an upgrade that never made a plan', 'upgrade'],
  ])('of %s is told', async (_, machine) => {
    const failure = failureOf(machine, 'x', { status: 'FAILED', error: 'DefectError', cause: 'Oh.' });
    expect(await run(failure, world().deps)).toMatchObject({ outcome: 'reported' });
    expect(world().notifier.published).toMatchObject([{ outcome: 'aborted', severity: 'warning' }]);
  });

  it('for a pipeline is told to the pipeline alone', async () => {
    const failure = failureOf('upgrade-check', 'x', { input: '{"gate":true}' });
    expect(await run(failure, world().deps)).toMatchObject({ outcome: 'silent' });
    expect(world().notifier.published).toEqual([]);
  });
});
