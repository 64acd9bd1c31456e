import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { parseAsl } from '../../infra/constructs/asl-definition.ts';
import { OUR_ERRORS, STANDARD_RETRY } from '../../infra/constructs/asl-errors.ts';
import { lintStateMachine } from '../../infra/constructs/asl-lint.ts';
import { choice, type Json, machine, task } from './support/machines.ts';

const lint = (definition: Json) => lintStateMachine(parseAsl(JSON.stringify(definition)));
const retry = (...names: string[]) => [{ ErrorEquals: names, JitterStrategy: 'FULL' }];
const withoutKey = (state: Json, key: string): Json =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name !== key));

test('a machine that keeps all rules has no finding', () => {
  expect(lint(machine())).toEqual([]);
});

const breaches: [what: string, definition: Json, state: string, rule: string][] = [
  ['a machine without a Comment', machine({}, { Comment: ' ' }), '', 'comment'],
  ['a machine in JSONPath', machine({}, { QueryLanguage: 'JSONPath' }), '', 'query-language'],
  ['a machine without a time limit', withoutKey(machine(), 'TimeoutSeconds'), '', 'task-timeout'],
  ['a state without a Comment', machine({ Serve: withoutKey(task(), 'Comment') }), 'Serve', 'comment'],
  ['a state in JSONPath', machine({ Serve: task({ QueryLanguage: 'JSONPath' }) }), 'Serve', 'query-language'],
  ['a next state that is not there', machine({ Serve: task({ Next: 'Sleep' }) }), 'Serve', 'graph'],
  ['a Task that goes nowhere', machine({ Serve: withoutKey(task(), 'Next') }), 'Serve', 'graph'],
  ['a state nobody leads to', machine({ Wait: { Type: 'Succeed', Comment: 'Idle.' } }), 'Wait', 'graph'],
  [
    'an integration that is not in the table',
    machine({ Serve: task({ Resource: 'arn:aws:states:::dynamodb:putItem' }) }),
    'Serve',
    'integration',
  ],
  [
    'a distributed Map',
    machine({
      IsThirstGone: {
        Type: 'Map',
        Comment: 'Many cups.',
        Next: 'End',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED' },
          StartAt: 'Pour',
          States: { Pour: { Type: 'Pass', Comment: 'One cup.', End: true } },
        },
      },
    }),
    'IsThirstGone',
    'integration',
  ],
  [
    'a Task without a time limit',
    machine({ Serve: withoutKey(task(), 'TimeoutSeconds') }),
    'Serve',
    'task-timeout',
  ],
  ...STANDARD_RETRY.map((name): [string, Json, string, string] => [
    `a Task that does not retry ${name}`,
    machine({ Serve: task({ Retry: retry(...STANDARD_RETRY.filter((other) => other !== name)) }) }),
    'Serve',
    'task-retry',
  ]),
  ...['RefusedError', 'DefectError', 'States.ALL', 'States.TaskFailed'].map(
    (name): [string, Json, string, string] => [
      `a Task that retries ${name}`,
      machine({ Serve: task({ Retry: retry(...STANDARD_RETRY, name) }) }),
      'Serve',
      'task-retry',
    ],
  ),
  [
    'a retry without jitter',
    machine({ Serve: task({ Retry: [{ ErrorEquals: [...STANDARD_RETRY] }] }) }),
    'Serve',
    'task-retry',
  ],
  [
    'a retry of no attempts',
    machine({ Serve: task({ Retry: [{ ...retry(...STANDARD_RETRY)[0], MaxAttempts: 0 }] }) }),
    'Serve',
    'task-retry',
  ],
  [
    'a Task on another service without a retry',
    machine({ Serve: task({ Resource: 'arn:aws:states:::sns:publish', Retry: [] }) }),
    'Serve',
    'task-retry',
  ],
  [
    'a Task without a Catch',
    machine({ Serve: withoutKey(task(), 'Catch'), Fail: choice() }),
    'Serve',
    'task-catch',
  ],
  [
    'a Catch of all that is not the last',
    machine({
      Serve: task({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'Fail' },
          { ErrorEquals: ['RefusedError'], Next: 'Fail' },
        ],
      }),
    }),
    'Serve',
    'task-catch',
  ],
  [
    'a Catch of a misspelt error',
    machine({
      Serve: task({
        Catch: [
          { ErrorEquals: ['RefuseError'], Next: 'Fail' },
          { ErrorEquals: ['States.ALL'], Next: 'Fail' },
        ],
      }),
    }),
    'Serve',
    'error-name',
  ],
  [
    'a Retry of a misspelt error',
    machine({ Serve: task({ Retry: retry(...STANDARD_RETRY, 'Lambda.Unkown') }) }),
    'Serve',
    'error-name',
  ],
  [
    'a Fail with an error that is not ours',
    machine({ Fail: { Type: 'Fail', Comment: 'Broken.', Error: 'CoffeeError' } }),
    'Fail',
    'error-name',
  ],
  [
    'a Choice without a Default',
    machine({ IsThirstGone: withoutKey(choice(), 'Default') }),
    'IsThirstGone',
    'choice-default',
  ],
  [
    'a Choice that is no question',
    machine({
      Serve: task({ Next: 'Thirst' }),
      IsThirstGone: choice(),
      Thirst: choice({ Default: 'IsThirstGone' }),
    }),
    'Thirst',
    'choice-question',
  ],
];

test.each(breaches)('%s is a finding', (_, definition, state, rule) => {
  expect(lint(definition).map((finding) => [finding.state, finding.rule])).toContainEqual([state, rule]);
});

test('what lies inside a Map is looked at too', () => {
  const inner = { StartAt: 'Pour', States: { Pour: { Type: 'Pass', End: true } } };
  const map = { Type: 'Map', Comment: 'Many cups.', ItemProcessor: inner, Next: 'End' };
  expect(lint(machine({ IsThirstGone: map }))).toMatchObject([{ state: 'Pour', rule: 'comment' }]);
});

test('the names that machines may catch are those of our errors', () => {
  const names = [TransientError, RefusedError, DefectError].map((Kind) => new Kind('code', 'message').name);
  expect([...OUR_ERRORS].sort()).toEqual(names.sort());
});

describe('our machines', () => {
  const folder = new URL('../../state-machines/', import.meta.url);
  test.each(readdirSync(folder).filter((file) => file.endsWith('.asl.json')))(
    '%s keeps all rules',
    (file) => {
      expect(lintStateMachine(parseAsl(readFileSync(new URL(file, folder), 'utf8')))).toEqual([]);
    },
  );
});
