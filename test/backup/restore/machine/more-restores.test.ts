import { describe, expect, it } from 'vitest';
import { run as advance } from '../../../../functions/backup/advance-restore.ts';
import { carryOut } from '../../../../functions/backup/restore/reading/carry-out.ts';
import { findEnvironment } from '../../../../functions/backup/restore/reading/restore-subject.ts';
import { beginRun } from '../../../../functions/backup/restore/run-life.ts';
import { chartCronJobBody } from '../../../support/chart-cron-job.ts';
import { pauseBackups } from '../../../support/pause-backups.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import {
  createRestoreSite,
  listChangingJobs,
  type RestoreSite,
  START,
  snapshotSite,
} from '../../../support/restore-site.ts';
import { calmInvocation } from '../../../support/target-world.ts';
import { buildExecution, buildPlan, buildWorkload } from '../restore-builders.ts';

/** Restores that somebody gets in the way of. */

const RESTORE = { place: 'production', id: 'restore-1' };

const beginAt = async (site: RestoreSite, step?: string) => {
  const execution = openExecution(site);
  await execution.start();
  if (step !== undefined) {
    await execution.until(({ steps }) => steps.some((one) => one.step === step && one.state === 'running'));
  }
  return execution;
};

describe('an execution that is gone without a word', () => {
  it('has its run undone by whoever carries it on, and never gone on with', async () => {
    const site = await createRestoreSite();
    const before = await snapshotSite(site);
    await beginAt(site, 'quiesce');
    site.clock.advance(3 * 3_600_000);
    const carrier = openExecution(site, 'carrier');
    expect((await carrier.begin(RESTORE)).outcome).toBe('begun');
    expect((await carrier.follow()).outcome).toBe('undone');
    expect(await snapshotSite(site)).toEqual(before);
  });

  it('leaves its data locked for as long as a person may take', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'restore-job');
    await execution.fail();
    site.clock.advance(20 * 86_400_000);
    expect((await site.deps.locks.acquire('backup/production', 'a backup')).ok).toBe(false);
    expect(await isOpen(site)).toBe(false);
  });

  it('begins nothing when its end was told before', async () => {
    const site = await createRestoreSite();
    const execution = openExecution(site);
    await execution.plan();
    await execution.approve();
    expect((await execution.fail()).outcome).toBe('reported');
    expect(await execution.begin()).toMatchObject({ outcome: 'refused' });
    expect(await readPlaceRun(site)).toBeUndefined();
  });

  it('is not carried on while it lives', async () => {
    const site = await createRestoreSite();
    await beginAt(site, 'quiesce');
    expect((await openExecution(site, 'carrier').begin(RESTORE)).outcome).toBe('refused');
    expect((await readPlaceRun(site))?.way).toBe('restore');
  });
});

describe('an execution that has lost its place', () => {
  it('does not take it again behind whoever had it meanwhile: nobody knows what was changed', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    site.clock.advance(3 * 3_600_000);
    await site.deps.locks.acquire('restore/production', 'somebody');
    await site.deps.locks.release('restore/production', 'somebody');
    expect((await execution.advance()).outcome).toBe('lost');
  });

  it('looks at nothing more, and changes nothing', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    site.clock.advance(3 * 3_600_000);
    await site.deps.locks.acquire('restore/production', 'somebody');
    const made = site.scaling.made.length;
    expect((await execution.advance()).outcome).toBe('lost');
    expect(site.scaling.made).toHaveLength(made);
  });

  it.each([
    [
      'a change',
      {
        changes: [
          { deed: 'suspended', object: { namespace: 'gitlab', name: 'x', uid: 'u' }, suspended: true },
        ],
      },
    ],
    ['a Job', { changes: [] }],
  ] as const)('makes no %s behind its record', async (_, { changes }) => {
    const site = await createRestoreSite();
    const execution = buildExecution();
    const run = beginRun(buildPlan(), { execution, fence: 1 }, site.clock.now());
    const current = {
      way: 'restore',
      step: 'safety-backup',
      attempt: 1,
      since: undefined,
      back: false,
    } as const;
    const move = { kind: 'do', step: 'safety-backup', message: '', changes } as const;
    const sources = {
      jobs: site.deps.jobs(),
      scaling: site.deps.scaling(),
      executions: site.deps.executions,
      machine: site.deps.machine,
      owner: findEnvironment(site.deps.configuration, 'production'),
      isOurs: async () => false,
    };
    expect(await carryOut(run, current, move, undefined, sources, calmInvocation().signal)).toBe('lost');
    expect([site.scaling.made, listChangingJobs(site), site.started.size]).toEqual([[], [], 0]);
  });
});

describe('a restore', () => {
  it('waits for a backup that is at work, and changes nothing meanwhile', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site);
    for (let looks = 0; (await readPlaceRun(site))?.steps[0]?.state !== 'done'; looks++)
      await execution.turn(looks);
    await site.deps.locks.release('backup/production', 'restore/production:restore-1');
    expect((await site.deps.locks.acquire('backup/production', 'a backup', 86_400)).ok).toBe(true);
    for (let looks = 0; looks < 5; looks++) await execution.turn(looks);
    expect(site.scaling.made).toEqual([]);
    await site.deps.locks.release('backup/production', 'a backup');
    expect((await execution.follow()).outcome).toBe('restored');
  });

  it('stands still while it is paused', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    const made = site.scaling.made.length;
    await pauseBackups({ ledger: site.memory, clock: site.clock });
    for (let looks = 0; looks < 5; looks++) await execution.turn(looks);
    expect(site.scaling.made).toHaveLength(made);
  });

  it('is undone when its set is deleted before anything was destroyed', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    const deletion = { startedAt: site.clock.now().toISOString(), why: 'a person has deleted it' };
    await site.deps.sets.change(site.set, (current) => ({ ...current, deletion }));
    expect((await execution.follow()).outcome).toBe('undone');
    expect(listChangingJobs(site)).toEqual([]);
  });

  it('is undone when its set was read again and found damaged before anything was destroyed', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    const verification = { verdict: 'corrupt' as const, at: START, record: 'r', reasons: [], found: 0 };
    await site.deps.sets.change(site.set, (current) => ({ ...current, state: 'corrupt', verification }));
    expect((await execution.follow()).outcome).toBe('undone');
    expect(listChangingJobs(site)).toEqual([]);
  });

  it('is undone when GitLab was upgraded since the plan was made', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'suspend-schedules');
    const upgraded = JSON.stringify(chartCronJobBody()).replaceAll('v18.10.0', 'v18.11.0');
    site.cluster.putCronJob('gitlab', JSON.parse(upgraded));
    expect((await execution.follow()).outcome).toBe('undone');
    expect((await readPlaceRun(site))?.reasons.join(' ')).toContain('GitLab 18.11.0-ee stands there now');
    expect(listChangingJobs(site)).toEqual([]);
  });

  it('takes no Job for ended before its log was read', async () => {
    const site = await createRestoreSite();
    const execution = await beginAt(site, 'restore-job');
    const input = { execution: execution.execution, restore: RESTORE, looks: 0 };
    const hurried = { ...calmInvocation(), remainingMs: () => 0 };
    const stateOf = async () =>
      (await readPlaceRun(site))?.steps.find(({ step }) => step === 'restore-job')?.state;
    expect((await advance(input, site.deps, hurried)).message).toContain('reads the log');
    expect(await stateOf()).toBe('running');
    await advance(input, site.deps, hurried);
    expect(await stateOf()).toBe('done');
  });
});

describe('a restore into a scratch place', () => {
  const SCRATCH = { environment: 'production', by: 'Ada', why: 'a rehearsal', dryRun: false };
  const withScratch = async () => {
    const site = await createRestoreSite();
    site.cluster.putCronJob('gitlab-scratch', chartCronJobBody());
    for (const app of ['webservice', 'sidekiq']) {
      site.scaling.putWorkload(buildWorkload(app, { app, namespace: 'gitlab-scratch' }));
    }
    return site;
  };

  it('touches nothing of the GitLab that people use, saves nothing first, and says what nobody looked at', async () => {
    const site = await withScratch();
    const before = await snapshotSite(site);
    const overrides = [{ check: 'role-rights', why: 'nobody else works there' }];
    expect(await openExecution(site).play({ ...SCRATCH, overrides })).toMatchObject({
      outcome: 'restored',
      restore: { place: 'production/scratch' },
    });
    const run = await readPlaceRun(site, 'production/scratch');
    expect(run?.steps[0]?.step).toBe('suspend-schedules');
    expect(run?.findings.filter(({ result }) => result === 'not-checked').map(({ check }) => check)).toEqual([
      'sign-in',
      'clone',
      'runners',
    ]);
    expect({ ...(await snapshotSite(site)), jobs: false, rails: '' }).toEqual({ ...before, rails: '' });
    expect(new Set(site.cluster.made.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set(['gitlab-scratch']),
    );
    expect(site.started.size).toBe(0);
  });

  it('keeps upkeep away from the sets of its environment, and not backups', async () => {
    const site = await withScratch();
    site.state.failing.push('restore-job');
    const overrides = [{ check: 'role-rights', why: 'nobody else works there' }];
    expect((await openExecution(site).play({ ...SCRATCH, overrides })).outcome).toBe('ask');
    expect((await site.deps.locks.acquire('backup/production/scratch', 'upkeep')).ok).toBe(false);
    expect((await site.deps.locks.acquire('backup/production', 'a backup')).ok).toBe(true);
  });

  it('is refused while nobody can say what its toolbox may do', async () => {
    const site = await withScratch();
    const planned = await openExecution(site).plan(SCRATCH);
    expect(planned.outcome).toBe('refused');
    expect(planned.reasons.join(' ')).toContain('role-rights');
  });
});
