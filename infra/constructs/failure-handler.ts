import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Construct } from 'constructs';
import type { MachineReference } from './machine-reference.ts';
import type { NodeLambda } from './node-lambda.ts';
import { DeadLetterQueue } from './work-queue.ts';

/** A failure event is worth telling for this long; later a schedule has found what was held. */
const MAX_EVENT_AGE = Duration.hours(2);

/**
 * Lets a Lambda hear of every execution of these machines that failed, ran out of time or was stopped. By name, not by
 * resource: the handler must hear of a machine without either depending on the other.
 */
export const handleFailures = (
  scope: Construct,
  handler: NodeLambda,
  machines: readonly MachineReference[],
): void => {
  const lost = new DeadLetterQueue(scope, 'FailuresNotHandled');
  handler.function.configureAsyncInvoke({
    onFailure: new SqsDestination(lost.queue),
    maxEventAge: MAX_EVENT_AGE,
    retryAttempts: 2,
  });
  new Rule(scope, 'Failures', {
    description: 'Executions that failed, ran out of time or were stopped',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: machines.map(({ arn }) => arn),
      },
    },
    targets: [
      new LambdaFunction(handler.function, {
        deadLetterQueue: lost.queue,
        maxEventAge: MAX_EVENT_AGE,
        retryAttempts: 10,
      }),
    ],
  });
};
