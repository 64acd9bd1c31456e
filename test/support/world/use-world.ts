import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { TargetSettings } from '../../../infra/local/world/configuration.ts';
import { type StartWorld, startWorld } from '../../../infra/local/world/start-world.ts';
import { driveWorld, type TestWorld } from './test-world.ts';

export { type TestWorld, target } from './test-world.ts';

/**
 * Starts a world for one test file and ends it afterwards.
 *
 * @param targets drydock.yaml's targets, given the registry's host.
 * @returns the world, once tests run.
 */
export const useWorld = (
  targets: (host: string) => Readonly<Record<string, TargetSettings>>,
  options: Pick<StartWorld, 'waitScale' | 'clusters' | 'clusterVersion' | 'upgrade' | 'gitlabRelease'> = {},
): (() => TestWorld) => {
  let world: TestWorld | undefined;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-world-'));
    world = await driveWorld(await startWorld({ folder, targets, report: () => undefined, ...options }));
  });
  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (!world) throw new Error('The world is there once tests run.');
    return world;
  };
};
