import { formatDuration } from '../../infra/local/report.ts';
import { waitFor } from '../support/world/wait-for.ts';
import { LOST_COUNT, lostName } from './bench-world.ts';
import { untilIdle } from './engine.ts';
import { exactly, type Measure, noted } from './measure.ts';

const PATIENCE_MS = 300_000;

/** A webhook that was down: the next sweep finds every push that nobody told of. */
export const sweep: Measure = {
  name: 'sweep',
  about: `${LOST_COUNT} pushes whose events are lost, and one sweep`,
  run: async (bench) => {
    const world = await bench.world();
    const names = Array.from({ length: LOST_COUNT }, (_, index) => lostName(index));
    for (const name of names) await world.run(name, '1.0.0', 1);
    await untilIdle(world);
    const silent = await world.silenceRegistry();
    const pushed = new Map<string, string>();
    for (const name of names) pushed.set(name, (await world.push(name, '1.1.0')).digest);
    await silent.end();
    bench.say(`${LOST_COUNT} pushes, and nobody was told`);

    const started = performance.now();
    const execution = await world.executions.start(world.site.machines.sweep, {});
    const countRepaired = async (): Promise<number> => {
      const images = await Promise.all(names.map((name) => world.image(name)));
      return names.filter((name, index) => images[index]?.endsWith(pushed.get(name) ?? '-')).length;
    };
    await waitFor(
      'every lost push is repaired',
      async () => (await countRepaired()) === LOST_COUNT,
      PATIENCE_MS,
    ).catch((error: unknown) => bench.say(String(error)));
    const took = performance.now() - started;
    const { status } = await waitFor('the sweep has ended', async () => {
      const described = await world.executions.describe(execution);
      return described.status !== 'RUNNING' && described;
    });
    return {
      rows: [
        exactly(`${LOST_COUNT} lost webhooks: repaired by the next sweep`, LOST_COUNT, await countRepaired()),
        exactly('how that sweep ended', 'SUCCEEDED', status ?? 'unknown'),
        noted('from the start of the sweep until all were patched', formatDuration(took)),
      ],
    };
  },
};
