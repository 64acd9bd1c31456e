import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

export interface FaultyAws {
  /** Past the proxy, for clients of the test's own. */
  readonly aws: LocalAws;
  readonly proxy: FaultProxy;
}

/**
 * The local AWS for the tests of one file, where the SDK finds it, with one of its services behind a proxy that breaks
 * what a test says. A client that is made at module scope from the environment, as in a Lambda, is imported after it.
 */
export const useFaultyAws = (service: 'S3' | 'SNS'): (() => FaultyAws) => {
  const stops: (() => Promise<void>)[] = [];
  let started: FaultyAws;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-aws-'));
    stops.unshift(() => rm(folder, { recursive: true, force: true }));
    const aws = await startAws({ folder, report: () => undefined });
    stops.unshift(() => aws.stop());
    const proxy = await startFaultProxy(aws.url);
    stops.unshift(() => proxy.stop());
    for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
    vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, proxy.url);
    started = { aws, proxy };
  });
  afterEach(() => started.proxy.clear());
  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const stop of stops) await stop();
  });
  return () => started;
};
