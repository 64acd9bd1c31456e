import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './compliance.ts';

/** Days that a message waits for a person; the longest that SQS offers. */
const DEAD_LETTER_DAYS = 14;
/** Attempts before a message is set aside: enough to outlast a short outage, few enough to be seen within minutes. */
const ATTEMPTS = 5;

/** Where messages end that nobody could take; one that arrives is an alarm. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...ENCRYPTED,
      retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
    });
    acknowledge(this, 'AwsSolutions-SQS3', 'This is a dead-letter queue itself.');
    acknowledge(this, 'Serverless-SQSRedrivePolicy', 'This is a dead-letter queue itself.');
  }
}

export interface WorkQueueProps {
  /** Time limit of the function that reads it. */
  readonly consumerTimeout: Duration;
}

/** Work that is accepted and not done yet: encrypted, tried again, and set aside rather than lost. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { consumerTimeout }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      ...ENCRYPTED,
      // Six times the limit of the consumer, as the Lambda developer guide asks ("Using Lambda with Amazon SQS").
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()),
      retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: ATTEMPTS },
    });
  }
}

/** The key that SQS manages costs nothing and needs no grant, so EventBridge may send here as well. */
const ENCRYPTED = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
};
