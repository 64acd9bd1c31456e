import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { AslStateMachine, type AslStateMachineProps } from '../../infra/constructs/asl-state-machine.ts';
import { machineReference } from '../../infra/constructs/machine-reference.ts';
import { choice, type Json, machine, task, writeMachine } from './support/machines.ts';
import { makeLambda, makeStack, rightsOf } from './support/stacks.ts';

type Given = Omit<AslStateMachineProps, 'name' | 'file'>;

const add = (stack: Stack, definition: Json, given: Given) =>
  new AslStateMachine(stack, 'Coffee', { name: 'coffee', file: writeMachine(definition), ...given });

/** Synthesises a machine on a fresh stack and gives what its role may do, beyond logs and traces. */
const rights = (definition: Json, give: (stack: Stack) => Given): string[] => {
  const stack = makeStack();
  add(stack, definition, give(stack));
  return rightsOf(Template.fromStack(stack), 'CoffeeRole').filter((right) => !/^(logs|xray):/.test(right));
};

const serve = (integration: string, argument: Json): Json =>
  machine({ Serve: task({ Resource: `arn:aws:states:::${integration}`, Arguments: argument }) });

describe('the role may do exactly what the integrations of the file document', () => {
  const child = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-tea';
  const childRuns = 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-tea:*';
  const waitRule =
    'arn:aws:events:eu-central-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';
  const lambda = (stack: Stack): Given => ({ functions: { ServeCoffee: makeLambda(stack) } });
  const tea = (stack: Stack): Given => ({ machines: { Tea: machineReference(stack, 'tea') } });
  const sync = [
    `events:DescribeRule on ${waitRule}`,
    `events:PutRule on ${waitRule}`,
    `events:PutTargets on ${waitRule}`,
    `states:DescribeExecution on ${childRuns}`,
    `states:StartExecution on ${child}`,
    `states:StopExecution on ${childRuns}`,
  ];
  const cases: [string, Json, (stack: Stack) => Given, string[]][] = [
    [
      'lambda:invoke',
      { FunctionName: '${ServeCoffeeArn}' },
      lambda,
      ['lambda:InvokeFunction on ServeCoffeeFunction'],
    ],
    [
      'lambda:invoke.waitForTaskToken',
      { FunctionName: '${ServeCoffeeArn}' },
      lambda,
      ['lambda:InvokeFunction on ServeCoffeeFunction'],
    ],
    ['states:startExecution', { StateMachineArn: '${TeaArn}' }, tea, [`states:StartExecution on ${child}`]],
    [
      'states:startExecution.waitForTaskToken',
      { StateMachineArn: '${TeaArn}' },
      tea,
      [`states:StartExecution on ${child}`],
    ],
    ['states:startExecution.sync', { StateMachineArn: '${TeaArn}' }, tea, sync],
    ['states:startExecution.sync:2', { StateMachineArn: '${TeaArn}' }, tea, sync],
    [
      'sns:publish',
      { TopicArn: '${BarArn}' },
      (stack) => ({ topics: { Bar: new Topic(stack, 'Bar') } }),
      ['sns:Publish on Bar'],
    ],
    [
      'sqs:sendMessage',
      { QueueUrl: '${LineUrl}' },
      (stack) => ({ queues: { Line: new Queue(stack, 'Line') } }),
      ['sqs:SendMessage on Line'],
    ],
    [
      'events:putEvents',
      { Entries: [{ EventBusName: '${RoundName}' }] },
      (stack) => ({ buses: { Round: new EventBus(stack, 'Round') } }),
      ['events:PutEvents on Round'],
    ],
  ];
  test.each(cases)('%s', (integration, argument, give, expected) => {
    expect(rights(serve(integration, argument), give)).toEqual(expected);
  });

  test('two Tasks on one function need one right', () => {
    const twice = machine({
      IsThirstGone: choice({ Default: 'ServeAgain' }),
      ServeAgain: task({ Next: 'End' }),
    });
    expect(rights(twice, lambda)).toEqual(['lambda:InvokeFunction on ServeCoffeeFunction']);
  });
});

describe('refuses to synthesise', () => {
  const again = choice({ Choices: [{ Next: 'Serve' }] });
  const cases: [string, Json, (stack: Stack) => Given, RegExp][] = [
    ['a placeholder that nothing fills', machine(), () => ({}), /\$\{ServeCoffeeArn\} stands for nothing/],
    [
      'a function that no Task uses',
      machine(),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack), ServeTea: makeLambda(stack, 'Tea') } }),
      /function ServeTea is given, and no Task uses \$\{ServeTeaArn\}/,
    ],
    [
      'a right that no Task needs',
      machine(),
      (stack) => ({
        functions: { ServeCoffee: makeLambda(stack) },
        topics: { Bar: new Topic(stack, 'Bar') },
      }),
      /topic Bar is given, and no Task uses/,
    ],
    [
      'a target of another kind than the integration takes',
      serve('sns:publish', { TopicArn: '${ServeCoffeeArn}' }),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack) } }),
      /Serve needs a topic ServeCoffee/,
    ],
    [
      'a target that is made up at run time, so nothing could be granted',
      serve('lambda:invoke', { FunctionName: '{% $states.input.arn %}' }),
      () => ({}),
      /Serve must name its function by a placeholder in FunctionName/,
    ],
    [
      'one of several events without a bus',
      serve('events:putEvents', { Entries: [{ EventBusName: '${RoundName}' }, { Source: 'bar' }] }),
      (stack) => ({ buses: { Round: new EventBus(stack, 'Round') } }),
      /Serve must name its bus/,
    ],
    [
      'an error name that nothing throws',
      machine({ Fail: { Type: 'Fail', Comment: 'Broken.', Error: 'CoffeeError' } }),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack) } }),
      /Fails as CoffeeError/,
    ],
    [
      'an integration that is not in the table',
      serve('dynamodb:putItem', {}),
      () => ({}),
      /not in the table of integrations/,
    ],
    [
      'a Task that gives up before its function does',
      machine(),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack, 'Slow', 60) } }),
      /TimeoutSeconds 60 must be above the 60 s that the function ServeCoffee may take/,
    ],
    [
      'a loop without a bound',
      machine({ IsThirstGone: again }),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack) } }),
      /Say how often the loop/,
    ],
    [
      'a history that Step Functions would cut off',
      machine({ IsThirstGone: again }),
      (stack) => ({ functions: { ServeCoffee: makeLambda(stack) }, loops: { Serve: 2_500 } }),
      /May leave 25004 events of history/,
    ],
  ];
  test.each(cases)('%s', (_, definition, give, message) => {
    const stack = makeStack();
    expect(() => add(stack, definition, give(stack))).toThrow(message);
  });

  test('and says everything that is wrong at once, under the name of the file', () => {
    const broken = machine({ Serve: task({ TimeoutSeconds: undefined, Catch: [] }), Fail: undefined });
    expect(() => add(makeStack(), broken, {})).toThrow(
      /^coffee\.asl\.json does not fit:(?=[^]*no TimeoutSeconds)(?=[^]*last entry)(?=[^]*stands for nothing)/,
    );
  });
});

test('the machine is traced, and its log tells failures without the data of a run', () => {
  const stack = makeStack();
  add(stack, machine(), { functions: { ServeCoffee: makeLambda(stack) } });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'drydock-main-coffee',
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
    DefinitionSubstitutions: { ServeCoffeeArn: Match.anyValue() },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/states/drydock-main-coffee',
    RetentionInDays: 30,
  });
});
