import { afterAll, beforeAll, vi } from 'vitest';
import { type AwsAnswer, type AwsEndpoint, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../../support/canned-server.ts';

/** One metric that CloudWatch is to know: its name, its dimensions as `Name=Value`, and its points. */
export interface CannedMetric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly points: readonly (readonly [at: string, value: number])[];
}

interface BucketEndpoints {
  /** Answers a request to S3, by `HEAD` or the name of its query: `versioning`. */
  readonly answerS3: (answers: Readonly<Record<string, CannedAnswer>>) => void;
  readonly answerMetrics: (metrics: readonly CannedMetric[]) => void;
  readonly answerJson: (answer: (target: string, input: unknown) => AwsAnswer) => void;
  /** Host names under which CloudWatch was asked, by region. */
  readonly regionsAsked: () => readonly string[];
}

/** S3 on a canned server, CloudWatch and KMS on an endpoint of their protocol, where the SDK finds them. */
export const useBucketEndpoints = (): BucketEndpoints => {
  let s3: CannedServer;
  let json: AwsEndpoint;
  let answers: Readonly<Record<string, CannedAnswer>> = {};
  beforeAll(async () => {
    s3 = await startCannedServer((path) => {
      const { pathname, searchParams } = new URL(path, 'http://s3');
      const [name = 'HEAD'] = searchParams.keys();
      const bucket = pathname.split('/')[1] ?? '';
      return answers[`${bucket} ${name}`] ?? answers[name] ?? (name === 'HEAD' ? {} : { status: 501 });
    });
    json = await startAwsEndpoint();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);
    for (const service of ['KMS', 'CLOUDWATCH']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, json.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([s3.stop(), json.stop()]);
  });
  return {
    answerS3: (next) => {
      answers = next;
    },
    answerMetrics: (metrics) => json.answerWith(({ input }) => answerMetric(metrics, input)),
    answerJson: (answer) => json.answerWith(({ target, input }) => answer(target, input)),
    regionsAsked: () =>
      json.calls.map(({ headers }) => /\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''),
  };
};

interface Metric {
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

interface MetricInput {
  readonly StartTime?: number;
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly MetricStat: { readonly Metric: Metric };
  }[];
}

/** By exact dimensions, as CloudWatch does. */
const answerMetric = (metrics: readonly CannedMetric[], body: unknown): AwsAnswer => {
  const input: MetricInput = typeof body === 'object' && body !== null ? body : {};
  const find = ({ MetricName, Dimensions = [] }: Metric) =>
    metrics.filter(
      ({ name, dimensions }) =>
        name === MetricName &&
        Dimensions.length === Object.keys(dimensions).length &&
        Dimensions.every(({ Name, Value }) => dimensions[Name] === Value),
    );
  const from = input.StartTime ?? 0;
  const MetricDataResults = (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
    const points = find(MetricStat.Metric).flatMap((metric) => metric.points);
    const seen = points.map(([at, value]) => [Date.parse(at) / 1000, value] as const);
    const inTime = seen.filter(([at]) => at >= from);
    return { Id, Timestamps: inTime.map(([at]) => at), Values: inTime.map(([, value]) => value) };
  });
  return { body: { MetricDataResults } };
};
