import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Two rooms: `fast` needs nothing but Node and stays under 30 s; `world` starts real parts
 * (MiniStack, a Kubernetes control plane, a registry), one file after the other.
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
          fileParallelism: false,
        },
      },
    ],
  },
});
