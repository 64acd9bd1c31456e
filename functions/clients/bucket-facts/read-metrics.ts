import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';

const useCloudWatch = perRegion((region) => new CloudWatchClient({ ...AWS_SETTINGS, region }));

const NAMESPACE = 'AWS/S3';

/** One metric of S3, and how it is read. */
export interface MetricQuestion {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  /** Seconds, a multiple of 60. */
  readonly period: number;
  readonly from: Date;
}

export interface MetricPoint {
  readonly at: Date;
  readonly value: number;
}

/** Where metrics are, and what they are about, for messages. */
interface MetricPlace {
  readonly region: string;
  readonly about: string;
}

/** GetMetricData: the points of each metric until now, oldest first; at most 500 metrics, as CloudWatch takes them. */
export const readMetrics = async (
  place: MetricPlace,
  questions: readonly MetricQuestion[],
  now: Date,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly MetricPoint[])[]> => {
  if (questions.length === 0) return [];
  const from = Math.min(...questions.map((question) => question.from.getTime()));
  const results = await callCloudWatch(place, signal, async (client, options) => {
    const found: MetricDataResult[] = [];
    let NextToken: string | undefined;
    do {
      const input = {
        StartTime: new Date(from),
        EndTime: now,
        ScanBy: 'TimestampAscending' as const,
        MetricDataQueries: questions.map(toQuery),
        NextToken,
      };
      const page = await client.send(new GetMetricDataCommand(input), options);
      found.push(...(page.MetricDataResults ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  });
  return questions.map((question, index) =>
    results
      .filter(({ Id }) => Id === idOf(index))
      .flatMap(({ Timestamps = [], Values = [] }) =>
        Timestamps.flatMap((at, index_) => {
          const value = Values[index_];
          return value === undefined || at < question.from ? [] : [{ at, value }];
        }),
      )
      .toSorted((a, b) => a.at.getTime() - b.at.getTime()),
  );
};

const callCloudWatch = async <T>(
  { region, about }: MetricPlace,
  signal: AbortSignal | undefined,
  call: (client: CloudWatchClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> => {
  try {
    return await call(useCloudWatch(region), limitTime(signal));
  } catch (error) {
    const where = `metrics of ${about} in ${region}`;
    const action = 'cloudwatch:GetMetricData';
    throw explainAwsError(error, { scope: 'bucket', service: 'CloudWatch', action, where });
  }
};

const toQuery = ({ name, dimensions, statistic, period }: MetricQuestion, index: number) => ({
  Id: idOf(index),
  MetricStat: {
    Metric: { Namespace: NAMESPACE, MetricName: name, Dimensions: toDimensions(dimensions) },
    Period: period,
    Stat: statistic,
  },
});

const idOf = (index: number): string => `m${index}`;

const toDimensions = (dimensions: Readonly<Record<string, string>>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
