import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { formatDuration } from '../../infra/local/report.ts';
import { CONCURRENCY, FLEET_SIZE, fleetName } from './bench-world.ts';
import { untilIdle } from './engine.ts';
import { below, exactly, type Measure, noted } from './measure.ts';
import { watchWorkloads } from './workload-watch.ts';

/** A process of up to 170 MB for each Lambda that was busy: three functions take part in a rollout. */
const NEEDED_GIGABYTES = 14;
const PATIENCE_MS = 180_000;
const LOOK_MS = 100;
/** Deployments that are made at the same time; one pod each, the fleet is what counts. */
const MAKERS = 8;

/** One image that a hundred workloads follow: all of them get it, each by a rollout of its own. */
export const fanOut: Measure = {
  name: 'fan-out',
  about: `one push of an image that ${FLEET_SIZE} targets follow, until all are patched; cold, then warm`,
  run: async (bench) => {
    const world = await bench.freshWorld();
    const freeGigabytes = process.availableMemory() / 1e9;
    if (freeGigabytes < NEEDED_GIGABYTES) {
      const message = `It takes up to ${NEEDED_GIGABYTES} GB of memory, and ${freeGigabytes.toFixed(1)} are free.`;
      throw new Error(message);
    }
    const names = Array.from({ length: FLEET_SIZE }, (_, index) => fleetName(index));
    const first = await world.push('fleet', '1.0.0');
    await pMap(names, (name) => world.deploy(name, imageOf('1.0.0', first.digest), 1), {
      concurrency: MAKERS,
    });
    await untilIdle(world);
    bench.say(`${FLEET_SIZE} workloads run`);

    function imageOf(tag: string, digest: string): string {
      return `${world.registry.host}/shop/fleet:${tag}@${digest}`;
    }
    const roll = async (tag: string): Promise<{ patched: number; patchMs: number; settledMs: number }> => {
      const watch = await watchWorkloads(world.cluster.kubeconfig);
      const { digest } = await world.push('fleet', tag);
      const pushedAt = Date.now();
      const seen = (): number[] => names.flatMap((name) => watch.seenAt(name, imageOf(tag, digest)) ?? []);
      while (seen().length < FLEET_SIZE && Date.now() - pushedAt < PATIENCE_MS) await delay(LOOK_MS);
      const times = seen();
      bench.say(`${tag}: ${times.length} of ${FLEET_SIZE} patched`);
      await untilIdle(world);
      watch.stop();
      return {
        patched: times.length,
        patchMs: Math.max(...times) - pushedAt,
        settledMs: Date.now() - pushedAt,
      };
    };
    const cold = await roll('1.1.0');
    const warm = await roll('1.2.0');
    return {
      rows: [
        exactly(
          `one image, ${FLEET_SIZE} targets: patched`,
          FLEET_SIZE,
          Math.min(cold.patched, warm.patched),
        ),
        below(
          `push to the last patch of ${FLEET_SIZE}, Lambdas warm, ${CONCURRENCY} at once`,
          30,
          's',
          warm.patchMs / 1_000,
        ),
        below(
          `push to the last patch of ${FLEET_SIZE}, Lambdas cold, ${CONCURRENCY} at once`,
          30,
          's',
          cold.patchMs / 1_000,
        ),
        noted('push until the last rollout was watched to its end', formatDuration(warm.settledMs)),
      ],
    };
  },
};
