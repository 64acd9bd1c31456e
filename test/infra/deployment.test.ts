import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { listResources, makeConfiguration, rightsOf, synthesise } from './support/stacks.ts';

const { template } = synthesise(makeConfiguration());
const ofType = (type: string) => listResources(template).filter((resource) => resource.Type === type);

describe('the roles of the machines', () => {
  const own = [
    'CreateLogDelivery',
    'DeleteLogDelivery',
    'DescribeLogGroups',
    'DescribeResourcePolicies',
    'GetLogDelivery',
    'ListLogDeliveries',
    'PutResourcePolicy',
    'UpdateLogDelivery',
  ].map((action) => `logs:${action} on *`);
  const traces = ['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'].map(
    (action) => `xray:${action} on *`,
  );
  const invoke = (...functions: string[]) =>
    functions.map((name) => `lambda:InvokeFunction on Deployment${name}Function`);

  test.each([
    ['DeploymentMachine', invoke('DecideTargets', 'DeferImage', 'StartRollouts', 'VerifyImage')],
    ['RolloutMachine', invoke('ApplyImage', 'CollectLogs', 'FinishRollout', 'RollBack', 'WatchRollout')],
    ['SweepMachine', invoke('PlanSweep', 'RepairRecords', 'SweepRepository')],
    ['ControlMachine', invoke('SetControl')],
  ])('%s calls its own steps and nothing else', (id, rights) => {
    expect(rightsOf(template, `Deployment${id}Role`)).toEqual([...rights, ...own, ...traces].sort());
  });
});

test('the stop button may start the sweep, which looks for what was held back', () => {
  expect(rightsOf(template, 'DeploymentSetControlRole')).toContain(
    'states:StartExecution on arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-deployment-sweep',
  );
});

describe('the machines', () => {
  test('have a time limit each, traces, and a log that ends', () => {
    const machines = ofType('AWS::StepFunctions::StateMachine');
    const limits = machines.map(({ Properties }) => {
      const definition = JSON.parse(String(Properties['DefinitionString']));
      return [String(Properties['StateMachineName']), Number(definition.TimeoutSeconds)];
    });
    expect(Object.fromEntries(limits)).toEqual({
      'drydock-main-deployment': 900,
      'drydock-main-rollout': 93_600,
      'drydock-main-deployment-sweep': 3_600,
      'drydock-main-control': 300,
    });
  });

  test('every log group forgets', () => {
    expect(
      ofType('AWS::Logs::LogGroup').every(({ Properties }) => Properties['RetentionInDays'] === 30),
    ).toBe(true);
  });
});

describe('the way of an event', () => {
  test('the door has concurrency of its own, so that a storm takes none from others and it is never without', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('registries and CI jobs post'),
      ReservedConcurrentExecutions: 20,
    });
  });

  test('queues are encrypted, and the one with work sets aside what fails five times', () => {
    expect(
      ofType('AWS::SQS::Queue').every(({ Properties }) => Properties['SqsManagedSseEnabled'] === true),
    ).toBe(true);
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { maxReceiveCount: 5 },
      VisibilityTimeout: 180,
    });
  });

  test('the queue is read with partial batch failures', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10,
    });
  });

  test('a sweep starts as often as drydock.yaml says', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(15 minutes)' });
  });

  test('a failed, late or stopped execution of any machine reaches the failure handler', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: ['deployment', 'rollout', 'deployment-sweep', 'control'].map((name) =>
            Match.stringLikeRegexp(`:stateMachine:drydock-main-${name}$`),
          ),
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('each cluster of the site knows the one role of its Lambdas', () => {
    template.hasResourceProperties('AWS::EKS::AccessEntry', {
      ClusterName: 'production',
      KubernetesGroups: ['drydock:deployment'],
    });
    expect(rightsOf(template, 'DeploymentClusterRole')).toContain(
      'eks:DescribeCluster on arn:aws:eks:eu-central-1:111122223333:cluster/production',
    );
  });

  test('the topic is encrypted', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  });
});
