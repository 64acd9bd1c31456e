import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IConstruct } from 'constructs';
import { siteOf } from '../site.ts';
import { AslStateMachine } from './asl-state-machine.ts';
import { NodeLambda } from './node-lambda.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { WorkQueue } from './work-queue.ts';

export interface SiteDashboardProps {
  readonly watched: IConstruct;
  readonly alarms: readonly Alarm[];
}

/** CloudWatch lays widgets out on a grid of 24 columns. */
const FULL_WIDTH = 24;
const HALF_WIDTH = 12;

/** One page a site, in the order of an event's way: alarms, door and queue, machines, Lambdas. */
export class SiteDashboard extends Construct {
  constructor(scope: Construct, id: string, { watched, alarms }: SiteDashboardProps) {
    super(scope, id);
    const parts = watched.node.findAll();
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `drydock-${siteOf(this).name}`,
      defaultInterval: Duration.hours(3),
    });
    if (alarms.length > 0) {
      dashboard.addWidgets(
        new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: FULL_WIDTH, height: 6 }),
      );
    }
    for (const row of [doorRow(parts), machineRow(parts), lambdaRow(parts)]) {
      if (row.length > 0) dashboard.addWidgets(...row);
    }
  }
}

const doorRow = (parts: readonly IConstruct[]): IWidget[] =>
  parts.flatMap((part) => {
    if (part instanceof WebhookEndpoint)
      return [graph('Webhook: requests and refusals', gatewayMetrics(part))];
    if (!(part instanceof WorkQueue)) return [];
    return [
      graph('Accepted events: age, and those set aside', [
        part.queue.metricApproximateAgeOfOldestMessage({ label: 'oldest, s' }),
        part.deadLetters.queue.metricApproximateNumberOfMessagesVisible({ label: 'set aside' }),
      ]),
    ];
  });

const gatewayMetrics = ({ metrics }: WebhookEndpoint): IMetric[] =>
  ['Count', metrics.clientErrors, metrics.serverErrors].map(
    (metricName) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ...metrics.dimensions },
        statistic: Stats.SUM,
      }),
  );

const machineRow = (parts: readonly IConstruct[]): IWidget[] =>
  parts
    .filter((part) => part instanceof AslStateMachine)
    .map(({ reference, stateMachine }) =>
      graph(reference.name, [
        stateMachine.metricStarted({ label: 'started' }),
        stateMachine.metricSucceeded({ label: 'succeeded' }),
        stateMachine.metricFailed({ label: 'failed' }),
      ]),
    );

const lambdaRow = (parts: readonly IConstruct[]): IWidget[] => {
  const lambdas = parts.filter((part) => part instanceof NodeLambda);
  if (lambdas.length === 0) return [];
  return [
    graph(
      'Lambdas: errors',
      lambdas.map((lambda) => lambda.function.metricErrors({ label: lambda.entry })),
    ),
    graph(
      'Lambdas: p95 duration, ms',
      lambdas.map((lambda) => lambda.function.metricDuration({ label: lambda.entry, statistic: 'p95' })),
    ),
  ];
};

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: HALF_WIDTH, height: 6 });
