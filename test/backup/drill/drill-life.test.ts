import { describe, expect, it } from 'vitest';
import { ageOfLastDrill, noteDrill, takeUpDrill } from '../../../functions/backup/drill/drill-life.ts';
import { composeDrillNotice } from '../../../functions/backup/drill/drill-notice.ts';
import { type DrillOutcome, DrillRun } from '../../../functions/records/backup/drill.ts';
import { LastDrill } from '../../../functions/records/backup/last-drill.ts';
import { Notice } from '../../../functions/records/message.ts';
import { buildDrill, buildDrillExecution, CLOSED, NOW } from './drill-builders.ts';

const NEXT = buildDrillExecution('drill-2');
const ended = (outcome: DrillOutcome, change: Partial<DrillRun> = {}): DrillRun =>
  buildDrill({ state: 'ended', outcome, endedAt: NOW.toISOString(), ...change });

describe('a drill after another', () => {
  it.each<[string, DrillRun | undefined]>([
    ['there was none', undefined],
    ['the last one passed', ended('passed')],
    ['the last one failed and left nothing', ended('failed')],
  ])('begins when %s', (_, earlier) => {
    expect(takeUpDrill(earlier, NEXT, NOW)).toBeUndefined();
  });

  it('destroys first what an earlier one left', () => {
    const steps = buildDrill().steps.map((one) => ({ ...one, state: 'failed' as const }));
    const taken = takeUpDrill(ended('not-destroyed', { left: ['data'], steps }), NEXT, NOW);
    expect(taken).toMatchObject({
      id: 'drill-1',
      execution: NEXT,
      way: 'destroy',
      state: 'under-way',
      left: [],
    });
    expect(taken?.steps.filter(({ state }) => state === 'waiting').map(({ step }) => step)).toEqual([
      'look-again',
      'empty',
      'sleep',
      'give-back',
      'remove',
    ]);
    expect(taken?.outcome).toBeUndefined();
  });

  it('destroys what an execution left in the middle, and says so', () => {
    const steps = buildDrill().steps.map((one) =>
      one.step === 'restore' ? { ...one, state: 'running' as const } : one,
    );
    expect(takeUpDrill(buildDrill({ steps }), NEXT, NOW)).toMatchObject({
      way: 'destroy',
      failure: { step: 'restore', reasons: [expect.stringContaining('drill-1')] },
    });
  });

  it('is the same one when the same execution asks again', () => {
    const run = buildDrill();
    expect(takeUpDrill(run, run.execution, NOW)).toBe(run);
  });
});

describe('the last drill', () => {
  const later = new Date(NOW.getTime() + 3_600_000);

  it('counts from when drills are configured, until one passes', () => {
    const none = noteDrill(undefined, ended('failed', { startedAt: '2026-03-01T11:00:00.000Z' }), NOW);
    expect(ageOfLastDrill(none, NOW)).toBe(3_600);
    const passed = noteDrill(
      none,
      ended('passed', { restore: { execution: 'r', recoverySeconds: 900 } }),
      NOW,
    );
    expect(ageOfLastDrill(passed, later)).toBe(3_600);
    expect(passed.passed?.recoverySeconds).toBe(900);
    expect(LastDrill.parse(passed)).toEqual(passed);
  });

  it.each<[DrillOutcome]>([['failed'], ['refused'], ['not-destroyed']])(
    'gets no younger by one that %s',
    (outcome) => {
      const passed = noteDrill(undefined, ended('passed'), NOW);
      const after = noteDrill(passed, ended(outcome, { endedAt: later.toISOString() }), later);
      expect(after.ended?.outcome).toBe(outcome);
      expect(ageOfLastDrill(after, later)).toBe(3_600);
    },
  );

  it('is never younger than 0', () => {
    expect(ageOfLastDrill({ version: 1, environment: 'p', since: later.toISOString() }, NOW)).toBe(0);
  });
});

describe('the notice of a drill', () => {
  it.each<[DrillOutcome, Notice['severity'], string]>([
    ['passed', 'info', 'The restore drill of production passed: GitLab was back in 15 min.'],
    ['failed', 'critical', 'The restore drill of production failed.'],
    ['refused', 'warning', 'The restore drill of production did not begin: its place is not fit for it.'],
    ['not-destroyed', 'critical', 'The restore drill of production left something behind.'],
  ])('of one that %s is %s', (outcome, severity, happened) => {
    const run = ended(outcome, { restore: { execution: 'r', recoverySeconds: 900 }, proof: CLOSED });
    expect(DrillRun.parse(run)).toEqual(run);
    const notice = composeDrillNotice(run, NOW);
    expect(Notice.parse(notice)).toEqual(notice);
    expect(notice).toMatchObject({ severity, happened });
  });

  it('says what is left before anything else, and how the network was proven closed', () => {
    const failure = { step: 'restore' as const, at: NOW.toISOString(), reasons: ['psql failed'] };
    const { reasons } = composeDrillNotice(
      ended('not-destroyed', { left: ['Data is left.'], failure, proof: CLOSED }),
      NOW,
    );
    expect(reasons.slice(0, 2)).toEqual(['Data is left.', 'restore: psql failed']);
    expect(reasons.join()).toContain('no answer of github.com:443');
  });

  it('is not made of one that has not ended', () => {
    expect(() => composeDrillNotice(buildDrill(), NOW)).toThrow('has not ended');
  });
});

describe('a drill that is taken up', () => {
  it('has failed in nothing when its rehearsal was over', () => {
    const steps = buildDrill().steps.map((one) => ({
      ...one,
      state: one.step === 'empty' ? ('running' as const) : ('done' as const),
    }));
    expect(takeUpDrill(buildDrill({ way: 'destroy', steps }), NEXT, NOW)?.failure).toBeUndefined();
    expect(
      takeUpDrill(ended('not-destroyed', { left: ['data'], steps }), NEXT, NOW)?.failure,
    ).toBeUndefined();
  });
});
