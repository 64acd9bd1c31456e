import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { findFreePort } from '../../../infra/local/free-port.ts';
import { CLUSTER, type TargetSettings } from '../../../infra/local/world/configuration.ts';
import { type StartWorld, startWorld, type World } from '../../../infra/local/world/start-world.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { type LambdaClock, moveLambdaClocks } from './lambda-clock.ts';
import { driveWorld, type TestWorld } from './test-world.ts';

/** A world whose Lambdas reach three of its parts through proxies that break what a test says. */
export interface FaultyWorld extends TestWorld {
  readonly faults: Faults;
}

export interface Faults {
  /** Between the Lambdas and S3 and SQS. */
  readonly aws: FaultProxy;
  /** Between the Lambdas and the registry; people push to it directly. */
  readonly registry: FaultProxy;
  /** Between the Lambdas and the Kubernetes API; the test looks at it directly. */
  readonly apiServer: TcpProxy;
  /** The clock of the cluster's authenticator: milliseconds it is off, and for how many tokens (`Infinity`). */
  readonly clock: { offMs: number; times: number };
  /** The clock of all Lambdas. */
  readonly lambdaClock: LambdaClock;
}

/**
 * Starts a world with proxies for one test file and ends it afterwards.
 *
 * @param targets drydock.yaml's targets, given the registry's host.
 * @returns the world, once tests run.
 */
export const useFaultyWorld = (
  targets: (host: string) => Readonly<Record<string, TargetSettings>>,
  options: Pick<StartWorld, 'waitScale' | 'clusters' | 'gitlabRelease'> = {},
): (() => FaultyWorld) => {
  let world: FaultyWorld | undefined;
  let folder = '';
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-world-'));
    const port = await findFreePort();
    const aws = await startFaultProxy(`http://127.0.0.1:${port}`);
    stops.push(() => aws.stop());
    let registry = aws;
    const lambdaClock = await moveLambdaClocks(join(folder, 'lambda-clock'));
    const clock = { offMs: 0, times: 0 };
    const started = await startWorld({
      folder,
      targets,
      report: () => undefined,
      aws: {
        port,
        environment: {
          AWS_ENDPOINT_URL_S3: aws.url,
          AWS_ENDPOINT_URL_SQS: aws.url,
          PATH: lambdaClock.path,
        },
      },
      registryUrl: async (host) => {
        registry = await startFaultProxy(`http://${host}`);
        stops.push(() => registry.stop());
        return registry.url;
      },
      authenticatorClock: () => new Date(Date.now() + (clock.times-- > 0 ? clock.offMs : 0)),
      // Each token is reviewed when it is used, so that a moved clock acts at once.
      tokenCacheSeconds: 0,
      ...options,
    });
    stops.push(() => started.stop());
    const apiServer = await intercept(started);
    stops.push(() => apiServer.stop());
    world = { ...(await driveWorld(started)), faults: { aws, registry, apiServer, clock, lambdaClock } };
  });
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
    await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (!world) throw new Error('The world is there once tests run.');
    return world;
  };
};

/** Has DescribeCluster give the address of a proxy; the certificate is good for any port of this host. */
const intercept = async ({ cluster, eks }: World): Promise<TcpProxy> => {
  const { hostname, port } = new URL(cluster.endpoint);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  eks.cluster(CLUSTER).description.endpoint = `https://${hostname}:${proxy.port}`;
  return proxy;
};
