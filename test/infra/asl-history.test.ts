import { describe, expect, test } from 'vitest';
import { parseAsl } from '../../infra/constructs/asl-definition.ts';
import { worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { type Json, machine, task } from './support/machines.ts';

const history = (definition: Json, bounds: Record<string, number> = {}) =>
  worstCaseHistory(parseAsl(JSON.stringify(definition)), bounds);

/** Execution started and ended, a Task that fails once (2 + 3 + 3), a Choice (2), the end (2). */
const PLAIN = 2 + 8 + 2 + 2;

describe('the longest history of', () => {
  test('a machine without a loop is its longest way', () => {
    expect(history(machine())).toBe(PLAIN);
  });

  test('a loop counts each state of it as often as it goes round', () => {
    const again = machine({
      IsThirstGone: { Type: 'Choice', Comment: '.', Choices: [{ Next: 'Serve' }], Default: 'End' },
    });
    expect(history(again, { Serve: 100 })).toBe(2 + 100 * (8 + 2) + 2);
  });

  test('a loop of one state is a loop', () => {
    const retrying = machine({
      Serve: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Serve' }] }),
      Fail: undefined,
    });
    expect(history(retrying, { Serve: 10 })).toBe(2 + 10 * 8 + 2 + 2);
  });

  test('a state of a loop with a bound of its own is counted by that', () => {
    const again = machine({
      IsThirstGone: { Type: 'Choice', Comment: '.', Choices: [{ Next: 'Serve' }], Default: 'End' },
    });
    expect(history(again, { Serve: 10, IsThirstGone: 100 })).toBe(2 + 10 * 8 + 100 * 2 + 2);
  });

  test('a Map counts what is inside for each item', () => {
    const pour = { Type: 'Pass', Comment: '.', End: true };
    const map = {
      Type: 'Map',
      Comment: '.',
      ItemProcessor: { StartAt: 'Pour', States: { Pour: pour } },
      Next: 'End',
    };
    expect(history(machine({ IsThirstGone: map }), { IsThirstGone: 40 })).toBe(
      2 + 8 + (4 + 40 * (2 + 2)) + 2,
    );
  });

  test('a Parallel counts each branch', () => {
    const branch = { StartAt: 'Pour', States: { Pour: { Type: 'Pass', Comment: '.', End: true } } };
    const parallel = { Type: 'Parallel', Comment: '.', Branches: [branch, branch], Next: 'End' };
    expect(history(machine({ IsThirstGone: parallel }))).toBe(2 + 8 + (4 + 2 + 2) + 2);
  });
});

describe('what has no number is refused by name', () => {
  test('a loop', () => {
    const again = machine({
      IsThirstGone: { Type: 'Choice', Comment: '.', Choices: [{ Next: 'Serve' }], Default: 'End' },
    });
    expect(() => history(again)).toThrow(/the loop .*Serve/);
  });

  test('a Map', () => {
    const map = {
      Type: 'Map',
      Comment: '.',
      ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      Next: 'End',
    };
    expect(() => history(machine({ IsThirstGone: map }))).toThrow(/how many items the Map IsThirstGone/);
  });
});
