import { describe, expect, it } from 'vitest';
import { run as handleFailure } from '../../functions/backup/handle-failure.ts';
import { run as start } from '../../functions/backup/start-backup-job.ts';
import { updateRecord } from '../../functions/clients/ledger.ts';
import { MAX_START_ASKS } from '../../functions/records/backup/run-limits.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { backupLock } from '../../functions/records/backup/set.ts';
import { JOB_ID_ANNOTATION } from '../../functions/records/kubernetes-job.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { buildFailure } from '../support/backup-failure.ts';
import { createBackupWorld, executeBackup } from '../support/backup-world.ts';
import { chartCronJobBody } from '../support/chart-cron-job.ts';
import { buildJob } from '../support/job-builders.ts';
import { pauseBackups } from '../support/pause-backups.ts';
import { calmInvocation } from '../support/target-world.ts';

const begun = async (policy: object = {}, more: object = {}) => {
  const world = createBackupWorld(policy, more);
  const backup = executeBackup(world);
  await backup.begin();
  return { world, backup };
};

const scriptOf = (world: ReturnType<typeof createBackupWorld>): string =>
  world.cluster.made[0]?.spec.template.spec.containers.find(({ name }) => name === 'toolbox-backup')
    ?.args?.[2] ?? '';

describe('the Job of a set', () => {
  it('carries its id, its execution and the fencing token of the lock', async () => {
    const { world, backup } = await begun();
    expect(await backup.start()).toMatchObject({ outcome: 'started', reasons: [] });
    const { token } = (await world.deps.locks.acquire(backupLock('production'), backup.execution.arn)).lock;
    expect(world.cluster.made).toMatchObject([
      {
        metadata: {
          annotations: {
            [JOB_ID_ANNOTATION]: backup.set().id,
            'drydock.dev/execution': 'backup-1',
            'drydock.dev/fence': String(token),
          },
        },
        spec: { backoffLimit: 0, activeDeadlineSeconds: 12 * 3_600 },
      },
    ]);
  });

  it('leaves out what the policy skips and what the versions of buckets protect, and notes that', async () => {
    const { world, backup } = await begun({ skip: ['pages'] });
    await backup.start();
    expect(scriptOf(world)).toContain('--skip registry --skip artifacts --skip pages');
    expect((await backup.fact())?.skipped.toSorted()).toEqual(['artifacts', 'pages', 'registry']);
  });

  it('of a native set asks Gitaly for the repositories, and for nothing else', async () => {
    const { world, backup } = await begun({ kind: 'native' }, { gitaly: { bucket: 'acme-gitaly' } });
    await backup.start();
    expect(scriptOf(world)).toContain('--skip db --skip registry');
    expect(scriptOf(world)).not.toContain('--skip repositories');
    expect(await backup.fact()).toMatchObject({ repositoriesServerSide: true });
  });

  it('is none for a native set without repositories, which is then written', async () => {
    const { world, backup } = await begun({ kind: 'native', skip: ['repositories'] });
    expect(await backup.start()).toMatchObject({ outcome: 'not-needed' });
    expect(world.cluster.made).toEqual([]);
    expect(await backup.manifest()).toMatchObject({
      state: 'unverified',
      takenAt: '2026-11-21T03:00:00.000Z',
    });
  });

  it('is made once, and a second time when the fact was lost is found again by its id', async () => {
    const { world, backup } = await begun();
    await backup.start();
    await backup.start();
    await world.ledger.remove(`backup/runs/production/${backup.set().id}/job.json`);
    expect(await backup.start()).toMatchObject({ outcome: 'started' });
    expect(world.cluster.made).toHaveLength(1);
  });
});

describe('no Job is made', () => {
  it('while somebody else has the environment; it is waited for, and not for ever', async () => {
    const { world, backup } = await begun();
    world.clock.advance(3_700_000);
    await world.deps.locks.acquire(backupLock('production'), 'arn:other');
    expect(await backup.start()).toMatchObject({ outcome: 'waiting', asks: 1 });
    expect(await backup.start(MAX_START_ASKS - 1)).toMatchObject({ outcome: 'overlapped' });
    expect(world.cluster.made).toEqual([]);
  });

  it('when the lock goes to somebody else between the plan and the call', async () => {
    const { world, backup } = await begun();
    const { deps } = world;
    const jobs = () => ({
      ...deps.jobs(),
      listJobs: async () => {
        world.clock.advance(700_000);
        await deps.locks.acquire(backupLock('production'), 'arn:other');
        return [];
      },
    });
    const input = { execution: backup.execution, set: backup.set(), asks: 0 };
    expect(await start(input, { ...deps, jobs }, calmInvocation())).toMatchObject({
      outcome: 'refused',
      reasons: ['backup-1 does not hold production any more; nothing was started.'],
    });
    expect(world.cluster.made).toEqual([]);
  });

  it('by the late Lambda of an execution that a person stopped', async () => {
    const { world, backup } = await begun();
    await handleFailure(buildFailure(backup.execution), world.deps);
    expect(await backup.start()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('is failed')],
    });
    expect(world.cluster.made).toEqual([]);
  });

  it('when the execution was noted as ended, and its lock is not free yet', async () => {
    const { world, backup } = await begun();
    const { deps } = world;
    const jobs = () => ({
      ...deps.jobs(),
      listJobs: async () => {
        const ended = { at: world.clock.now().toISOString(), outcome: 'failed', notice: 'n' };
        await updateRecord(
          deps.ledger,
          backupRunNoteKind,
          backupRunNoteKey(backup.execution.name),
          (current) => current && { ...current, ended },
          world.clock,
        );
        return [];
      },
    });
    const input = { execution: backup.execution, set: backup.set(), asks: 0 };
    expect(await start(input, { ...deps, jobs }, calmInvocation())).toMatchObject({ outcome: 'refused' });
    expect(world.cluster.made).toEqual([]);
  });

  it('for good by a Lambda whose execution is stopped while it makes one', async () => {
    const { world, backup } = await begun();
    const { deps } = world;
    const jobs = () => ({
      ...deps.jobs(),
      createJob: async (...given: Parameters<ReturnType<typeof deps.jobs>['createJob']>) => {
        const made = await deps.jobs().createJob(...given);
        await handleFailure(buildFailure(backup.execution), deps);
        return made;
      },
    });
    const input = { execution: backup.execution, set: backup.set(), asks: 0 };
    expect(await start(input, { ...deps, jobs }, calmInvocation())).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('the Job was deleted')],
    });
    expect(await deps.jobs().listJobs('gitlab', 'app=toolbox')).toEqual([]);
  });

  it('while backups are paused', async () => {
    const { world, backup } = await begun();
    await pauseBackups(world);
    expect(await backup.start()).toMatchObject({
      outcome: 'paused',
      reasons: [expect.stringContaining('storage is moved')],
    });
  });

  it.each<[string, (world: ReturnType<typeof createBackupWorld>) => void, RegExp]>([
    [
      'beside a backup that somebody started by hand in the meantime',
      ({ cluster }) => cluster.putJob(buildJob({ name: 'by-hand' })),
      /Job gitlab\/by-hand makes a backup since/,
    ],
    [
      'beside the Job of another set, which goes on although its run is over',
      ({ cluster }) =>
        cluster.putJob(
          buildJob({
            name: 'of-yesterday',
            annotations: { [JOB_ID_ANNOTATION]: '1795143600_2026_11_20_18.10.0-ee' },
          }),
        ),
      /Job gitlab\/of-yesterday makes a backup since/,
    ],
    [
      'when GitLab was upgraded in the meantime',
      ({ cluster }) => {
        const body = JSON.stringify(chartCronJobBody()).replace('ee:v18.10.0', 'ee:v18.11.0');
        cluster.putCronJob('gitlab', JSON.parse(body));
      },
      /went from 18\.10\.0-ee to 18\.11\.0-ee/,
    ],
    [
      'of extraArgs that no run can keep',
      ({ cluster }) => cluster.putCronJob('gitlab', chartCronJobBody({ extraArgs: '--maximum-backups 3' })),
      /maximum-backups/,
    ],
  ])('%s', async (_, change, reason) => {
    const { world, backup } = await begun();
    change(world);
    expect(await backup.start()).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(reason)],
    });
    expect(world.cluster.made).toEqual([]);
  });

  it('where a quota says no, and its words are the reason', async () => {
    const { world, backup } = await begun();
    const refused = async () => {
      throw new RefusedError('kubernetes.refused', 'exceeded quota: jobs');
    };
    const jobs = () => ({ ...world.deps.jobs(), createJob: refused });
    const input = { execution: backup.execution, set: backup.set(), asks: 0 };
    expect(await start(input, { ...world.deps, jobs }, calmInvocation())).toMatchObject({
      outcome: 'refused',
      reasons: ['exceeded quota: jobs'],
    });
  });

  it('warns of a CronJob that is not suspended, and goes on', async () => {
    const { world, backup } = await begun();
    world.cluster.putCronJob('gitlab', chartCronJobBody({ suspend: false }));
    expect(await backup.start()).toMatchObject({
      outcome: 'started',
      warnings: [expect.stringContaining('is not suspended')],
    });
  });
});
