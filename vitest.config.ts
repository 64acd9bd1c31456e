import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * How many world files run side by side. They share nothing, and each waits more than it works; yet each is a control
 * plane, an AWS and its Lambdas, so a machine that is busy with other things wants `DRYDOCK_WORLDS=1`.
 */
const worlds = Number(process.env['DRYDOCK_WORLDS'] ?? 2);

/**
 * Two rooms: `fast` needs nothing but Node and stays under 30 s; `world` starts real parts
 * (MiniStack, a Kubernetes control plane, a registry), in folders and on ports of each file's own.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          globalSetup: 'test/support/run/temporary-files.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.world.test.ts'],
          // Module state is ours to keep clean; a fresh module graph for each file costs twice the time.
          isolate: false,
          // The longest takes two seconds; on a machine that does other things beside it, many times that.
          testTimeout: 20_000,
          // One more than there are cores: half of the time a worker waits, for a retry or a process.
          maxWorkers: availableParallelism() + 1,
        },
      },
      {
        test: {
          name: 'world',
          include: ['test/**/*.world.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
          maxWorkers: worlds,
          // After the fast tests, which want all cores.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
