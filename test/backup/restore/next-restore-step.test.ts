import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRestoreStep } from '../../../functions/backup/restore/next-restore-step.ts';
import { adoptRun, beginRun, interruptRun } from '../../../functions/backup/restore/run-life.ts';
import { act, done, plainTurn, waitFor } from '../../../functions/backup/restore/step-turn.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import type { RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import { buildExecution, buildPlan, STEPS } from './restore-builders.ts';
import {
  comeToRest,
  openRestoreWorld,
  type RestoreWorld,
  snapshot,
  type Troubles,
  WEB,
} from './restore-world.ts';

const begin = (): RestoreRun =>
  beginRun(
    buildPlan(),
    { execution: buildExecution(), fence: 1, approvedBy: 'Grace' },
    new Date('2026-03-01T12:00:00.000Z'),
  );

const open = (troubles?: Troubles) => openRestoreWorld(begin(), troubles);

/** Looks until something is so. */
const lookUntil = async (world: RestoreWorld, isSo: () => boolean): Promise<void> => {
  for (let index = 0; index < 100 && !isSo(); index++) await world.look();
  expect(isSo()).toBe(true);
};

const stateOf = ({ run }: RestoreWorld, wanted: RestoreStep) =>
  run.steps.find(({ step }) => step === wanted)?.state;

const BEFORE: readonly RestoreStep[] = ['safety-backup', 'suspend-schedules', 'quiesce', 'restore-secrets'];
const AFTER: readonly RestoreStep[] = ['restore-job', 'analyse', 'check'];

describe('a restore', () => {
  it('does every step in its order and ends as it began, but for the secrets of the set', async () => {
    const world = open();
    const before = snapshot(world);
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'restored' });
    expect(snapshot(world)).toEqual({ ...before, secrets: { 'rails-secret': 'set' } });
    expect(world.run.steps.map(({ step, state }) => [step, state])).toEqual(
      STEPS.map((step) => [step, 'done']),
    );
    expect(world.history).toEqual(['Job restore-job', 'Job analyse', 'Job check', 'open', 'open']);
  });

  it('has scaled to 0, and paused what scales up again, before the Job of the tool is made', async () => {
    const world = open();
    await lookUntil(world, () => world.history.length > 0);
    expect(world.state.replicas).toMatchObject({
      [WEB]: 0,
      'gitlab-gitlab-exporter': 0,
      'gitlab-toolbox': 1,
    });
    expect(Object.values(world.state.paused)).toEqual(['true']);
    expect(world.state.suspended).toEqual({ 'gitlab-toolbox-backup': true, 'gitlab-clean-up': true });
    expect(world.run.destructiveAt).toBeDefined();
  });

  it.each(BEFORE)('that fails at %s has nothing destroyed, and all is as before', async (step) => {
    const world = open({ failing: { [step]: 1 } });
    const before = snapshot(world);
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'undone' });
    expect(snapshot(world)).toEqual(before);
    expect(world.run.destructiveAt).toBeUndefined();
    expect(world.history.filter((one) => one.startsWith('Job'))).toEqual([]);
  });

  it('whose place does not stay closed before the tool begins is undone', async () => {
    const world = open();
    const before = snapshot(world);
    await lookUntil(world, () => stateOf(world, 'restore-secrets') === 'running');
    world.state.replicas[WEB] = 1;
    const move = await comeToRest(world);
    expect(move).toMatchObject({ kind: 'end', outcome: 'undone-in-part' });
    expect(world.run.reasons.join(' ')).toContain('does not stay at 0');
    // Somebody raised it to 1, and that is his.
    expect(snapshot(world)).toEqual({ ...before, replicas: { ...before.replicas, [WEB]: 1 } });
  });

  it.each(AFTER)('that fails at %s stays at 0 and asks', async (step) => {
    const world = open({ failing: { [step]: 1 } });
    const move = await comeToRest(world);
    expect(move).toMatchObject({ kind: 'ask', choices: ['resume', 'put-back', 'open-anyway'] });
    expect(world.history).not.toContain('open');
    expect(world.state.replicas[WEB]).toBe(0);
    expect(await world.look()).toMatchObject({ kind: 'ask' });
  });

  it('resumed goes on at the step that failed, with a Job of its own', async () => {
    const world = open({ failing: { check: 1 } });
    await comeToRest(world);
    world.choose('resume');
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'restored' });
    expect(world.history.filter((one) => one.startsWith('Job'))).toEqual([
      'Job restore-job',
      'Job analyse',
      'Job check',
      'Job check',
    ]);
    expect(new Set(world.run.jobs.map(({ name }) => name)).size).toBe(4);
  });

  it('resumed keeps the moment of its first destructive step: by it objects of before are told from others', async () => {
    const world = open({ failing: { 'restore-job': 1 } });
    await comeToRest(world);
    const { destructiveAt } = world.run;
    world.choose('resume');
    await comeToRest(world);
    expect(world.run.jobs.filter(({ step }) => step === 'restore-job')).toHaveLength(2);
    expect(world.run.destructiveAt).toBe(destructiveAt);
  });

  it.each([
    ['begins nothing', act('starts a Job'), 'waiting', 60],
    ['notes what is done', done('it is done'), 'done', 1],
    ['notes what it waits for', waitFor(7, 'a pod ends'), 'running', 7],
  ] as const)('that may not write %s', (_, verdict, state, seconds) => {
    const now = new Date('2026-03-01T12:00:00.000Z');
    const around = { now, mayWrite: { ok: false, reason: 'it is paused' } } as const;
    const { run, move } = nextRestoreStep(begin(), plainTurn(verdict), around);
    expect(move).toMatchObject({ kind: 'wait', seconds });
    expect(run.steps[0]?.state).toBe(state);
  });

  it('put back takes the secrets of before and the safety backup, and opens', async () => {
    const world = open({ failing: { 'restore-job': 1 } });
    const before = snapshot(world);
    await comeToRest(world);
    world.choose('put-back');
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'put-back' });
    expect(snapshot(world)).toEqual(before);
    expect(world.history.filter((one) => one.startsWith('Job'))).toContain('Job put-back-job');
  });

  it('opened anyway is scaled back, and nothing else is done', async () => {
    const world = open({ failing: { 'restore-job': 1 } });
    const before = snapshot(world);
    await comeToRest(world);
    world.choose('open-anyway');
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'opened-anyway' });
    expect(snapshot(world).replicas).toEqual(before.replicas);
    expect(world.history.filter((one) => one.startsWith('Job'))).toEqual(['Job restore-job']);
  });

  it('that no probe reaches stays open and says so', async () => {
    const world = open({ failing: { probe: 9 } });
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'restored-unwell' });
    expect(world.state.replicas[WEB]).toBe(3);
  });

  it('scales once more to 0 what came up while the tool works', async () => {
    const world = open();
    await lookUntil(world, () => world.history.includes('Job restore-job'));
    world.state.replicas[WEB] = 2;
    await world.look();
    expect(world.state.replicas[WEB]).toBe(0);
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'restored' });
    expect(world.state.replicas[WEB]).toBe(3);
  });
});

/** Looks that die: behind so many of their writes, or not at all. */
const kills = fc.array(fc.option(fc.nat({ max: 3 }), { nil: undefined }), { maxLength: 40 });
const anyStep = fc.constantFrom<RestoreStep>(
  'safety-backup',
  'restore-job',
  'analyse',
  'check',
  'put-back-job',
);
const failing = fc.dictionary(anyStep, fc.integer({ min: 1, max: 3 }), { maxKeys: 3 });
const choices = fc.array(fc.constantFrom('resume' as const, 'put-back' as const, 'open-anyway' as const), {
  maxLength: 4,
});

describe('whatever dies in between', () => {
  it('an undone restore leaves all as it was', async () => {
    await fc.assert(
      fc.asyncProperty(kills, async (dying) => {
        const world = open({ failing: { 'safety-backup': 1 } });
        const before = snapshot(world);
        expect(await comeToRest(world, dying)).toMatchObject({ kind: 'end', outcome: 'undone' });
        expect(snapshot(world)).toEqual(before);
      }),
    );
  });

  it('a restore that somebody stops after any look before the tool began is undone, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 14 }), kills, async (looks, dying) => {
        const world = open();
        const before = snapshot(world);
        for (let index = 0; index < looks && world.run.destructiveAt === undefined; index++) {
          await world.look(dying[index]);
        }
        fc.pre(world.run.destructiveAt === undefined);
        const stopped = interruptRun(world.run, ['it was aborted'], new Date());
        world.run = adoptRun(stopped, { execution: buildExecution('restore-2'), fence: 2 });
        const move = await comeToRest(world, dying);
        expect(move).toMatchObject({ kind: 'end', outcome: 'undone' });
        expect(snapshot(world)).toEqual(before);
      }),
    );
  });

  it('a good restore is carried to its end by any number of executions, and the tool runs once', async () => {
    await fc.assert(
      fc.asyncProperty(kills, async (dying) => {
        const world = open();
        const before = snapshot(world);
        for (const [index, kill] of dying.entries()) {
          await world.look(kill);
          world.run = adoptRun(world.run, {
            execution: buildExecution(`restore-${index}`),
            fence: index + 2,
          });
        }
        expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'restored' });
        expect(snapshot(world)).toEqual({ ...before, secrets: { 'rails-secret': 'set' } });
        expect(world.history.filter((one) => one === 'Job restore-job')).toHaveLength(1);
      }),
    );
  });

  it('nothing is opened behind a failure that a person has not seen', async () => {
    await fc.assert(
      fc.asyncProperty(kills, failing, choices, async (dying, troubles, chosen) => {
        const world = open({ failing: troubles });
        const asked: { readonly opened: number; readonly web: number | undefined }[] = [];
        for (const choice of [...chosen, undefined]) {
          const count = () => world.history.filter((one) => one === 'open').length;
          const before = count();
          const move = await comeToRest(world, dying);
          if (move.kind !== 'ask') break;
          asked.push({ opened: count() - before, web: world.state.replicas[WEB] });
          if (choice !== undefined && move.choices.includes(choice)) world.choose(choice);
        }
        expect(asked.filter(({ opened, web }) => opened !== 0 || web !== 0)).toEqual([]);
      }),
    );
  });
});
