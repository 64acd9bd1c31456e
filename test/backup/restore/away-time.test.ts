import { describe, expect, it, test } from 'vitest';
import { adoptRun, beginRun } from '../../../functions/backup/restore/run-life.ts';
import { changeStep } from '../../../functions/backup/restore/run-steps.ts';
import {
  foretellAway,
  measureAway,
  measureRestore,
} from '../../../functions/backup/restore/telling/away-time.ts';
import {
  describeRestore,
  describeRestorePlan,
} from '../../../functions/backup/restore/telling/restore-lines.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import type { RestorePlan, RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import { buildExecution, buildPlan, STEPS } from './restore-builders.ts';

const at = (time: string): string => `2026-03-01T${time}:00.000Z`;
const BEARER = { execution: buildExecution(), fence: 1 };
const begun = beginRun(buildPlan(), BEARER, new Date(at('12:00')));

const scaledFrom = (replicas: Readonly<Record<string, number>>): RestoreRun['touched'] =>
  Object.entries(replicas).map(([name, before]) => ({
    deed: 'scaled' as const,
    object: { kind: 'Deployment' as const, namespace: 'gitlab', name },
    step: 'quiesce' as const,
    notedAt: at('12:30'),
    before: { replicas: before },
  }));

const step = (
  run: RestoreRun,
  name: RestoreStep,
  changes: Partial<RestoreRun['steps'][number]>,
): RestoreRun => changeStep(run, { way: 'restore', step: name }, changes);
const closed = step(
  { ...begun, touched: scaledFrom({ 'gitlab-webservice-default': 3, 'gitlab-prometheus-server': 1 }) },
  'quiesce',
  { state: 'done', startedAt: at('12:30'), endedAt: at('12:31') },
);
const opened = step(closed, 'open', { state: 'done', endedAt: at('14:00') });
const answering = step(opened, 'probe', { state: 'done', endedAt: at('14:05') });
const HOUR = 3_600_000;

describe('the time that a restore took', () => {
  it('is not known as long as the place is closed', () => {
    expect([measureAway(closed), measureRestore(closed)]).toEqual([undefined, undefined]);
  });

  it('runs from the begin until the look from outside was content, and the time away from the first replica', () => {
    expect(measureRestore(answering)).toEqual({
      recovery: 2 * HOUR + 300_000,
      closed: 1.5 * HOUR + 300_000,
    });
    expect(measureAway(answering)).toEqual({ from: at('12:30'), to: at('14:05') });
    expect(describeRestore(answering)).toContain(
      `Recovery took 2 h 5 min, of which nobody could work for 1 h 35 min (${at('12:30')} to ${at('14:05')}).`,
    );
  });

  it('ends with the replicas where nobody saw an answer', () => {
    const message = 'nobody answers';
    const findings = [{ step: 'probe' as const, check: 'probe', result: 'fail' as const, message }];
    const recovery = 2 * HOUR;
    expect(measureRestore(opened)?.recovery).toBe(recovery);
    expect(measureRestore({ ...answering, findings })?.recovery).toBe(recovery);
  });

  it('is the same when other executions carry the run, and counts what lay between them', () => {
    const execution = buildExecution('restore-2');
    expect(measureRestore(adoptRun(answering, { execution, fence: 2 }))).toEqual(measureRestore(answering));
  });

  test.each<[string, RestoreRun['touched'], boolean]>([
    ['nothing runs', scaledFrom({ 'gitlab-webservice-default': 0, 'gitlab-sidekiq-all': 0 }), false],
    [
      'all but its web pods runs',
      scaledFrom({ 'gitlab-webservice-a': 0, 'gitlab-prometheus-server': 1 }),
      false,
    ],
    [
      'one of its groups of web pods runs',
      scaledFrom({ 'gitlab-webservice-a': 0, 'gitlab-webservice-b': 2 }),
      true,
    ],
    ['what runs carries names of its own', scaledFrom({ web: 2 }), true],
  ])('is there none of a GitLab where nobody could work before: %s', (_, touched, isThere) => {
    const run = { ...answering, touched };
    expect([measureRestore(run) !== undefined, measureAway(run) !== undefined]).toEqual([isThere, isThere]);
    expect(describeRestore(run).some((line) => line.includes('scale them up when people'))).toBe(!isThere);
  });

  it('has no recovery when everything was undone, and tells how long it was away all the same', () => {
    const undone = step({ ...closed, way: 'undo' }, 'quiesce', { state: 'undone', endedAt: at('12:40') });
    expect(measureRestore(undone)).toBeUndefined();
    expect(describeRestore(undone)[0]).toBe(
      `Nobody could work for 10 min (${at('12:30')} to ${at('12:40')}).`,
    );
  });
});

describe('a plan', () => {
  const planOf = (minutes: Partial<Record<RestoreStep, number>>, kind: RestorePlan['target']['kind']) =>
    buildPlan({
      target: { ...buildPlan().target, kind },
      steps: STEPS.map((name) => {
        const expected = minutes[name];
        return { step: name, title: name, ...(expected === undefined ? {} : { minutes: expected }) };
      }),
    });
  const TIMES = {
    'safety-backup': 60,
    quiesce: 2,
    'restore-secrets': 5,
    'restore-job': 50,
    open: 5,
    probe: 2,
  };

  it('says from which step to which people get an error page, and for how long', () => {
    const [, , away] = describeRestorePlan(planOf(TIMES, 'environment'));
    expect(away).toMatch(
      /^GitLab is away from step 3 to step 8, at least 1 h 2 min: people get an error page/,
    );
  });

  it('foretells no time where the longest step has none, and nothing where nobody works', () => {
    const { 'restore-job': _, ...others } = TIMES;
    expect(foretellAway(planOf(others, 'environment')).join()).toContain('a time that nothing tells yet');
    expect(foretellAway(planOf(TIMES, 'scratch'))).toEqual([]);
  });
});
