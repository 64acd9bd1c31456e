import { describe, expect, it } from 'vitest';
import { run as begin } from '../../../../functions/backup/begin-drill.ts';
import { noteDrill } from '../../../../functions/backup/drill/drill-life.ts';
import { openSetStore } from '../../../../functions/backup/sets/set-store.ts';
import { drillHistoryKey, drillRunKey, drillRunKind } from '../../../../functions/records/backup/drill.ts';
import { DrillRequest } from '../../../../functions/records/backup/drill-request.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../../../functions/records/backup/run-note.ts';
import type { BackupSet } from '../../../../functions/records/backup/set.ts';
import { pauseKey, pauseKind } from '../../../../functions/records/pause.ts';
import { drillExecutionOf, openDrillExecution } from '../../../support/drill-execution.ts';
import { createDrillSite, DRILL_START, type DrillSite } from '../../../support/drill-site.ts';
import { RESTORE_SET } from '../../restore/restore-facts.ts';

const request = DrillRequest.parse({ environment: 'production' });

const addSet = (site: DrillSite, id: string, change: Partial<BackupSet>) =>
  openSetStore({ ledger: site.memory, clock: site.clock, policiesOf: () => ['daily'] }).open({
    ...RESTORE_SET,
    ...change,
    id,
  });

const unverified = (state: 'incomplete' | 'corrupt'): Partial<BackupSet> => ({
  state,
  verification: { verdict: state, at: DRILL_START, record: 'r', reasons: [], found: 1 },
});

describe('beginning a drill', () => {
  it('picks the newest verified set and writes the drill down; a repeat finds it', async () => {
    const site = await createDrillSite();
    const execution = openDrillExecution(site);
    const first = await execution.begin();
    const written = site.memory.objects.get(drillRunKey('production'));
    site.clock.advance(60_000);
    expect(await execution.begin()).toEqual(first);
    expect(first).toMatchObject({ outcome: 'begun', drill: { environment: 'production', id: 'drill-1' } });
    expect(site.memory.objects.get(drillRunKey('production'))).toBe(written);
    expect((await site.readRun())?.set.id).toBe(RESTORE_SET.id);
  });

  it.each<[string, Partial<BackupSet>]>([
    ['of another kind', { kind: 'native' }],
    ['without repositories', { skip: ['repositories'] }],
    ['that is not verified', unverified('incomplete')],
    ['of a restore', { execution: { ...RESTORE_SET.execution, name: 'safety-1' } }],
  ])('passes over a newer set %s', async (_, change) => {
    const site = await createDrillSite();
    await addSet(site, '1795240000_2026_11_21_18.10.0-ee', {
      takenAt: '2026-11-22T03:00:00.000Z',
      ...change,
    });
    await openDrillExecution(site).begin();
    expect((await site.readRun())?.set.id).toBe(RESTORE_SET.id);
  });

  it('takes a safety backup by its name, and refuses what is not fit by its name as well', async () => {
    const site = await createDrillSite();
    const execution = { ...RESTORE_SET.execution, name: 'safety-1' };
    await addSet(site, '1795240000_2026_11_21_18.10.0-ee', { execution });
    await addSet(site, '1795240001_2026_11_21_18.10.0-ee', unverified('corrupt'));
    const ask = (set: string) => openDrillExecution(site, `drill-${set.slice(9, 10)}`).begin({ set });
    expect(await ask('1795240001_2026_11_21_18.10.0-ee')).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/is not a verified set/)],
    });
    expect(await ask('1795240009_2026_11_21_18.10.0-ee')).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(/there are: 1795240000_.*, 1795230000_/)],
    });
    expect(await ask('1795240000_2026_11_21_18.10.0-ee')).toMatchObject({ outcome: 'begun' });
  });

  it.each([
    ['an environment that is not backed up', 'staging', /no backup of an environment staging/],
    ['an environment without drills', 'production', /restore\.drill/],
  ])('is refused for %s, and holds no place', async (_, environment, reason) => {
    const site = await createDrillSite();
    const configuration = structuredClone(site.deps.configuration);
    const production = configuration.backup?.environments['production'];
    if (production) delete production.restore.drill;
    const execution = drillExecutionOf('drill-1');
    const begun = await begin(
      { execution, request: { ...request, environment } },
      { ...site.deps, configuration },
    );
    expect(begun).toMatchObject({ outcome: 'refused', reasons: [expect.stringMatching(reason)] });
    expect((await site.deps.locks.acquire(`drill/${environment}`, 'somebody')).ok).toBe(true);
  });

  it('waits for nobody: a place that another execution has refuses it', async () => {
    const site = await createDrillSite();
    await openDrillExecution(site).begin();
    const second = await openDrillExecution(site, 'drill-2').begin();
    expect(second).toMatchObject({ outcome: 'refused', reasons: [expect.stringMatching(/drill-1/)] });
    expect((await site.readRun())?.execution.name).toBe('drill-1');
  });

  it('does nothing while it is paused', async () => {
    const site = await createDrillSite();
    await site.memory.claim(pauseKind, pauseKey('capability/backup'), {
      version: 1,
      scope: 'capability/backup',
      paused: true,
      by: 'Ada',
      why: 'a move',
      since: DRILL_START,
    });
    expect(await openDrillExecution(site).begin()).toMatchObject({
      outcome: 'paused',
      message: expect.stringMatching(/paused .*Ada/),
    });
    expect(await site.readRun()).toBeUndefined();
  });

  it('begins nothing in an execution that has ended', async () => {
    const site = await createDrillSite();
    const execution = drillExecutionOf('drill-1');
    const ended = { at: DRILL_START, outcome: 'failed', notice: 'drill-1' };
    await site.memory.claim(backupRunNoteKind, backupRunNoteKey('drill-1'), { version: 1, execution, ended });
    expect(await openDrillExecution(site).begin()).toMatchObject({ outcome: 'refused' });
    expect(await site.readRun()).toBeUndefined();
    expect((await site.deps.locks.acquire('drill/production', 'somebody')).ok).toBe(true);
  });

  it('says that nothing is left, when it only destroys', async () => {
    const site = await createDrillSite();
    expect(await openDrillExecution(site).begin({ destroy: true })).toMatchObject({ outcome: 'nothing' });
    await openDrillExecution(site, 'drill-2').play();
    expect(await openDrillExecution(site, 'drill-3').begin({ destroy: true })).toMatchObject({
      outcome: 'nothing',
    });
    expect((await site.readRun())?.id).toBe('drill-2');
  });
});

describe('what an earlier drill has left', () => {
  it('is destroyed first, whatever drydock.yaml says, and nothing is rehearsed on top of it', async () => {
    const site = await createDrillSite();
    await openDrillExecution(site).play({}, () => site.started.length === 0);
    site.clock.advance(3_600_000);
    const bare = structuredClone(site.deps.configuration);
    const production = bare.backup?.environments['production'];
    if (production) delete production.restore.drill;
    site.deps.configuration = bare;
    const second = openDrillExecution(site, 'drill-2');
    expect(await second.begin()).toMatchObject({ outcome: 'begun', drill: { id: 'drill-1' } });
    const played = await second.follow();
    expect(played.outcome).toBe('failed');
    expect(site.started).toHaveLength(1);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
    expect(site.state.broken).toEqual([]);
  });

  it('is lost to the execution that had it', async () => {
    const site = await createDrillSite();
    const first = openDrillExecution(site);
    await first.play({}, () => site.started.length === 0);
    site.clock.advance(3_600_000);
    await openDrillExecution(site, 'drill-2').begin();
    expect(await first.advance()).toMatchObject({ outcome: 'lost' });
    expect(await first.inspect()).toMatchObject({ outcome: 'lost' });
    expect(await first.finish()).toMatchObject({ outcome: 'lost' });
    expect(site.notifier.published).toEqual([]);
    expect((await site.deps.locks.acquire('drill/production', 'somebody')).ok).toBe(false);
  });

  it('ends a second time under its own name in the history', async () => {
    const site = await createDrillSite();
    site.state.failingEmpties = 99;
    await openDrillExecution(site).play();
    site.state.failingEmpties = 0;
    expect((await openDrillExecution(site, 'drill-2').play({ destroy: true })).outcome).toBe('passed');
    const outcomes = ['drill-1', 'drill-2'].map(async (name) => {
      const key = drillHistoryKey('production', name);
      return (await site.memory.read(drillRunKind, key))?.value.outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(['not-destroyed', 'passed']);
    expect(site.notifier.published.map(({ id }) => id)).toEqual([
      'drill-1-drill-not-destroyed',
      'drill-2-drill-passed',
    ]);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('wakes storages again that were put to sleep, to empty them, and puts them to sleep once more', async () => {
    const site = await createDrillSite();
    site.state.failingEmpties = 99;
    await openDrillExecution(site).play();
    expect(await site.place.listStanding('drill-1')).not.toContain('awake gitlab-gitaly');
    site.state.failingEmpties = 0;
    await openDrillExecution(site, 'drill-2').play();
    expect(site.place.scaling.made.filter((one) => one.includes('gitaly'))).toEqual([
      'scale gitlab-gitaly 1',
      'scale gitlab-gitaly 0',
      'scale gitlab-gitaly 1',
      'scale gitlab-gitaly 0',
    ]);
  });

  it('is filed when its last step died before it did so', async () => {
    const site = await createDrillSite();
    const first = openDrillExecution(site);
    await first.begin();
    for (let looks = 0; (await first.turn(looks)).outcome !== 'ended'; looks++);
    site.clock.advance(3_600_000);
    await openDrillExecution(site, 'drill-2').begin();
    expect(site.memory.objects.has(drillHistoryKey('production', 'drill-1'))).toBe(true);
    expect((await site.readRun())?.id).toBe('drill-2');
  });
});

describe('the age of the last drill', () => {
  it('is not set back by a step that is repeated late', async () => {
    const site = await createDrillSite();
    const first = openDrillExecution(site);
    await first.play();
    const early = await site.readRun();
    site.clock.advance(3_600_000);
    await openDrillExecution(site, 'drill-2').play();
    await first.finish();
    const last = noteDrill(
      undefined,
      early ?? (await Promise.reject(new Error('no drill'))),
      site.clock.now(),
    );
    expect(last.ended?.id).toBe('drill-1');
    expect(site.memory.objects.get('backup/environments/production/drill.json')).toContain('"id": "drill-2"');
  });
});
