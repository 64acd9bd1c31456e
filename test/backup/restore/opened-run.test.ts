import { expect, it, test } from 'vitest';
import { openGivenBack, openPlannedRun } from '../../../functions/backup/restore/reading/opened-run.ts';
import { resumePlan } from '../../../functions/backup/restore/reading/resumed-plan.ts';
import { beginRun, judgeOpenRun } from '../../../functions/backup/restore/run-life.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import { buildExecution, buildPlan, buildScratchPlan, SAFETY_ID, SET_ID } from './restore-builders.ts';

/** What a new execution makes of the restore that lies at its place. */

const NOW = new Date('2026-03-01T13:00:00.000Z');
const FIRST = { execution: buildExecution('restore-1'), fence: 1, approvedBy: 'Grace' };
const SECOND = { execution: buildExecution('restore-2'), fence: 2, approvedBy: 'Joan' };
const PLAN = buildPlan();
const left = (changes: Partial<RestoreRun>): RestoreRun => ({ ...beginRun(PLAN, FIRST, NOW), ...changes });

test.each<[string, Partial<RestoreRun>]>([
  ['is on its way', {}],
  ['is being undone', { way: 'undo' }],
  ['waits for a choice', { state: 'held', destructiveAt: NOW.toISOString() }],
])('nothing is begun on top of one that %s, by a plan that was made before it', (_, changes) => {
  expect(openPlannedRun(left(changes), PLAN, SECOND, NOW)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('restore-1 was begun here since the plan was made'),
  });
});

it('one that has ended makes room', () => {
  const ended = left({ state: 'ended', outcome: 'undone' });
  expect(openPlannedRun(ended, PLAN, SECOND, NOW)).toMatchObject({ ok: true, run: { id: 'restore-2' } });
});

it.each<[string, Partial<RestoreRun>, string]>([
  ['that a person asked for', {}, 'restore-1'],
  ['of another name', { plan: buildScratchPlan('drill-1') }, 'restore-9'],
])('the place of one %s is given back to nobody', (_, changes, id) => {
  const ended = left({ state: 'ended', outcome: 'restored', ...changes });
  expect(openGivenBack(ended, { place: 'production/scratch', id }, SECOND)).toEqual({
    ok: false,
    reason: `there is no restore ${id} of a drill`,
  });
});

it('is gone on with from where it is, with what was recorded of before', () => {
  const scaled: RestoreRun['touched'][number] = {
    deed: 'scaled',
    object: { kind: 'Deployment', namespace: 'gitlab', name: 'web', uid: 'uid-web' },
    step: 'quiesce',
    notedAt: NOW.toISOString(),
    before: { replicas: 3 },
  };
  const held = left({ state: 'held', destructiveAt: NOW.toISOString(), touched: [scaled] });
  const about = { request: PLAN.request, madeAt: NOW.toISOString(), execution: SECOND.execution };
  const opened = openPlannedRun(held, resumePlan(held, about), SECOND, NOW);
  expect(opened).toMatchObject({
    ok: true,
    run: { id: 'restore-1', state: 'held', touched: [scaled], earlier: ['restore-1'], fence: 2 },
  });
});

test.each([
  ['with the same set', { set: SET_ID }, 'resume'],
  ['with none', {}, 'resume'],
  ['with another set', { set: SAFETY_ID }, 'refused'],
] as const)('a start %s over one that has not ended', (_, asked, state) => {
  expect(judgeOpenRun(left({ state: 'held', destructiveAt: NOW.toISOString() }), asked).state).toBe(state);
});

it('one that has ended since is not gone on with', () => {
  const about = { request: PLAN.request, madeAt: NOW.toISOString(), execution: SECOND.execution };
  const plan = resumePlan(left({}), about);
  const ended = left({ state: 'ended', outcome: 'undone' });
  expect(openPlannedRun(ended, plan, SECOND, NOW)).toMatchObject({ ok: false });
});
