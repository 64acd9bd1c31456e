import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AslStateMachine } from './asl-state-machine.ts';
import type { NodeLambda } from './node-lambda.ts';
import type { GatewayMetrics } from './webhook-endpoint.ts';
import type { DeadLetterQueue, WorkQueue } from './work-queue.ts';

/** One alarm: what is measured, from when on it is news, and what it tells the person it wakes. */
export interface AlarmRule {
  readonly id: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Periods in a row. */
  readonly periods: number;
  readonly message: string;
}

/** A Lambda that comes this near to its limit will be killed on a slower day. */
const NEAR_TIMEOUT = 0.9;
/** Seconds that a message may wait; the start of a deployment takes less than one. */
const MAX_QUEUE_AGE_SECONDS = 300;

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/**
 * Errors of a function behind a machine are no alarm: it retries them, and what remains fails the machine, which is
 * one. So a registry that is away for a minute and a typo in the console wake nobody.
 */
export const lambdaRules = (lambda: NodeLambda, isBehindMachine: boolean): AlarmRule[] => {
  const { function: it, timeout } = lambda;
  const name = lambda.entry;
  const errors: AlarmRule = {
    id: 'Errors',
    metric: it.metricErrors({ period: MINUTE, statistic: Stats.SUM }),
    threshold: 1,
    periods: 1,
    message: `${name} failed, and no state machine stands behind it. Its log says why.`,
  };
  const throttles: AlarmRule = {
    id: 'Throttles',
    metric: it.metricThrottles({ period: FIVE_MINUTES, statistic: Stats.SUM }),
    threshold: 1,
    periods: isBehindMachine ? 3 : 1,
    message: `${name} was turned away for lack of concurrency. Look at the account's limit and who uses it up.`,
  };
  const slow: AlarmRule = {
    id: 'NearTimeout',
    metric: it.metricDuration({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
    threshold: NEAR_TIMEOUT * timeout.toMilliseconds(),
    periods: 3,
    message: `${name} needs nearly all of its ${timeout.toSeconds()} s. Its trace shows which call is slow.`,
  };
  return [...(isBehindMachine ? [] : [errors]), throttles, slow];
};

/** What a machine ends as when it is not a normal ending; normal ones succeed and carry an outcome. */
export const machineRules = ({ stateMachine, reference }: AslStateMachine): AlarmRule[] => {
  const options = { period: MINUTE, statistic: Stats.SUM };
  const rule = (id: string, metric: IMetric, what: string): AlarmRule => ({
    id,
    metric,
    threshold: 1,
    periods: 1,
    message: `An execution of ${reference.name} ${what}. Open it in Step Functions: the red state says why.`,
  });
  return [
    rule('Failed', stateMachine.metricFailed(options), 'failed'),
    rule('TimedOut', stateMachine.metricTimedOut(options), 'ran out of time'),
    rule('Aborted', stateMachine.metricAborted(options), 'was stopped by somebody'),
  ];
};

export const queueRules = ({ queue }: WorkQueue): AlarmRule[] => [
  {
    id: 'Age',
    metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: Stats.MAXIMUM }),
    threshold: MAX_QUEUE_AGE_SECONDS,
    periods: 3,
    message: `Accepted events wait longer than ${MAX_QUEUE_AGE_SECONDS} s. Look at the function that reads the queue.`,
  },
];

export const deadLetterRules = ({ queue }: DeadLetterQueue): AlarmRule[] => [
  {
    id: 'Messages',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: Stats.MAXIMUM }),
    threshold: 1,
    periods: 1,
    message:
      'An event was set aside after several attempts. Read it in the queue, mend the cause, then redrive it ' +
      '("Start DLQ redrive" in the console).',
  },
];

/** A sender with a wrong secret or too large a body keeps trying; a passing scanner does not. */
export const gatewayRules = (metrics: GatewayMetrics): AlarmRule[] => {
  const metric = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ...metrics.dimensions },
      period: FIVE_MINUTES,
      statistic: Stats.SUM,
    });
  return [
    {
      id: 'ClientErrors',
      metric: metric(metrics.clientErrors),
      threshold: 10,
      periods: 3,
      message:
        'Senders are turned away, for 15 minutes now: a wrong secret (401), too large a body (413) or too many ' +
        'requests (429). The access log says who. The sweep repairs what was missed.',
    },
    {
      id: 'ServerErrors',
      metric: metric(metrics.serverErrors),
      threshold: 5,
      periods: 1,
      message: 'The webhook could not accept events, so senders were told to come again. Look at its log.',
    },
  ];
};
