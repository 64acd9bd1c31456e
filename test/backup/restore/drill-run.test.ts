import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptRun, beginRun, interruptRun } from '../../../functions/backup/restore/run-life.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import type { RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import { buildExecution, buildScratchPlan } from './restore-builders.ts';
import { comeToRest, openRestoreWorld, snapshot, WEB } from './restore-world.ts';

/** A restore that belongs to a drill: what goes wrong in it wakes nobody, and opens nothing. */

const NOW = new Date('2026-03-01T12:00:00.000Z');
const begin = (drill: string | undefined = 'drill-1'): RestoreRun =>
  beginRun(buildScratchPlan(drill), { execution: buildExecution(), fence: 1 }, NOW);

const BEFORE: readonly RestoreStep[] = ['suspend-schedules', 'quiesce', 'restore-secrets'];
const AFTER: readonly RestoreStep[] = ['restore-job', 'analyse', 'check'];
const kills = fc.array(fc.option(fc.nat({ max: 3 }), { nil: undefined }), { maxLength: 40 });

describe('a restore of a drill', () => {
  it.each(AFTER)('that fails at %s is left closed and asks nobody, unlike one of a person', async (step) => {
    const world = openRestoreWorld(begin(), { failing: { [step]: 1 } });
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'abandoned' });
    expect(world.run).toMatchObject({ state: 'ended', outcome: 'abandoned', failure: { step } });
    expect(world.run.reasons).toEqual(world.run.failure?.reasons);
    expect(world.state.replicas[WEB]).toBe(0);
    const mine = openRestoreWorld({ ...begin(), plan: buildScratchPlan() }, { failing: { [step]: 1 } });
    expect(await comeToRest(mine)).toMatchObject({
      kind: 'ask',
      choices: ['resume', 'open-anyway', 'abandon'],
    });
  });

  it.each(BEFORE)('that fails at %s is undone as any other', async (step) => {
    const world = openRestoreWorld(begin(), { failing: { [step]: 1 } });
    const before = snapshot(world);
    expect(await comeToRest(world)).toMatchObject({ kind: 'end', outcome: 'undone' });
    expect(snapshot(world)).toEqual(before);
  });

  it('whose execution dies at any moment is undone exactly, or left closed, and is asked for by nobody', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 22 }), kills, async (looks, dying) => {
        const world = openRestoreWorld(begin());
        const before = snapshot(world);
        for (let index = 0; index < looks && world.run.state !== 'ended'; index++)
          await world.look(dying[index]);
        const { destructiveAt, steps } = world.run;
        fc.pre(!steps.some(({ step, state }) => step === 'open' && state !== 'waiting'));
        const stood = snapshot(world);
        const stopped = interruptRun(world.run, ['it was aborted'], NOW);
        world.run = adoptRun(stopped, { execution: buildExecution('restore-2'), fence: 2 });
        const move = await comeToRest(world, dying);
        const outcome = destructiveAt === undefined ? 'undone' : 'abandoned';
        ends.add(outcome);
        expect(move).toMatchObject({ kind: 'end', outcome });
        expect(snapshot(world)).toEqual(outcome === 'undone' ? before : stood);
      }),
    );
    expect(ends.size).toBe(2);
  });
});
