import { describe, expect, it } from 'vitest';
import type { StepState, UpgradePlan, UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import { describeWayBack } from '../../../functions/upgrade/telling/way-back.ts';
import { buildPlan, buildRun } from '../../support/upgrade-run.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const PLAN = buildPlan();
const INPUT = '{"cluster":"production","rollback":true,"by":"<you>","why":"<why>","dryRun":false}';

/** A run whose move of the control plane is in this state. */
const runWith = (state: StepState['state'], plan: UpgradePlan = PLAN): UpgradeRun =>
  buildRun(plan, {
    steps: plan.steps.map(({ id, kind }) => ({
      id,
      message: '',
      state: kind === 'control-plane' ? state : 'waiting',
      ...(state === 'done' ? { endedAt: '2026-11-20T12:00:00.000Z' } : {}),
    })),
  });
/** The rest of an upgrade that an earlier run began. */
const REST: UpgradePlan = {
  ...PLAN,
  from: '1.36',
  steps: PLAN.steps.filter(({ kind }) => kind === 'bake' || kind === 'node-group'),
};

describe('the way back', () => {
  it('of a control plane that this run moved is open for seven days from then', () => {
    const text = describeWayBack(runWith('done'), NOW);
    expect(text).toContain(`Back to 1.35: start upgrade with ${INPUT} until 2026-11-27T12:00:00.000Z`);
  });

  it.each<[string, UpgradeRun, RegExp]>([
    [
      'of a run that goes on where another ended is that of the other',
      buildRun(REST),
      /Back to 1\.35, within 7/,
    ],
    ['of a move that was found done already is told as well', runWith('skipped'), /Back to 1\.35, within 7/],
    [
      'of a move that is still at work is told for when it is there',
      runWith('running'),
      /back to 1\.35: start/,
    ],
  ])('%s', (_, run, text) => {
    const told = describeWayBack(run, NOW);
    expect(told).toMatch(text);
    expect(told).toContain(INPUT);
    expect(told).not.toContain('no way back');
  });

  it.each<StepState['state']>(['waiting', 'failed'])('is none while the move is %s', (state) => {
    expect(describeWayBack(runWith(state), NOW)).toMatch(/was not moved, so there is no way back/);
  });

  it('is not told of the way back itself', () => {
    const plan: UpgradePlan = { ...PLAN, direction: 'rollback', from: '1.36', to: '1.35' };
    expect(describeWayBack(buildRun(plan), NOW)).toMatch(/^This was the way back/);
  });
});
