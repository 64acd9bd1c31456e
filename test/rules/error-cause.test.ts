import { describe, expect, it } from 'vitest';
import { linkExecution } from '../../functions/rules/console-link.ts';
import { describeCause } from '../../functions/rules/error-cause.ts';

describe('the cause of a caught error', () => {
  it.each([
    [
      "a Lambda's error is its message",
      '{"errorType":"TransientError","errorMessage":"SNS is down"}',
      'SNS is down',
    ],
    ['text stays text', 'States.Timeout: 45 s', 'States.Timeout: 45 s'],
    ['JSON of another shape stays as it is', '{"a":1}', '{"a":1}'],
    ['a message that is no text stays as it is', '{"errorMessage":7}', '{"errorMessage":7}'],
    ['JSON that was cut stays as it is', '{"errorMessage":"SNS', '{"errorMessage":"SNS'],
    ['nothing stays nothing', '', ''],
  ])('%s', (_, cause, expected) => {
    expect(describeCause(cause)).toBe(expected);
  });
});

describe('the console link of an execution', () => {
  const arn = 'arn:aws:states:eu-central-1:111122223333:execution:rollout:web-1';

  it('leads to the console of the region that the ARN names', () => {
    expect(linkExecution(arn)).toBe(
      `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}`,
    );
  });

  it('is a link also for what is no ARN', () => {
    expect(() => new URL(linkExecution('rollout-1'))).not.toThrow();
  });
});
