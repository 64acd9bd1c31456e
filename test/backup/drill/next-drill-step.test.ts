import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteRemoved } from '../../../functions/backup/drill/destroy-list.ts';
import { drillLabels } from '../../../functions/backup/drill/drill-label.ts';
import { findDrillStep, mayHoldData } from '../../../functions/backup/drill/drill-steps.ts';
import {
  type DrillDecision,
  type DrillLook,
  type DrillVerdict,
  MAX_DESTROY_FAILURES,
  nextDrillStep,
} from '../../../functions/backup/drill/next-drill-step.ts';
import type { DrillRun, DrillStep } from '../../../functions/records/backup/drill.ts';
import { buildDrill, CLOSED, NOW } from './drill-builders.ts';

const done: DrillVerdict = { state: 'done', message: 'done' };
const act: DrillVerdict = { state: 'act', message: 'act' };
const inspect: DrillVerdict = { state: 'inspect', message: 'looks' };
const failed: DrillVerdict = { state: 'failed', reasons: ['it broke'] };
const quiet: DrillLook = { now: NOW, breaches: [], isRestoring: false };

/** What the steps leave in the record, as whoever carries them out would write it. */
const carryOut = (run: DrillRun, step: DrillStep): DrillRun => {
  const at = NOW.toISOString();
  if (step === 'close-network') {
    const made = { kind: 'NetworkPolicy' as const, namespace: 'gitlab-drill', name: 'deny', notedAt: at };
    return { ...run, made: [...run.made, made] };
  }
  if (step === 'probe-closed') return { ...run, proof: CLOSED };
  if (step === 'wake') {
    const one = { kind: 'StatefulSet' as const, name: 'gitaly', uid: 'uid-gitaly', replicas: 1, notedAt: at };
    return { ...run, woken: [one] };
  }
  if (step === 'sleep') return { ...run, woken: run.woken.map((one) => ({ ...one, asleepAt: at })) };
  if (step === 'remove') return noteRemoved(run, [], NOW);
  return run;
};

/** Plays a drill to its end; `fails` says how often each step fails. */
const play = (
  fails: Partial<Record<DrillStep, number>> = {},
  start: DrillRun = buildDrill(),
  onStep: (run: DrillRun, step: DrillStep) => DrillRun = carryOut,
): { readonly run: DrillRun; readonly path: DrillStep[] } => {
  let decision: DrillDecision = { run: start, move: { kind: 'wait', seconds: 1, message: '' } };
  const path: DrillStep[] = [];
  const left = new Map(Object.entries(fails));
  for (let index = 0; index < 200 && decision.move.kind !== 'end'; index++) {
    const { run } = decision;
    const step = findDrillStep(run)?.step;
    if (step === undefined) {
      decision = nextDrillStep(run, undefined, quiet);
      continue;
    }
    const times = left.get(step) ?? 0;
    left.set(step, times - 1);
    if (times > 0) {
      decision = nextDrillStep(run, failed, quiet);
      continue;
    }
    const begun = nextDrillStep(run, act, quiet);
    if (begun.move.kind !== 'do') {
      decision = begun;
      continue;
    }
    path.push(begun.move.step);
    decision = nextDrillStep(onStep(begun.run, step), done, quiet);
  }
  expect(decision.move.kind).toBe('end');
  return { run: decision.run, path };
};

const ALL: DrillStep[] = [
  'look-apart',
  'probe-open',
  'close-network',
  'probe-closed',
  'wake',
  'restore',
  'check',
  'look-again',
  'empty',
  'sleep',
  'remove',
];

describe('a drill', () => {
  it('goes through all steps, and leaves nothing', () => {
    const { run, path } = play();
    expect(path).toEqual(ALL);
    expect(run).toMatchObject({ state: 'ended', outcome: 'passed', left: [] });
  });

  it.each<[DrillStep, DrillStep[], string]>([
    ['look-apart', [], 'refused'],
    ['probe-open', [], 'failed'],
    ['close-network', [], 'failed'],
    ['probe-closed', ['remove'], 'failed'],
    ['wake', ['remove'], 'failed'],
    ['restore', ['sleep', 'remove'], 'failed'],
    ['check', ['look-again', 'empty', 'sleep', 'remove'], 'failed'],
  ])('that fails at %s destroys what there is: %j', (step, destroyed, outcome) => {
    const { run, path } = play({ [step]: 1 });
    expect(path).toEqual([...ALL.slice(0, ALL.indexOf(step)), ...destroyed]);
    expect(run).toMatchObject({ outcome, left: [], failure: { step, reasons: ['it broke'] } });
  });

  it.each<[DrillStep]>([['look-again'], ['empty'], ['sleep'], ['remove']])(
    'tries %s again, and passes when it comes right',
    (step) => {
      expect(play({ [step]: MAX_DESTROY_FAILURES - 1 }).run).toMatchObject({ outcome: 'passed', left: [] });
    },
  );

  it.each<[DrillStep, DrillStep[], string]>([
    ['look-again', ['sleep'], 'The data of production lies in the place'],
    ['empty', ['look-again', 'sleep'], 'The data of production lies in the place'],
    ['sleep', ['look-again', 'empty'], 'is still scaled up'],
    ['remove', ['look-again', 'empty', 'sleep'], 'NetworkPolicy gitlab-drill/deny is still there'],
  ])('that can not %s keeps the network closed and says so', (step, path, what) => {
    const played = play({ [step]: MAX_DESTROY_FAILURES });
    expect(played.path.slice(7)).toEqual(path);
    expect(played.run.outcome).toBe('not-destroyed');
    expect(played.run.left.join()).toContain(what);
    expect(played.run.left.join()).toContain('deny is still there');
  });

  it('notes that data may lie there before the restore begins', () => {
    const run = buildDrill({
      proof: CLOSED,
      steps: buildDrill().steps.map((one) =>
        ALL.indexOf(one.step) < 5 ? { ...one, state: 'done' as const } : one,
      ),
    });
    const { run: begun, move } = nextDrillStep(run, act, quiet);
    expect(move).toMatchObject({ kind: 'do', step: 'restore' });
    expect(mayHoldData(begun)).toBe(true);
  });

  it.each<[string, Partial<DrillRun>, DrillStep]>([
    ['before anything is done', {}, 'look-apart'],
    ['before the place is emptied', { way: 'destroy', filledAt: NOW.toISOString() }, 'look-again'],
  ])('has the releases looked at %s', (_, change, step) => {
    const { run, move } = nextDrillStep(buildDrill(change), inspect, quiet);
    expect(move).toEqual({ kind: 'inspect', message: 'looks' });
    expect(findDrillStep(run)).toMatchObject({ step, state: 'running', message: 'looks' });
  });

  it('has no release looked at where nothing was done', () => {
    const { run, move } = nextDrillStep(buildDrill({ way: 'destroy' }), inspect, quiet);
    expect(move).toMatchObject({ kind: 'wait', seconds: 1 });
    expect(run.steps.find(({ step }) => step === 'look-again')?.state).toBe('skipped');
  });

  it('waits with the destruction until the restore is no longer at work', () => {
    const run = buildDrill({ way: 'destroy', filledAt: NOW.toISOString() });
    const { run: later, move } = nextDrillStep(run, act, { ...quiet, isRestoring: true });
    expect(move).toMatchObject({ kind: 'wait' });
    expect(later.steps.find(({ step }) => step === 'look-again')?.failures).toBe(1);
  });
});

describe('no data goes in', () => {
  const at = (step: DrillStep, change: Partial<DrillRun> = {}) =>
    buildDrill({
      ...change,
      steps: buildDrill().steps.map((one) =>
        ALL.indexOf(one.step) < ALL.indexOf(step) ? { ...one, state: 'done' as const } : one,
      ),
    });

  it.each<[DrillStep]>([['wake'], ['restore'], ['check']])('at %s without a proof', (step) => {
    for (const proof of [
      undefined,
      { ...CLOSED, state: 'open' as const },
      { ...CLOSED, state: 'unproven' as const },
    ]) {
      const { run, move } = nextDrillStep(at(step, proof ? { proof } : {}), act, quiet);
      expect(move.kind).toBe('wait');
      expect(run).toMatchObject({ way: 'destroy', failure: { step } });
      expect(run.filledAt).toBeUndefined();
    }
  });

  it.each<[DrillStep]>([['probe-closed'], ['wake'], ['restore'], ['check']])(
    'at %s once something opens or wakes up',
    (step) => {
      const { run } = nextDrillStep(at(step, { proof: CLOSED }), done, {
        ...quiet,
        breaches: ['Sidekiq is up.'],
      });
      expect(run).toMatchObject({ way: 'destroy', failure: { step, reasons: ['Sidekiq is up.'] } });
    },
  );

  it('whatever happens in whatever order, and nothing is opened over data', () => {
    const verdict = fc.constantFrom<DrillVerdict>(done, act, failed, inspect, {
      state: 'wait',
      seconds: 5,
      message: 'w',
    });
    const proof = fc.constantFrom(undefined, CLOSED, { ...CLOSED, state: 'open' as const });
    const look = fc.record({ breaches: fc.constantFrom([], [], ['open']), isRestoring: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, look), { maxLength: 60 }), proof, (looks, found) => {
        let run = buildDrill({
          made: [{ kind: 'NetworkPolicy', namespace: 'n', name: 'deny', notedAt: NOW.toISOString() }],
        });
        for (const [one, seen] of looks) {
          if (found) run = { ...run, proof: found };
          const decision = nextDrillStep(run, findDrillStep(run) ? one : undefined, { ...quiet, ...seen });
          const { move } = decision;
          const isFilling = move.kind === 'do' && (move.step === 'wake' || move.step === 'restore');
          expect(isFilling && (found?.state !== 'closed' || seen.breaches.length > 0)).toBe(false);
          expect(move.kind === 'do' && move.step === 'remove' && mayHoldData(decision.run)).toBe(false);
          run = decision.run;
        }
        expect(mayHoldData(run) && found?.state !== 'closed').toBe(false);
        expect(run.outcome === 'passed' && run.left.length > 0).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

it('labels fit into a label', () => {
  expect(Object.values(drillLabels('x'.repeat(80)))[0]).toMatch(/^[0-9a-f]{16}$/);
});
