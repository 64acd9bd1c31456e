import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import {
  FRESHNESS_METRIC,
  FRESHNESS_PERIOD_SECONDS,
  freshnessDimensions,
} from '../functions/records/backup/freshness-metric.ts';
import { DRILL_METRIC, drillDimensions } from '../functions/records/backup/last-drill.ts';
import type { BackupSubject, DrillSubject } from './backup-subjects.ts';
import type { SiteResources } from './site-resources.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Looks in a row: one may come a little late, and leave a period without a value. */
const LOOKS = 2;

/**
 * The dead man's alarm of each policy: no verified backup that is young enough, or nobody who looked. It fires also when
 * nothing ran at all, and when whoever looks is dead.
 */
export const addFreshnessAlarms = (
  scope: Construct,
  resources: SiteResources,
  backups: readonly BackupSubject[],
): Alarm[] =>
  backups.flatMap(({ environment, settings }) =>
    Object.entries(settings.policies).map(([policy, { freshnessHours }]) =>
      addAgeAlarm(scope, resources, {
        id: `Freshness-${environment}-${policy}`,
        metric: FRESHNESS_METRIC,
        dimensions: freshnessDimensions(environment, policy),
        limitSeconds: freshnessHours * HOUR_SECONDS,
        message:
          `No verified backup of ${environment} by its policy ${policy} is younger than ${freshnessHours} hours, or ` +
          'nobody could look. npm run backup-sets -- list says which sets there are, the machine backup how its runs ended.',
      }),
    ),
  );

/** The same for rehearsals: no restore that was rehearsed to a good end and is young enough, or nobody who looked. */
export const addDrillAlarms = (
  scope: Construct,
  resources: SiteResources,
  drills: readonly DrillSubject[],
): Alarm[] =>
  drills.map(({ environment, drill: { maxAgeDays } }) =>
    addAgeAlarm(scope, resources, {
      id: `DrillAge-${environment}`,
      metric: DRILL_METRIC,
      dimensions: drillDimensions(environment),
      limitSeconds: maxAgeDays * DAY_SECONDS,
      message:
        `No restore of ${environment} was rehearsed to a good end within ${maxAgeDays} days, or nobody could look. The ` +
        'machine restore-drill says how its runs ended, and their messages why.',
    }),
  );

interface AgeAlarm {
  readonly id: string;
  readonly metric: { readonly namespace: string; readonly name: string };
  readonly dimensions: Record<string, string>;
  readonly limitSeconds: number;
  readonly message: string;
}

const addAgeAlarm = (
  scope: Construct,
  { site, topic }: SiteResources,
  { id, metric, dimensions, limitSeconds, message }: AgeAlarm,
): Alarm => {
  const alarm = new Alarm(scope, id, {
    alarmName: `drydock-${site.name}-Backup-${id}`,
    alarmDescription: message,
    metric: new Metric({
      namespace: metric.namespace,
      metricName: metric.name,
      dimensionsMap: dimensions,
      period: Duration.seconds(FRESHNESS_PERIOD_SECONDS),
      statistic: Stats.MAXIMUM,
    }),
    threshold: limitSeconds,
    evaluationPeriods: LOOKS,
    datapointsToAlarm: LOOKS,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic.topic));
  alarm.addOkAction(new SnsAction(topic.topic));
  return alarm;
};
