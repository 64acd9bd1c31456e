import { DAY_MS } from '../../rules/utc-days.ts';
import type { BucketSize } from '../bucket-facts.ts';
import type { BucketPlace } from './bucket-call.ts';
import { type MetricPoint, readMetrics } from './read-metrics.ts';

/** S3 counts once a day, and the count comes up to two days later. */
const DAYS_BACK = 4;

/**
 * All storage classes of buckets by their name here, asked for in one call; `...Overhead` counts index entries and bytes
 * that are billed and not there.
 *
 * Source: Amazon S3 User Guide, "Metrics and dimensions": BucketSizeBytes, NumberOfObjects, StorageType.
 */
const STORAGE_TYPES = [
  'StandardStorage',
  'StandardIAStorage',
  'OneZoneIAStorage',
  'ReducedRedundancyStorage',
  'IntelligentTieringFAStorage',
  'IntelligentTieringIAStorage',
  'IntelligentTieringAIAStorage',
  'IntelligentTieringAAStorage',
  'IntelligentTieringDAAStorage',
  'GlacierInstantRetrievalStorage',
  'GlacierStorage',
  'GlacierStagingStorage',
  'DeepArchiveStorage',
  'DeepArchiveStagingStorage',
];

/** What lies in a bucket, all storage classes together. */
export const readSize = async (
  { bucket, region }: BucketPlace,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<BucketSize | undefined> => {
  const place = { region, about: `bucket ${bucket}` };
  const ask = (name: string, type: string) => ({
    name,
    dimensions: { BucketName: bucket, StorageType: type },
    statistic: 'Average' as const,
    period: DAY_MS / 1000,
    from: new Date(now.getTime() - DAYS_BACK * DAY_MS),
  });
  const questions = [
    ask('NumberOfObjects', 'AllStorageTypes'),
    ...STORAGE_TYPES.map((type) => ask('BucketSizeBytes', type)),
  ];
  const [objects = [], ...sizes] = await readMetrics(place, questions, now, signal);
  const last = sizes.flatMap((points) => points.at(-1) ?? []);
  if (last.length === 0) return undefined;
  const count = objects.at(-1)?.value;
  return {
    bytes: sum(last),
    ...(count !== undefined && { objects: Math.round(count) }),
    countedAt: new Date(Math.max(...last.map(({ at }) => at.getTime()))).toISOString(),
  };
};

const sum = (points: readonly MetricPoint[]): number =>
  points.reduce((total, { value }) => total + Math.round(value), 0);
