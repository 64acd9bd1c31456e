import { describe, expect, it } from 'vitest';
import { nameDrillRestore } from '../../../../functions/backup/drill/drill-restore.ts';
import { run as finish } from '../../../../functions/backup/finish-drill.ts';
import { beginRun } from '../../../../functions/backup/restore/run-life.ts';
import { updateRecord } from '../../../../functions/clients/ledger.ts';
import { MAX_DRILL_LOOKS } from '../../../../functions/records/backup/drill-limits.ts';
import { restoreRunKey, restoreRunKind } from '../../../../functions/records/backup/restore.ts';
import { RefusedError, TransientError } from '../../../../functions/runtime/errors.ts';
import { drillExecutionOf, openDrillExecution } from '../../../support/drill-execution.ts';
import { GITALY, PLACE } from '../../../support/drill-place.ts';
import { createDrillSite, DRILL_START, type DrillSite } from '../../../support/drill-site.ts';
import { buildJob } from '../../../support/job-builders.ts';
import { buildScratchPlan } from '../../restore/restore-builders.ts';

/** A drill whose restore is at work, and whose execution is gone. */
const leaveRestoring = async (): Promise<DrillSite> => {
  const site = await createDrillSite();
  site.switches.restoreLooks = Number.POSITIVE_INFINITY;
  await openDrillExecution(site).play({}, () => site.started.length === 0);
  site.clock.advance(3_600_000);
  return site;
};

describe('a look that is refused', () => {
  it('fails its step in the rehearsal, and leaves nothing', async () => {
    const site = await createDrillSite();
    const scaling = site.deps.scaling();
    site.deps.scaling = () => ({
      ...scaling,
      scale: async (workload, replicas) => {
        if (replicas > 0) throw new RefusedError('kubernetes.forbidden', 'This role may not scale.');
        return scaling.scale(workload, replicas);
      },
    });
    expect((await openDrillExecution(site).play()).outcome).toBe('failed');
    expect((await site.readRun())?.failure).toMatchObject({
      step: 'wake',
      reasons: ['This role may not scale.'],
    });
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('is tried again in the destruction, and in the end what is left is named', async () => {
    const site = await createDrillSite();
    const scaling = site.deps.scaling();
    site.deps.scaling = () => ({
      ...scaling,
      scale: async (workload, replicas) => {
        if (replicas === 0) throw new RefusedError('kubernetes.forbidden', 'This role may not scale.');
        return scaling.scale(workload, replicas);
      },
    });
    expect((await openDrillExecution(site).play()).outcome).toBe('not-destroyed');
    const run = await site.readRun();
    expect(run?.left.join(' ')).toMatch(new RegExp(`${PLACE}/${GITALY} is still scaled up`));
    expect(run?.steps.find(({ step }) => step === 'sleep')?.failures).toBe(10);
    expect(await site.place.isClosed()).toBe(true);
  });

  it('counts as a breach when nobody can see whether the place is still closed', async () => {
    const site = await createDrillSite();
    const policies = site.deps.policies();
    let isBlind = false;
    site.deps.policies = () => ({
      ...policies,
      list: async (namespace) => {
        if (isBlind)
          throw new RefusedError('kubernetes.forbidden', 'This role may not list networkpolicies.');
        return policies.list(namespace);
      },
    });
    await openDrillExecution(site).play({}, async () => {
      isBlind = site.started.length > 0 && (await site.readRun())?.way === 'rehearse';
    });
    expect((await site.readRun())?.failure).toMatchObject({
      step: 'restore',
      reasons: [expect.stringMatching(/may not list/)],
    });
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });
});

describe('a look while something is away', () => {
  it('changes nothing and fails nothing', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.begin();
    const before = await site.readRun();
    const jobs = site.deps.jobs();
    site.deps.policies = () => ({
      ...site.place.policies,
      list: async () => {
        throw new TransientError('kubernetes.unreachable', 'blue is away.');
      },
    });
    await execution.advance();
    await execution.inspect();
    await expect(execution.advance()).rejects.toThrow('blue is away.');
    expect((await site.readRun())?.steps.every(({ failures }) => failures === 0)).toBe(true);
    expect(before?.id).toBe('drill-1');
    expect(await jobs.listJobs(PLACE, '')).toEqual([]);
  });

  it('asks for another look at releases for every try', async () => {
    const site = await createDrillSite();
    const asked: string[] = [];
    await openDrillExecution(site).play({}, async () => {
      const run = await site.readRun();
      const step = run?.steps.find(({ step: name }) => name === 'look-again');
      const isAway = run?.way === 'destroy' && step?.failures === 0;
      site.switches.addresses['scratch-db.example.com'] = isAway ? [] : ['10.9.0.5'];
      asked.push(`${step?.state} ${step?.failures}`);
    });
    expect(asked).toContain('running 1');
    expect((await site.readRun())?.outcome).toBe('passed');
  });
});

describe('an execution', () => {
  it('takes so many looks and no more', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.begin();
    await expect(execution.advance(MAX_DRILL_LOOKS)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'drill.looks',
    });
    expect(await execution.advance(MAX_DRILL_LOOKS - 1)).toMatchObject({ looks: MAX_DRILL_LOOKS });
  });

  it('does nothing at a place that another one has', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.begin();
    site.clock.advance(3_600_000);
    expect((await site.deps.locks.acquire('drill/production', 'somebody')).ok).toBe(true);
    expect(await execution.advance()).toMatchObject({ outcome: 'lost' });
  });
});

describe('a restore that outlives its drill', () => {
  it('is stopped before anything is emptied', async () => {
    const site = await leaveRestoring();
    let stoppedBefore = false;
    await openDrillExecution(site, 'drill-2').play({}, () => {
      const isEmptying = site.place.cluster.made.some(({ metadata }) => metadata.name.includes('-empty-'));
      if (!isEmptying) stoppedBefore = site.stopped.length === 1;
    });
    expect(stoppedBefore).toBe(true);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('has its Jobs ended as well, and is waited for while another execution brings it to rest', async () => {
    const site = await leaveRestoring();
    const name = nameDrillRestore({ id: 'drill-1' });
    const execution = {
      arn: `${site.started[0]?.machine.replace('stateMachine', 'execution')}:carry-on-1`,
      name: 'carry-on-1',
      startedAt: DRILL_START,
    };
    const job = buildJob({ namespace: PLACE, name: 'gitlab-toolbox-restore-job-1', uid: 'restore-job' });
    site.place.cluster.putJob(job);
    const note = {
      way: 'restore' as const,
      step: 'restore-job' as const,
      attempt: 1,
      namespace: PLACE,
      name: job.name,
      notedAt: DRILL_START,
      pieces: 0,
    };
    const begun = {
      ...beginRun(buildScratchPlan('drill-1'), { execution, fence: 1 }, site.clock.now()),
      id: name,
      jobs: [note],
    };
    const key = restoreRunKey('production/scratch');
    await updateRecord(site.memory, restoreRunKind, key, () => begun, site.clock);
    site.started.push({ machine: site.started[0]?.machine ?? '', name: 'carry-on-1', input: {} });
    const messages: string[] = [];
    await openDrillExecution(site, 'drill-2').play({}, async (looks) => {
      if (looks === 3) site.stopped.push(execution.arn);
      messages.push((await site.readRun())?.steps.find(({ step }) => step === 'look-again')?.message ?? '');
    });
    expect(messages.filter((one) => one.includes('still at work')).length).toBeGreaterThanOrEqual(3);
    expect((await site.place.cluster.listJobs(PLACE, '')).map(({ uid }) => uid)).not.toContain('restore-job');
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });
});

describe('a drill that could not begin', () => {
  const end = (site: DrillSite, scheduled: boolean) => {
    const execution = drillExecutionOf('drill-1');
    return finish({ execution, environment: 'production', scheduled, reasons: ['No set.'] }, site.deps);
  };

  it('is told once when the schedule has asked for it', async () => {
    const site = await createDrillSite();
    await end(site, true);
    expect(await end(site, true)).toMatchObject({ outcome: 'refused', reasons: ['No set.'] });
    expect(site.notifier.published).toMatchObject([
      { severity: 'warning', outcome: 'drill-refused', environment: 'production', reasons: ['No set.'] },
    ]);
  });

  it('is told to nobody else than to whoever has asked for it', async () => {
    const site = await createDrillSite();
    expect((await end(site, false)).message).toMatch(/did not begin/);
    expect(site.notifier.published).toEqual([]);
  });
});
