import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Input } from '../../functions/deployment/finish-rollout.contract.ts';
import { buildExecution, buildOrder } from '../support/target-world.ts';

/** What the `rollout` machine makes of a step that was refused, by the file's own expressions. */

const Catcher = z.object({ ErrorEquals: z.array(z.string()), Output: z.string(), Next: z.string() });
const Machine = z.object({
  States: z.record(
    z.string(),
    z.object({
      Catch: z.array(Catcher).optional(),
      Arguments: z.object({ Payload: z.record(z.string(), z.string()) }).optional(),
    }),
  ),
});
const file = new URL('../../state-machines/rollout.asl.json', import.meta.url);
const { States } = Machine.parse(JSON.parse(readFileSync(file, 'utf8')));

const evaluate = (expression: string, states: Record<string, unknown>): Promise<unknown> =>
  jsonata(expression.replace(/^\{%|%\}$/g, '')).evaluate({}, { states });

const context = () => {
  const { arn: Id, name: Name, startedAt: StartTime } = buildExecution();
  return { Execution: { Id, Name, StartTime, Input: { order: buildOrder() } } };
};

const CAUSE = JSON.stringify({ errorType: 'RefusedError', errorMessage: 'not allowed' });

test.each([
  ['ApplyImage', 'RefusedError', 'refused', [CAUSE]],
  ['ApplyImage', 'TransientError', 'not-applied', [CAUSE]],
  ['WatchRollout', 'RefusedError', 'not-checked', [CAUSE]],
  ['RollBack', 'RefusedError', 'failed', ['pod web-x crashes', CAUSE]],
  ['WatchRollback', 'RefusedError', 'not-checked', ['pod web-x crashes', CAUSE]],
] as const)(
  '%s that ends in a %s is told as %s, with what was known before',
  async (state, error, outcome, reasons) => {
    const caught = States[state]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
    const input = await evaluate(caught?.Output ?? '', {
      input: { outcome: 'failed', code: 'crash-loop', reasons: ['pod web-x crashes'] },
      errorOutput: { Error: error, Cause: CAUSE },
    });
    const payload = Object.entries(States['FinishRollout']?.Arguments?.Payload ?? {}).map(
      async ([name, expression]) =>
        [name, await evaluate(expression, { input, context: context() })] as const,
    );
    const given = Input.parse(structuredClone(Object.fromEntries(await Promise.all(payload))));
    expect(given).toMatchObject({ outcome, reasons });
  },
);
