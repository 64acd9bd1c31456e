import { describe, expect, it } from 'vitest';
import { stretchLook } from '../../../../functions/backup/restore/reading/look-interval.ts';
import { lookSeconds } from '../../../../functions/backup/restore/turns/job-turn.ts';
import { MAX_DRILL_INSPECTIONS, MAX_DRILL_LOOKS } from '../../../../functions/records/backup/drill-limits.ts';
import { MAX_HISTORY_EVENTS } from '../../../../infra/constructs/asl-history.ts';
import { readMachine } from '../../../support/walk-machine.ts';

/** Limits of Step Functions that the longest drill must keep. Source: developer guide, "Service quotas". */

const machine = readMachine('restore-drill');

/** Entered and exited; a Task is scheduled, started and ended as well, and each is reckoned with one attempt that fails. */
const STATE = 2;
const TASK = STATE + 2 * 3;
/** A look, the question behind it, and the reading of releases: dearer than a wait. */
const LOOK = TASK + STATE + TASK;
const FRAME = 2 * TASK + 2 * STATE + 2;

/** Events of a Task that uses up its retries, and of the two states that lead to the next look. */
const exhausted = (state: string): number => {
  const retries = (machine.States[state]?.Retry ?? [])
    .filter(({ ErrorEquals }) => ErrorEquals.includes('TransientError'))
    .map(({ MaxAttempts }) => MaxAttempts ?? 3);
  return STATE + (1 + Math.max(...retries)) * 3 + 2 * STATE;
};

describe('the history of a drill', () => {
  it('stays below its limit even when every look asks for another one at the releases', () => {
    expect(FRAME + MAX_DRILL_LOOKS * LOOK).toBeLessThan(MAX_HISTORY_EVENTS);
    expect(MAX_DRILL_INSPECTIONS).toBeLessThan(MAX_DRILL_LOOKS);
  });

  it('stays below it while a cluster is away for days: such a look counts as two', () => {
    expect(exhausted('AdvanceDrill') / 2).toBeLessThanOrEqual(LOOK);
    expect((TASK + STATE + exhausted('InspectDrill')) / 3).toBeLessThanOrEqual(LOOK);
    expect(JSON.stringify(machine.States['SkipLook'])).toContain('$states.input.looks + 2');
  });

  it('has looks for a restore of 48 hours, for as long a way back, and for the probes between', () => {
    let looks = 0;
    const seconds = 48 * 3_600;
    for (let second = 0; second <= seconds; second += stretchLook(lookSeconds(second), second)) looks += 1;
    expect(looks).toBeLessThan(450);
    expect(2 * looks + 100).toBeLessThan(MAX_DRILL_LOOKS);
  });

  it('lasts as long as all of that, and ends before the next but one of a weekly drill', () => {
    expect(Number(machine.TimeoutSeconds)).toBeGreaterThan(2 * 48 * 3_600);
    expect(Number(machine.TimeoutSeconds)).toBeLessThanOrEqual(7 * 86_400);
  });
});
