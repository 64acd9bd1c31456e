import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../infra/local/registry/start-registry.ts';
import type { TargetSettings } from '../../infra/local/world/configuration.ts';
import { type StartWorld, startWorld } from '../../infra/local/world/start-world.ts';
import { driveWorld, type TestWorld, target } from '../support/world/test-world.ts';
import { type EventPost, openEventPost } from './event-post.ts';

/** Targets of one image, for the fan-out. */
export const FLEET_SIZE = 100;
/** Repositories whose events are lost, for the sweep. */
export const LOST_COUNT = 20;

/**
 * Lambdas at once. Here each is a process of 100 to 170 MB on the same cores, and a pool for every function that was
 * busy; what is throttled is retried by Step Functions, as in an account of that quota.
 */
export const CONCURRENCY = 32;

export const fleetName = (index: number): string => `fleet-${index}`;
export const lostName = (index: number): string => `lost-${index}`;

/** The local world as the measures use it: also with events that no push caused. */
export interface BenchWorld extends TestWorld {
  readonly events: EventPost;
  /** Puts a registry that tells nobody in the place of the other, with the same images, until `end`. */
  silenceRegistry(): Promise<{ end(): Promise<void> }>;
  /** Milliseconds that its start took. */
  readonly startMs: number;
}

/** Starts a world with the targets of all measures; it takes its folder along when it ends. */
export const startBenchWorld = async (
  options: Pick<StartWorld, 'report'> & Partial<Pick<StartWorld, 'aws' | 'targets' | 'gitlabRelease'>>,
): Promise<BenchWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  const started = performance.now();
  const environment = { LAMBDA_ACCOUNT_CONCURRENCY: String(CONCURRENCY), ...options.aws?.environment };
  const aws = { ...options.aws, environment };
  const world = await driveWorld(await startWorld({ folder, targets: describeTargets, ...options, aws }));
  return {
    ...world,
    events: openEventPost(world),
    silenceRegistry: () => silenceRegistry(world),
    startMs: performance.now() - started,
    stop: async () => {
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const silenceRegistry = async ({ registry, folder }: TestWorld): Promise<{ end(): Promise<void> }> => {
  await registry.kill();
  const silent = await startRegistry({
    folder: join(folder, 'registry'),
    port: Number(new URL(registry.url).port),
    auth: true,
    report: () => undefined,
  });
  return {
    end: async () => {
      await silent.stop();
      await registry.restart();
    },
  };
};

const describeTargets = (host: string): Record<string, TargetSettings> => {
  const single = ['push', 'ghost', 'twice', 'race', 'door', ...numbered(LOST_COUNT, lostName)];
  const fleet = numbered(FLEET_SIZE, fleetName);
  return Object.fromEntries([
    ...single.map((name) => [name, target(host, name)]),
    ...fleet.map((name) => [name, target(host, name, { image: `${host}/shop/fleet` })]),
  ]);
};

const numbered = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index));
