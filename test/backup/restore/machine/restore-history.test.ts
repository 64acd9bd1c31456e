import { describe, expect, it, test } from 'vitest';
import { stretchLook } from '../../../../functions/backup/restore/reading/look-interval.ts';
import { lookSeconds } from '../../../../functions/backup/restore/turns/job-turn.ts';
import { MAX_CHOICE_ASKS, MAX_RESTORE_LOOKS } from '../../../../functions/records/backup/restore-limits.ts';
import { MAX_HISTORY_EVENTS } from '../../../../infra/constructs/asl-history.ts';
import { readMachine } from '../../../support/walk-machine.ts';

/** Limits of Step Functions that the longest restore must keep. Source: developer guide, "Service quotas". */

/** Entered and exited; a Task is scheduled, started and ended as well, and each is reckoned with one attempt that fails. */
const STATE = 2;
const TASK = STATE + 2 * 3;
/** The dearest look that counts once: one behind which the Secrets are looked at. */
const LOOK = TASK + STATE + TASK;
/** A Task that has used up its retries, then the two states that lead to the next look: it counts as two. */
const exhausted = (attempts: number): number => STATE + attempts * 3 + 2 * STATE;
const ASK = 2 * TASK + 3 * STATE;
/** From the request to the first look, and the end. */
const FRAME = 8 * TASK + 8 * STATE + 2;

/** Looks at a step that lasts for so many hours. */
const looksOf = (hours: number, asked: (second: number) => number): number => {
  let looks = 0;
  for (let second = 0; second <= hours * 3_600; second += stretchLook(asked(second), second)) looks += 1;
  return looks;
};

describe('the history of a restore', () => {
  it('stays below its limit when every look goes to Secrets and a month of pages goes out', () => {
    const events = FRAME + MAX_RESTORE_LOOKS * LOOK + MAX_CHOICE_ASKS * ASK;
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  it('stays below it as well while nobody answers for weeks', () => {
    const machine = readMachine('restore');
    const attemptsOf = (state: string): number =>
      1 +
      Math.max(
        ...(machine.States[state]?.Retry ?? [])
          .filter(({ ErrorEquals }) => ErrorEquals.includes('TransientError'))
          .map(({ MaxAttempts }) => MaxAttempts ?? 3),
      );
    expect(exhausted(attemptsOf('AdvanceRestore')) / 2).toBeLessThanOrEqual(LOOK);
    expect((TASK + STATE + exhausted(attemptsOf('WriteSecrets'))) / 3).toBeLessThanOrEqual(LOOK);
    expect((TASK + STATE + exhausted(attemptsOf('PutBackObjects'))) / 3).toBeLessThanOrEqual(LOOK);
    expect((TASK + STATE + exhausted(attemptsOf('RestoreNative'))) / 3).toBeLessThanOrEqual(LOOK);
    expect(JSON.stringify(machine.States['SkipLook'])).toContain('$states.input.looks + 2');
  });

  test.each([
    [1, 90],
    [12, 220],
    [48, 450],
  ])('needs few looks for a Job of %i hours: below %i', (hours, most) => {
    expect(looksOf(hours, lookSeconds)).toBeLessThan(most);
  });

  it('has looks for a safety backup, a restore and a way back of 48 hours each, and for the steps between', () => {
    const backup = looksOf(48, () => 5);
    const job = looksOf(48, lookSeconds);
    const between = 100;
    expect(backup + 2 * job + between).toBeLessThan(MAX_RESTORE_LOOKS);
  });

  it('sees the end of a step at most a twentieth of its time late, and an hour never more than ten minutes', () => {
    expect([0, 60, 3_600, 86_400].map((lasted) => stretchLook(5, lasted))).toEqual([5, 5, 180, 600]);
    expect(stretchLook(900, 0)).toBe(900);
  });

  it('ends its pages where the limit says, and lasts as long as all of them', () => {
    const machine = readMachine('restore');
    expect(JSON.stringify(machine.States['ShouldItAskAgain'])).toContain(
      `$states.input.asks < ${MAX_CHOICE_ASKS}`,
    );
    expect(Number(machine.TimeoutSeconds)).toBeGreaterThan((MAX_CHOICE_ASKS + 3 * 2 + 7) * 86_400);
  });
});
