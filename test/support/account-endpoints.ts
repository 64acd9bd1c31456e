import { afterAll, beforeAll, vi } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { type AwsQueryEndpoint, startAwsQueryEndpoint } from './aws-query-endpoint.ts';

/** Endpoints for EC2, IAM and RDS (query), and for KMS, Service Quotas and CloudWatch (JSON), where the SDK finds them. */
export const useAccountEndpoints = (): {
  readonly query: () => AwsQueryEndpoint;
  readonly json: () => AwsEndpoint;
} => {
  let query: AwsQueryEndpoint;
  let json: AwsEndpoint;
  beforeAll(async () => {
    [query, json] = await Promise.all([startAwsQueryEndpoint(), startAwsEndpoint()]);
    for (const service of ['EC2', 'IAM', 'RDS']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, query.url);
    for (const service of ['KMS', 'SERVICE_QUOTAS', 'CLOUDWATCH'])
      vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, json.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([query.stop(), json.stop()]);
  });
  return { query: () => query, json: () => json };
};
