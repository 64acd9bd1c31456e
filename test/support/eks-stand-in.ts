import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { type LocalEks, type StartEks, startEks } from '../../infra/local/eks/start-eks.ts';

/** When the stand-in's clock stands still: 1.34 has 11 days of standard support left. */
export const EKS_TIME = new Date('2026-11-21T12:00:00.000Z');
/** How long an update takes, in seconds of the stand-in's clock. */
export const UPDATE_SECONDS = 600;

/** The stand-in for EKS for the tests of one file, where the SDK finds it; it is forgotten after each test. */
export const useEksStandIn = (options: Partial<StartEks> = {}): (() => LocalEks) => {
  let eks: LocalEks;
  beforeAll(async () => {
    eks = await startEks({
      region: 'eu-central-1',
      account: '111122223333',
      stsEndpoint: 'http://127.0.0.1:9',
      report: () => undefined,
      now: () => EKS_TIME,
      updateSeconds: UPDATE_SECONDS,
      pageSize: 2,
      ...options,
    });
    vi.stubEnv('AWS_ENDPOINT_URL_EKS', eks.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  });
  afterEach(() => eks.clearFaults());
  afterAll(async () => {
    vi.unstubAllEnvs();
    await eks.stop();
  });
  return () => eks;
};
