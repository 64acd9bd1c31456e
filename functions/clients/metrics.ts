import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { AWS_SETTINGS, perRegion } from './aws-clients.ts';
import { explainAwsError } from './aws-errors.ts';

/** One value of one metric. */
export interface MetricValue {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: 'Seconds' | 'Count';
}

/** Metrics of CloudWatch, written. */
export interface Metrics {
  /**
   * Writes values of one moment; none sends nothing.
   *
   * @throws RefusedError `metrics.forbidden` (with the missing right as its `permission`), `metrics.no-credentials`,
   * `metrics.refused`.
   * @throws TransientError `metrics.unreachable`, `metrics.throttled`.
   */
  put(namespace: string, values: readonly MetricValue[], at: Date): Promise<void>;
}

/** Values that one request takes. Source: CloudWatch API reference, PutMetricData: 1,000 metrics and 1 MB. */
const MAX_VALUES = 1_000;

const inRegion = perRegion((region) => new CloudWatchClient({ ...AWS_SETTINGS, region }));
let ownRegion: CloudWatchClient | undefined;

/** Opens CloudWatch. @param region in a Lambda otherwise that of the Lambda. */
export const openMetrics = (region?: string): Metrics => {
  const cloudWatch =
    region === undefined ? (ownRegion ??= new CloudWatchClient({ ...AWS_SETTINGS })) : inRegion(region);
  return {
    async put(namespace, values, at) {
      for (let from = 0; from < values.length; from += MAX_VALUES) {
        const page = values.slice(from, from + MAX_VALUES);
        const command = new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: page.map(({ name, dimensions, value, unit }) => ({
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            Value: value,
            Unit: unit,
            Timestamp: at,
          })),
        });
        try {
          await cloudWatch.send(command);
        } catch (error) {
          throw explainAwsError(error, {
            scope: 'metrics',
            service: 'CloudWatch',
            action: 'cloudwatch:PutMetricData',
            where: `metrics of ${namespace}`,
          });
        }
      }
    },
  };
};
