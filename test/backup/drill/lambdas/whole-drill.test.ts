import { describe, expect, it } from 'vitest';
import { nameDrillRestore } from '../../../../functions/backup/drill/drill-restore.ts';
import { drillHistoryKey } from '../../../../functions/records/backup/drill.ts';
import { lastDrillKey, lastDrillKind } from '../../../../functions/records/backup/last-drill.ts';
import { RestoreRequest } from '../../../../functions/records/backup/restore-request.ts';
import { type Pause, pauseKey, pauseKind } from '../../../../functions/records/pause.ts';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { GITALY, SIDEKIQ, WEB } from '../../../support/drill-place.ts';
import { createDrillSite, DRILL_START } from '../../../support/drill-site.ts';

const PAUSE: Pause = {
  version: 1,
  scope: 'capability/backup',
  paused: true,
  by: 'Ada',
  why: 'a move',
  since: DRILL_START,
};

describe('a whole drill', () => {
  it('restores behind a proven network, checks, and leaves nothing', async () => {
    const site = await createDrillSite();
    const played = await openDrillExecution(site).play();
    expect(played).toMatchObject({ outcome: 'passed', recoverySeconds: 37 });
    expect(site.state.broken).toEqual([]);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
    expect(site.place.scaling.made).toEqual([
      `scale ${GITALY} 1`,
      `scale ${WEB} 1`,
      `scale ${WEB} 0`,
      `scale ${GITALY} 0`,
    ]);
    expect(site.place.cluster.made.map(({ metadata }) => metadata.name.split('-')[2])).toEqual([
      'open',
      'closed',
      'sign',
      'empty',
    ]);
  });

  it('starts one restore, by the record that approves it, as its request takes it', async () => {
    const site = await createDrillSite();
    await openDrillExecution(site).play();
    const run = await site.readRun();
    expect(site.started).toHaveLength(1);
    const [start] = site.started;
    expect(run?.restore?.execution).toMatch(new RegExp(`:execution:drydock-main-restore:${start?.name}$`));
    expect(start?.name).toBe(nameDrillRestore({ id: 'drill-1' }));
    expect(RestoreRequest.parse(start?.input)).toMatchObject({
      environment: 'production',
      set: run?.set.id,
      target: 'scratch',
      dryRun: false,
      drill: 'drill-1',
    });
  });

  it('is filed, noted as the last one, told once, and frees its place', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.play();
    await execution.finish();
    expect(site.memory.objects.has(drillHistoryKey('production', 'drill-1'))).toBe(true);
    const last = await site.memory.read(lastDrillKind, lastDrillKey('production'));
    expect(last?.value).toMatchObject({ passed: { id: 'drill-1', recoverySeconds: 37 } });
    expect(site.notifier.published.map(({ id }) => id)).toEqual(['drill-1-drill-passed']);
    expect((await site.deps.locks.acquire('drill/production', 'somebody')).ok).toBe(true);
  });
});

describe('a drill that fails', () => {
  it.each<[string, (site: Awaited<ReturnType<typeof createDrillSite>>) => void, string, RegExp]>([
    [
      'the network is open in spite of it',
      ({ state }) => void (state.isLeaky = true),
      'probe-closed',
      /can be reached/,
    ],
    [
      'the restore is abandoned',
      ({ switches }) => void (switches.restore = 'abandoned'),
      'restore',
      /ended as abandoned/,
    ],
    [
      'the restore was not content',
      ({ switches }) => void (switches.restore = 'restored-unwell'),
      'restore',
      /unwell/,
    ],
    [
      'a check of the restore fails',
      ({ switches }) =>
        void switches.findings.push({
          step: 'check',
          check: 'doctor-secrets',
          result: 'fail',
          message: 'No secret can be read.',
        }),
      'restore',
      /doctor-secrets: No secret/,
    ],
    [
      'the sign-in page does not answer',
      ({ state }) => void (state.signIn = 502),
      'check',
      /does not answer: 502/,
    ],
  ])('when %s, and leaves nothing', async (_, spoil, step, reason) => {
    const site = await createDrillSite();
    spoil(site);
    const played = await openDrillExecution(site).play();
    expect(played.outcome).toBe('failed');
    const run = await site.readRun();
    expect(run?.failure?.step).toBe(step);
    expect(run?.failure?.reasons.join(' ')).toMatch(reason);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
    expect(site.state.broken).toEqual([]);
    expect(site.notifier.published.map(({ severity }) => severity)).toEqual(['critical']);
  });

  it('breaks off and stops its restore when somebody opens the network under it', async () => {
    const site = await createDrillSite();
    site.switches.restoreLooks = Number.POSITIVE_INFINITY;
    let opened = false;
    const played = await openDrillExecution(site).play({}, async () => {
      if (opened || site.started.length === 0) return;
      opened = true;
      const [deny] = (await site.place.policies.list('gitlab-scratch')).filter(({ name }) =>
        name.includes('-deny-'),
      );
      if (deny) await site.place.policies.delete(deny);
    });
    expect(played.outcome).toBe('failed');
    expect((await site.readRun())?.failure).toMatchObject({
      step: 'restore',
      reasons: [expect.stringMatching(/is gone/)],
    });
    expect(site.stopped).toEqual([expect.stringContaining(nameDrillRestore({ id: 'drill-1' }))]);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('breaks off when somebody wakes Sidekiq', async () => {
    const site = await createDrillSite();
    await openDrillExecution(site).play({}, async () => {
      if (site.started.length === 0) return;
      const sidekiq = (await site.place.scaling.listWorkloads('gitlab-scratch')).find(
        ({ name }) => name === SIDEKIQ,
      );
      if (sidekiq) await site.place.scaling.scale(sidekiq, 1);
    });
    expect((await site.readRun())?.failure?.reasons.join(' ')).toMatch(/gitlab-sidekiq-all is not at 0/);
    expect(site.state.hasData).toBe(false);
  });

  it('tries to empty again by another Job, and leaves nothing in the end', async () => {
    const site = await createDrillSite();
    site.state.failingEmpties = 3;
    expect((await openDrillExecution(site).play()).outcome).toBe('passed');
    expect(site.place.cluster.made.filter(({ metadata }) => metadata.name.includes('-empty-'))).toHaveLength(
      4,
    );
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('keeps the network closed over what it can not empty, and says what is left', async () => {
    const site = await createDrillSite();
    site.state.failingEmpties = 99;
    const played = await openDrillExecution(site).play();
    expect(played.outcome).toBe('not-destroyed');
    expect(await site.place.isClosed()).toBe(true);
    expect((await site.readRun())?.left.join(' ')).toMatch(
      /data of production lies in the place.*NetworkPolicy/,
    );
    expect(site.state.broken).toEqual([]);
  });

  it('does nothing at a place that has become another one by its end', async () => {
    const site = await createDrillSite();
    await openDrillExecution(site).play({}, () => {
      if (site.started.length > 0) {
        site.switches.scratchValues = site.switches.scratchValues.replace(
          'scratch-uploads',
          'scratch-others',
        );
      }
    });
    expect(site.place.cluster.made.some(({ metadata }) => metadata.name.includes('-empty-'))).toBe(false);
    expect((await site.readRun())?.outcome).toBe('not-destroyed');
    expect(await site.place.isClosed()).toBe(true);
  });

  it('changes nothing while it is paused', async () => {
    const site = await createDrillSite();
    const key = pauseKey('capability/backup');
    const seen: string[][] = [];
    await openDrillExecution(site).play({}, async (looks) => {
      if (looks === 4) await site.memory.claim(pauseKind, key, PAUSE);
      if (looks === 8 || looks === 20) seen.push(await site.place.listStanding('drill-1'));
      if (looks === 20) await site.memory.remove(key);
    });
    expect(seen[0]?.length).toBeGreaterThan(0);
    expect(seen[1]).toEqual(seen[0]);
    expect((await site.readRun())?.outcome).toBe('passed');
  });

  it('has no release looked at while it is paused', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    await execution.begin();
    await site.memory.claim(pauseKind, pauseKey('capability/backup'), PAUSE);
    expect(await execution.advance()).toMatchObject({ outcome: 'under-way', waitSeconds: 60 });
    await site.memory.remove(pauseKey('capability/backup'));
    expect(await execution.advance()).toMatchObject({ outcome: 'inspect', waitSeconds: 1 });
  });

  it('looks anew behind a pause that has come between its second look and what follows from it', async () => {
    const site = await createDrillSite();
    const key = pauseKey('capability/backup');
    let pausedFor = 0;
    await openDrillExecution(site).play({}, async () => {
      const step = (await site.readRun())?.steps.find(({ step: name }) => name === 'look-again');
      if (step?.state !== 'running' || pausedFor > 60) return;
      pausedFor += 1;
      if (pausedFor === 1) await site.memory.claim(pauseKind, key, PAUSE);
      if (pausedFor > 60) {
        await site.memory.remove(key);
        site.switches.scratchValues = site.switches.scratchValues.replace(
          'scratch-uploads',
          'scratch-others',
        );
      }
    });
    expect((await site.readRun())?.left.join(' ')).toMatch(/data of production/);
    expect(site.place.cluster.made.some(({ metadata }) => metadata.name.includes('-empty-'))).toBe(false);
  });

  it('empties nothing by a look that is hours old', async () => {
    const site = await createDrillSite();
    const key = pauseKey('capability/backup');
    const stateOf = async (name: string) =>
      (await site.readRun())?.steps.find(({ step }) => step === name)?.state;
    await openDrillExecution(site).play({}, async (looks) => {
      if (looks === 100) await site.memory.remove(key);
      if (looks < 100 && (await stateOf('look-again')) === 'done') {
        await site.memory.claim(pauseKind, key, PAUSE);
      }
    });
    expect((await site.readRun())?.left.join(' ')).toMatch(/data of production/);
    expect(site.place.cluster.made.some(({ metadata }) => metadata.name.includes('-empty-'))).toBe(false);
  });
});
