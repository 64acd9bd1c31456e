import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import {
  FRESHNESS_METRIC,
  FRESHNESS_PERIOD_SECONDS,
  freshnessDimensions,
} from '../functions/records/backup/freshness-metric.ts';
import type { BackupSubject } from './backup-subjects.ts';
import type { SiteResources } from './site-resources.ts';

const HOUR_SECONDS = 3600;

/** Looks in a row: one may come a little late, and leave a period without a value. */
const LOOKS = 2;

/**
 * The dead man's alarm of each policy: no verified backup that is young enough, or nobody who looked. It fires also when
 * nothing ran at all, and when whoever looks is dead.
 */
export const addFreshnessAlarms = (
  scope: Construct,
  { site, topic }: SiteResources,
  backups: readonly BackupSubject[],
): Alarm[] =>
  backups.flatMap(({ environment, settings }) =>
    Object.entries(settings.policies).map(([policy, { freshnessHours }]) => {
      const alarm = new Alarm(scope, `Freshness-${environment}-${policy}`, {
        alarmName: `drydock-${site.name}-Backup-Freshness-${environment}-${policy}`,
        alarmDescription:
          `No verified backup of ${environment} by its policy ${policy} is younger than ${freshnessHours} hours, or ` +
          'nobody could look. npm run backup-sets -- list says which sets there are, the machine backup how its runs ended.',
        metric: new Metric({
          namespace: FRESHNESS_METRIC.namespace,
          metricName: FRESHNESS_METRIC.name,
          dimensionsMap: freshnessDimensions(environment, policy),
          period: Duration.seconds(FRESHNESS_PERIOD_SECONDS),
          statistic: Stats.MAXIMUM,
        }),
        threshold: freshnessHours * HOUR_SECONDS,
        evaluationPeriods: LOOKS,
        datapointsToAlarm: LOOKS,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic.topic));
      alarm.addOkAction(new SnsAction(topic.topic));
      return alarm;
    }),
  );
