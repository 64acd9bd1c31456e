import type { BenchWorld } from './bench-world.ts';
import { below, type Measure, noted, type Table } from './measure.ts';
import { summarise } from './quantiles.ts';
import { awaitRollout, type RolloutTimes, readTimes } from './rollout-times.ts';
import { type WorkloadWatch, watchWorkloads } from './workload-watch.ts';

const PUSHES = 30;
const TARGET = 'push';
/** A first release on a fresh world starts each Lambda once. */
const COLD_PATIENCE_MS = 120_000;

/** The product's promise: from the end of a push to a patch that the API server accepted. */
export const pushToPatch: Measure = {
  name: 'push',
  about: `${PUSHES} pushes, one after the other, until the API server has the patch; the first one cold`,
  run: async (bench) => {
    const world = await bench.world();
    await world.run(TARGET, '1.0.0');
    const watch = await watchWorkloads(world.cluster.kubeconfig);
    try {
      const cold = await pushOnce(world, watch, '1.1.0');
      bench.say(`the first push, all cold: ${Math.round(cold.patchMs)} ms`);
      const warm: OnePush[] = [];
      for (let index = 0; index < PUSHES; index++) {
        const one = await pushOnce(world, watch, `1.2.${index}`);
        warm.push(one);
        bench.say(`push ${index + 1} of ${PUSHES}: patched after ${Math.round(one.patchMs)} ms`);
      }
      const patch = summarise(warm.map(({ patchMs }) => patchMs));
      const seen = summarise(warm.map(({ seenMs }) => seenMs));
      return {
        rows: [
          below('push to patch, registry asked, ledger written: half of them', 1_000, 'ms', {
            p50: patch.p50,
          }),
          below('push to patch, registry asked, ledger written: nearly all', 3_000, 'ms', { p95: patch.p95 }),
          noted('the same, as a watch on the API server saw it', `p50 ${seen.p50} ms, p95 ${seen.p95} ms`),
          noted('the first push, every Lambda cold', `${cold.patchMs} ms`),
        ],
        tables: [explainTime(warm.map(({ times, pushedAt }) => ({ ...times, pushedAt })))],
      };
    } finally {
      watch.stop();
    }
  },
};

interface OnePush {
  readonly pushedAt: number;
  readonly times: RolloutTimes;
  readonly patchMs: number;
  readonly seenMs: number;
}

const pushOnce = async (world: BenchWorld, watch: WorkloadWatch, tag: string): Promise<OnePush> => {
  const { digest } = await world.push(TARGET, tag);
  const pushedAt = Date.now();
  const times = await readTimes(world, await awaitRollout(world, TARGET, digest, COLD_PATIENCE_MS));
  const image = `${world.registry.host}/shop/${TARGET}:${tag}@${digest}`;
  const seenAt = watch.seenAt(TARGET, image);
  if (seenAt === undefined)
    throw new Error(`The ledger says that ${tag} was patched; the API server never had it.`);
  return { pushedAt, times, patchMs: times.patchedAt - pushedAt, seenMs: seenAt - pushedAt };
};

/** Where the time goes, from the timestamps that the records keep. */
const explainTime = (pushes: readonly (RolloutTimes & { pushedAt: number })[]): Table => {
  const step = (what: string, read: (one: (typeof pushes)[number]) => number): string[] => {
    const { p50, p95 } = summarise(pushes.map(read));
    return [what, String(p50), String(p95)];
  };
  return {
    title: 'From push to patch, step by step',
    header: ['Step', 'p50 ms', 'p95 ms'],
    rows: [
      step('push to the event at the door (registry, gateway)', (one) => one.receivedAt - one.pushedAt),
      step('door to the start of the deployment (queue)', (one) => one.deploymentAt - one.receivedAt),
      step('registry asked', (one) => one.confirmedAt - one.deploymentAt),
      step('targets decided, rollout started', (one) => one.rolloutAt - one.confirmedAt),
      step('lock taken, decided again, patched, written down', (one) => one.patchedAt - one.rolloutAt),
    ],
  };
};
