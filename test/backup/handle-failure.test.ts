import { describe, expect, it } from 'vitest';
import { run } from '../../functions/backup/handle-failure.ts';
import { buildFailure } from '../support/backup-failure.ts';
import { buildRun, createBackupWorld, executeBackup, isFree } from '../support/backup-world.ts';

describe('a backup that did not come to its last step', () => {
  it('has failed, is told once with its Job and the command that ends it, and frees the environment', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    await backup.start();
    const failure = buildFailure(backup.execution);
    for (let twice = 0; twice < 2; twice++) {
      expect(await run(failure, world.deps)).toEqual({ outcome: 'released', id: 'backup-1' });
    }
    expect(await backup.manifest()).toMatchObject({
      state: 'failed',
      failure: { message: 'the execution was stopped by a person' },
    });
    expect(world.notifier.published).toMatchObject([
      {
        outcome: 'failed',
        command: `kubectl --namespace gitlab delete job ${world.cluster.made[0]?.metadata.name}`,
        reasons: expect.arrayContaining([expect.stringContaining('If it is still there, it goes on')]),
      },
    ]);
    expect(await isFree(world)).toBe(true);
  });

  it('and was started with more than an event carries is ended by what it noted itself', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    const failure = buildFailure(backup.execution, { input: undefined });
    expect(await run(failure, world.deps)).toMatchObject({ outcome: 'released' });
    expect(await backup.manifest()).toMatchObject({ state: 'failed' });
    expect(await isFree(world)).toBe(true);
  });

  it('after it was read stays what it was found to be', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    await backup.start();
    await backup.follow();
    await backup.verify('verified');
    await run(buildFailure(backup.execution, { status: 'TIMED_OUT' }), world.deps);
    expect(await backup.manifest()).toMatchObject({ state: 'verified' });
    expect(world.notifier.published).toMatchObject([
      { outcome: 'verified', reasons: expect.arrayContaining([expect.stringContaining('ran out of time')]) },
    ]);
  });

  it('and was told already, as a defect of ours is, is not told again', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    await backup.finish({ outcome: 'failed', reasons: ['A bug.'] });
    await run(buildFailure(backup.execution, { status: 'FAILED', error: 'DefectError' }), world.deps);
    expect(world.notifier.published).toHaveLength(1);
  });

  it('and is redriven then, makes nothing and tells nothing more', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    await backup.start();
    await run(buildFailure(backup.execution), world.deps);
    expect(await backup.watch()).toMatchObject({ outcome: 'failed' });
    expect((await backup.begin()).outcome).toBe('refused');
    await backup.finish({ outcome: 'failed', reasons: ['again'] });
    expect(world.cluster.made).toHaveLength(1);
    expect(world.notifier.published).toHaveLength(1);
    expect(await isFree(world)).toBe(true);
  });

  it('before it had a set is told by what it was asked for', async () => {
    const world = createBackupWorld();
    expect(await run(buildFailure(buildRun()), world.deps)).toMatchObject({ outcome: 'released' });
    expect(world.notifier.published).toMatchObject([
      { outcome: 'not-begun', environment: 'production', target: 'daily' },
    ]);
  });
});

describe('another machine that failed', () => {
  it('and reads sets is told by whoever waits for it', async () => {
    const world = createBackupWorld();
    const failure = buildFailure(buildRun(), { status: 'FAILED' }, 'backup-verification');
    expect(await run(failure, world.deps)).toMatchObject({ outcome: 'silent' });
    expect(world.notifier.published).toEqual([]);
  });

  it.each<[string, string | undefined, string]>([
    ['backup-upkeep', '{}', 'clears away'],
    ['backup-upkeep', '{"environment":"production"}', 'clears one environment away'],
    ['backup', 'null', 'was started with nothing'],
    ['backup', undefined, 'was started with more than an event carries'],
  ])('%s with input %s, which %s, is told', async (machine, input) => {
    const world = createBackupWorld();
    const failure = buildFailure(buildRun(), { status: 'FAILED', input, cause: 'Oh.' }, machine);
    expect(await run(failure, world.deps)).toMatchObject({ outcome: 'reported' });
    expect(world.notifier.published).toMatchObject([
      { outcome: 'aborted', severity: 'warning', reasons: ['the execution failed (Oh.)'] },
    ]);
  });
});
