import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STANDARD_RETRY } from '../../../infra/constructs/asl-errors.ts';

/** JSON objects that tests change at will. */
export type Json = Record<string, unknown>;

/** A Task that breaks no rule. */
export const task = (overrides: Json = {}): Json => ({
  Type: 'Task',
  Comment: 'Somebody is thirsty.',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: '${ServeCoffeeArn}', Payload: '{% $states.input %}' },
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: [...STANDARD_RETRY], MaxAttempts: 3, JitterStrategy: 'FULL' }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fail' }],
  Next: 'IsThirstGone',
  ...overrides,
});

export const choice = (overrides: Json = {}): Json => ({
  Type: 'Choice',
  Comment: 'One cup may not be enough.',
  Choices: [{ Condition: '{% $states.input.thirsty %}', Next: 'End' }],
  Default: 'End',
  ...overrides,
});

/** A machine that breaks no rule, with some of its states replaced. */
export const machine = (states: Json = {}, overrides: Json = {}): Json => ({
  Comment: 'Serves coffee.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 300,
  StartAt: 'Serve',
  States: {
    Serve: task(),
    IsThirstGone: choice(),
    End: { Type: 'Succeed', Comment: 'Served.' },
    Fail: { Type: 'Fail', Comment: 'The machine is broken.', Error: 'DefectError' },
    ...states,
  },
  ...overrides,
});

/** Writes a machine to a file of its own and gives its path. */
export const writeMachine = (definition: Json): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-asl-')), 'coffee.asl.json');
  writeFileSync(file, JSON.stringify(definition));
  return file;
};
