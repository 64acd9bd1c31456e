import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
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

/** Of a function that nothing stands behind: a queue or a caller has its own way with a failure, and nobody is told. */
export const lambdaRules = (lambda: NodeLambda): AlarmRule[] => {
  const { function: it, timeout } = lambda;
  const name = lambda.entry;
  return [
    {
      id: 'Errors',
      metric: it.metricErrors({ period: MINUTE, statistic: Stats.SUM }),
      threshold: 1,
      periods: 1,
      message: `${name} failed, and no state machine stands behind it. Its log says why.`,
    },
    {
      id: 'Throttles',
      metric: throttlesOf(lambda),
      threshold: 1,
      periods: 1,
      message: `${name} was turned away for lack of concurrency. Look at the account's limit and who uses it up.`,
    },
    {
      id: 'NearTimeout',
      metric: durationOf(lambda),
      threshold: NEAR_TIMEOUT * timeout.toMilliseconds(),
      periods: 3,
      message: `${name} needs nearly all of its ${timeout.toSeconds()} s. Its trace shows which call is slow.`,
    },
  ];
};

/**
 * Of functions behind machines. Their errors are no alarm: the machine tries again, and what remains fails the machine,
 * which is one; so a registry that is away for a minute and a typo in the console wake nobody. What wears on them is told
 * for several at once, since CloudFormation takes 500 resources a stack.
 *
 * @param lambdas at most `STEPS_AN_ALARM`.
 */
export const stepRules = (lambdas: readonly NodeLambda[]): AlarmRule[] => {
  const names = lambdas.map(({ entry }) => entry).join(', ');
  const metrics = (prefix: string, of: (lambda: NodeLambda) => IMetric) =>
    Object.fromEntries(lambdas.map((lambda, index) => [`${prefix}${index}`, of(lambda)]));
  const shareOf = (lambda: NodeLambda, index: number): IMetric =>
    new MathExpression({
      expression: `duration${index} / ${lambda.timeout.toMilliseconds()}`,
      usingMetrics: { [`duration${index}`]: durationOf(lambda) },
      period: FIVE_MINUTES,
      label: lambda.entry,
    });
  const shares = Object.fromEntries(
    lambdas.map((lambda, index) => [`share${index}`, shareOf(lambda, index)]),
  );
  return [
    {
      id: 'Throttles',
      metric: new MathExpression({
        expression: `SUM([${lambdas.map((_, index) => `throttles${index}`).join(', ')}])`,
        usingMetrics: metrics('throttles', throttlesOf),
        period: FIVE_MINUTES,
        label: 'turned away',
      }),
      threshold: 1,
      periods: 3,
      message: `One of these was turned away for lack of concurrency: ${names}. Look at the account's limit and who uses it up.`,
    },
    {
      id: 'NearTimeout',
      metric: new MathExpression({
        expression: `MAX([${Object.keys(shares).join(', ')}])`,
        usingMetrics: shares,
        period: FIVE_MINUTES,
        label: 'share of the time limit',
      }),
      threshold: NEAR_TIMEOUT,
      periods: 3,
      message: `One of these needs nearly all of its time: ${names}. The graph of the alarm names it, its trace shows which call is slow.`,
    },
  ];
};

/**
 * Functions that one alarm watches: each takes a metric and an expression, and one expression is their sum. Source:
 * CloudWatch API reference, PutMetricAlarm: as many as 10 metrics and 10 expressions.
 */
export const STEPS_AN_ALARM = 9;

const throttlesOf = ({ function: it }: NodeLambda): IMetric =>
  it.metricThrottles({ period: FIVE_MINUTES, statistic: Stats.SUM });

const durationOf = ({ function: it }: NodeLambda): IMetric =>
  it.metricDuration({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM });

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
