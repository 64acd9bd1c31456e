import { describe, expect, it } from 'vitest';
import { describeFailure, failedExecutionOf } from '../../functions/rules/failed-execution.ts';

describe('describeFailure', () => {
  it.each([
    [{ status: 'FAILED', error: 'DefectError', cause: 'a bug' }, 'the execution failed (DefectError: a bug)'],
    [{ status: 'TIMED_OUT' }, 'the execution ran out of time'],
    [{ status: 'ABORTED', error: null, cause: null }, 'the execution was stopped by a person'],
    [{ status: 'FAILED', error: 'States.Timeout' }, 'the execution failed (States.Timeout)'],
  ] as const)('%j reads: %s', (failure, text) => {
    expect(describeFailure(failure)).toBe(text);
  });
});

it('an execution is known by its ARN, its name and its start', () => {
  const event = { executionArn: 'arn:x', name: 'x', startDate: Date.UTC(2026, 10, 21, 12) };
  expect(failedExecutionOf(event)).toEqual({
    arn: 'arn:x',
    name: 'x',
    startedAt: '2026-11-21T12:00:00.000Z',
  });
});
