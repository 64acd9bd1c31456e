import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, vi } from 'vitest';
import { type LocalAws, startAws } from '../../../infra/local/aws/start-aws.ts';
import { connectS3 } from '../connect-s3.ts';

export interface TestAws {
  readonly aws: LocalAws;
  /** S3 as the account's root user. */
  readonly s3: S3Client;
  /** For what else the tests write; is removed after them. */
  readonly folder: string;
}

/**
 * Starts the local AWS alone, without a cluster, for one test file and ends it afterwards.
 *
 * @param options.inEnvironment the SDK finds it there as its root user, as in a Lambda, until the tests have ended.
 * @returns it, once tests run, and in each `beforeAll` that comes later.
 */
export const useAws = ({ inEnvironment = false } = {}): (() => TestAws) => {
  const stops: (() => Promise<void>)[] = [];
  let started: TestAws | undefined;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-aws-'));
    stops.unshift(() => rm(folder, { recursive: true, force: true }));
    const aws = await startAws({ folder: join(folder, 'aws'), report: () => undefined });
    stops.unshift(() => aws.stop());
    if (inEnvironment) for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
    started = { aws, s3: connectS3(aws.url, aws.credentials, aws.region), folder };
  });
  afterAll(async () => {
    if (inEnvironment) vi.unstubAllEnvs();
    for (const stop of stops) await stop();
  });
  return () => {
    if (!started) throw new Error('The local AWS is there once tests run.');
    return started;
  };
};
