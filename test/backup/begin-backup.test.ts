import { describe, expect, it } from 'vitest';
import { run as begin } from '../../functions/backup/begin-backup.ts';
import { run as handleFailure } from '../../functions/backup/handle-failure.ts';
import { noteSet } from '../../functions/backup/run/run-note.ts';
import { MAX_TURN_ASKS } from '../../functions/records/backup/run-limits.ts';
import { backupLock } from '../../functions/records/backup/set.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildFailure } from '../support/backup-failure.ts';
import { buildRun, createBackupWorld, executeBackup, isFree } from '../support/backup-world.ts';
import { chartCronJobBody } from '../support/chart-cron-job.ts';
import { pauseBackups } from '../support/pause-backups.ts';
import { calmInvocation } from '../support/target-world.ts';

describe('a backup whose turn has come', () => {
  it('opens a set that is named after the moment and the version with its edition', async () => {
    const world = createBackupWorld({ skip: ['pages'] });
    const backup = executeBackup(world);
    expect(await backup.begin()).toMatchObject({
      outcome: 'begun',
      kind: 'tar',
      set: { environment: 'production', policy: 'daily', id: '1795230000_2026_11_21_18.10.0-ee' },
    });
    expect(await backup.manifest()).toMatchObject({
      state: 'running',
      skip: ['pages'],
      gitlabVersion: '18.10.0-ee',
      execution: { name: 'backup-1' },
    });
  });

  it('opens the same set again, however much later it is asked', async () => {
    const world = createBackupWorld();
    const first = await executeBackup(world).begin();
    world.clock.advance(50 * 60_000);
    expect((await executeBackup(world).begin()).set).toEqual(first.set);
    expect(await world.deps.sets.list('production', 'daily')).toHaveLength(1);
  });

  it('opens the set that a Lambda of its own noted first, which was given up and lives on', async () => {
    const world = createBackupWorld();
    const { deps } = world;
    const { execution } = executeBackup(world);
    const set = { environment: 'production', policy: 'daily', id: '1795230007_2026_11_21_18.10.0-ee' };
    const jobs = () => ({
      readCronJob: async (...given: Parameters<ReturnType<typeof deps.jobs>['readCronJob']>) => {
        await noteSet(execution, set, deps);
        return deps.jobs().readCronJob(...given);
      },
    });
    const input = { execution, request: { environment: 'production', policy: 'daily' }, asks: 0 };
    expect(await begin(input, { ...deps, jobs }, calmInvocation())).toMatchObject({ outcome: 'begun', set });
    expect(await deps.sets.list('production', 'daily')).toMatchObject([{ id: set.id }]);
  });

  it('takes the next second when another execution has the set of this one', async () => {
    const world = createBackupWorld();
    const first = executeBackup(world);
    await first.begin();
    await first.finish({ outcome: 'refused', reasons: ['no'] });
    const second = await executeBackup(world, 'backup-2').begin();
    expect(second.set?.id).toBe('1795230001_2026_11_21_18.10.0-ee');
  });
});

describe('a backup whose environment another run has', () => {
  it('waits, and takes its turn when that run has ended', async () => {
    const world = createBackupWorld();
    const [first, second] = [executeBackup(world), executeBackup(world, 'backup-2', 'hourly')];
    await first.begin();
    expect(await second.begin()).toMatchObject({ outcome: 'waiting', waitSeconds: 120, asks: 1 });
    await first.start();
    await first.follow();
    await first.verify('verified');
    await first.finish();
    expect(await second.begin(1)).toMatchObject({ outcome: 'begun' });
    expect(world.cluster.made).toHaveLength(1);
  });

  it('ends in vain after its last ask, says who has it, and is told once', async () => {
    const world = createBackupWorld();
    await executeBackup(world).begin();
    const late = executeBackup(world, 'backup-2');
    expect((await late.begin(MAX_TURN_ASKS - 2)).outcome).toBe('waiting');
    const ended = await late.begin(MAX_TURN_ASKS - 1);
    expect(ended).toMatchObject({
      outcome: 'overlapped',
      reasons: [
        'The execution backup-1 has had production to itself since 2026-11-21T03:00:00.000Z. It was waited for: 5 h 58 min.',
      ],
    });
    for (let twice = 0; twice < 2; twice++) {
      await late.finish({ outcome: 'overlapped', reasons: ended.reasons });
    }
    expect(world.notifier.published).toMatchObject([
      { id: 'backup-2-overlapped', outcome: 'overlapped', reasons: ended.reasons },
    ]);
    expect(await isFree(world)).toBe(false);
  });

  it('of the same policy has nothing to add to what was made meanwhile, but to what failed', async () => {
    const world = createBackupWorld();
    const [first, twin] = [executeBackup(world), executeBackup(world, 'backup-2')];
    await first.begin();
    expect((await twin.begin()).outcome).toBe('waiting');
    await first.start();
    await first.follow();
    await first.finish();
    expect(await twin.begin(1)).toMatchObject({
      outcome: 'overlapped',
      reasons: [expect.stringContaining(`The set ${first.set().id} was begun since this run was asked for`)],
    });
    await twin.finish({ outcome: 'overlapped' });
    expect(await isFree(world)).toBe(true);

    const other = createBackupWorld();
    const [failing, next] = [executeBackup(other), executeBackup(other, 'backup-2')];
    await failing.begin();
    await failing.finish({ outcome: 'failed', reasons: ['evicted'] });
    expect((await next.begin()).outcome).toBe('begun');
  });

  it('of an hourly policy does not wait until the next one of that policy is due', async () => {
    const world = createBackupWorld({ schedule: 'cron(0 * * * ? *)' });
    await executeBackup(world).begin();
    expect((await executeBackup(world, 'backup-2').begin(28)).outcome).toBe('overlapped');
    expect((await executeBackup(world, 'backup-2').begin(27)).outcome).toBe('waiting');
  });
});

describe('a backup that is not begun', () => {
  it('while backups are paused', async () => {
    const world = createBackupWorld();
    await pauseBackups(world);
    const begun = await executeBackup(world).begin();
    expect(begun).toMatchObject({
      outcome: 'paused',
      reasons: [expect.stringContaining('storage is moved')],
    });
    expect(await isFree(world)).toBe(true);
  });

  it('of an environment that drydock.yaml does not have', async () => {
    const { deps } = createBackupWorld();
    const request = { environment: 'prod' };
    const begun = await begin({ execution: buildRun(), request, asks: 0 }, deps, calmInvocation());
    expect(begun).toMatchObject({
      outcome: 'unknown',
      reasons: [expect.stringContaining('no backup of an environment prod')],
    });
  });

  it.each<[string, object, RegExp]>([
    ['without a CronJob', { readCronJob: async () => undefined }, /cron\.enabled and \.suspend to true/],
    [
      'where nobody may read it',
      {
        readCronJob: async () => {
          throw new RefusedError('kubernetes.forbidden', 'No right to get cronjobs.');
        },
      },
      /No right to get cronjobs/,
    ],
  ])('%s, and says why', async (_, broken, reason) => {
    const { deps } = createBackupWorld();
    const jobs = () => ({ ...deps.jobs(), ...broken });
    const request = { environment: 'production' };
    const begun = await begin(
      { execution: buildRun(), request, asks: 0 },
      { ...deps, jobs },
      calmInvocation(),
    );
    expect(begun).toMatchObject({ outcome: 'refused', reasons: [expect.stringMatching(reason)] });
    expect(begun.set).toBeUndefined();
  });

  it('of an image that names no version', async () => {
    const world = createBackupWorld();
    const body = JSON.stringify(chartCronJobBody()).replace('toolbox-ee:v18.10.0', 'toolbox-ee:latest');
    world.cluster.putCronJob('gitlab', JSON.parse(body));
    expect(await executeBackup(world).begin()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('has no tag such as v18.10.0')],
    });
  });

  it('but is tried again while the cluster does not answer, with its turn kept', async () => {
    const { deps } = createBackupWorld();
    const away = async () => {
      throw new TransientError('kubernetes.unreachable', 'shop does not answer.');
    };
    const jobs = () => ({ ...deps.jobs(), readCronJob: away });
    const request = { environment: 'production' };
    const trying = begin({ execution: buildRun(), request, asks: 0 }, { ...deps, jobs }, calmInvocation());
    await expect(trying).rejects.toThrow(TransientError);
    expect((await deps.locks.acquire(backupLock('production'), 'other')).ok).toBe(false);
  });
});

describe('the late Lambda of an execution that a person stopped', () => {
  it('opens no set and keeps no lock', async () => {
    const world = createBackupWorld();
    await handleFailure(buildFailure(buildRun()), world.deps);
    expect(await executeBackup(world).begin()).toMatchObject({ outcome: 'refused' });
    expect(await world.deps.sets.list('production', 'daily')).toEqual([]);
    expect(await isFree(world)).toBe(true);
  });

  it('fails the set that it opened in the same moment', async () => {
    const world = createBackupWorld();
    const sets = {
      ...world.deps.sets,
      open: async (set: Parameters<typeof world.deps.sets.open>[0]) => {
        await handleFailure(buildFailure(buildRun()), world.deps);
        return world.deps.sets.open(set);
      },
    };
    const request = { environment: 'production' };
    const late = await begin(
      { execution: buildRun(), request, asks: 0 },
      { ...world.deps, sets },
      calmInvocation(),
    );
    expect(late.outcome).toBe('refused');
    expect(await world.deps.sets.list('production', 'daily')).toMatchObject([{ state: 'failed' }]);
    expect(await isFree(world)).toBe(true);
  });
});
