import pMap from 'p-map';
import { ROLLOUT_PREFIX, Rollout } from '../../functions/records/rollout.ts';
import { formatDuration } from '../../infra/local/report.ts';
import { NAMESPACE } from '../../infra/local/world/configuration.ts';
import { waitFor } from '../support/world/wait-for.ts';
import type { BenchWorld } from './bench-world.ts';
import { countExecutions, untilIdle } from './engine.ts';
import type { EventWords } from './event-post.ts';
import { exactly, type Measure, noted, type Row } from './measure.ts';

const REPEATS = 1_000;
const SHUFFLED = 100;
/** Senders that post at the same time. */
const SENDERS = 10;
const PATIENCE_MS = 300_000;

/** However often and in whatever order events come, one image is rolled out once. */
export const duplicates: Measure = {
  name: 'duplicates',
  about: `${REPEATS} repeats of one event; ${SHUFFLED} events for one tag in random order after all were pushed`,
  run: async (bench) => {
    const world = await bench.world();
    return {
      rows: [...(await repeatOneEvent(world, bench.say)), ...(await shuffleEvents(world, bench.say))],
    };
  },
};

const repeatOneEvent = async (world: BenchWorld, say: (line: string) => void): Promise<Row[]> => {
  const name = 'twice';
  await world.run(name, '1.0.0');
  await untilIdle(world);
  const before = await countExecutions(world, 'deployment');
  const { digest } = await withoutHook(world, () => world.push(name, '1.1.0'));
  const event = { ...wordsFor(name, digest, '1.1.0'), id: crypto.randomUUID() };
  const started = performance.now();
  await postAll(
    world,
    Array.from({ length: REPEATS }, () => event),
  );
  say(`${REPEATS} repeats posted in ${formatDuration(performance.now() - started)}`);
  await untilRuns(world, name, digest);
  await untilIdle(world);
  const took = performance.now() - started;
  return [
    exactly(`${REPEATS} repeats of one event: rollouts`, 1, await countRollouts(world, name, '1.1.0')),
    exactly('executions that the repeats started', 1, (await countExecutions(world, 'deployment')) - before),
    noted('from the first repeat until nothing was left to do', formatDuration(took)),
  ];
};

const shuffleEvents = async (world: BenchWorld, say: (line: string) => void): Promise<Row[]> => {
  const name = 'race';
  await world.run(name, '1.0.0');
  await untilIdle(world);
  const digests: string[] = [];
  await withoutHook(world, async () => {
    for (let index = 0; index < SHUFFLED; index++) {
      digests.push((await world.push(name, '2.0.0', `build ${index}`)).digest);
    }
  });
  const newest = digests.at(-1) ?? '';
  const before = await readGeneration(world, name);
  const started = performance.now();
  await postAll(
    world,
    shuffle(digests).map((digest) => wordsFor(name, digest, '2.0.0')),
  );
  say(`${SHUFFLED} events posted in random order`);
  await untilRuns(world, name, newest);
  await untilIdle(world);
  const took = performance.now() - started;
  const ended = (await world.image(name)).endsWith(newest) ? 'the newest digest' : await world.image(name);
  const changes = (await readGeneration(world, name)) - before;
  return [
    exactly(
      `${SHUFFLED} events for one tag in random order: rollouts`,
      1,
      await countRollouts(world, name, '2.0.0'),
    ),
    exactly('changes of that workload, as the API server counts them', 1, changes),
    exactly('what runs after it', 'the newest digest', ended),
    noted('from the first event until nothing was left to do', formatDuration(took)),
  ];
};

const wordsFor = (name: string, digest: string, tag: string): EventWords => ({
  action: 'push',
  repository: `shop/${name}`,
  tag,
  digest,
});

const postAll = (world: BenchWorld, events: readonly EventWords[]): Promise<void[]> =>
  pMap(events, (event) => world.events.insist(event), { concurrency: SENDERS });

/** Random, and seeded by nothing: any order must do. */
const shuffle = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);

/** Pushes whose own events nobody hears, so that only ours count. */
const withoutHook = async <T>(world: BenchWorld, push: () => Promise<T>): Promise<T> => {
  const silent = await world.silenceRegistry();
  try {
    return await push();
  } finally {
    await silent.end();
  }
};

const untilRuns = (world: BenchWorld, name: string, digest: string): Promise<boolean> =>
  waitFor(
    `${name} runs ${digest}`,
    async () => (await world.state(name))?.running?.digest === digest,
    PATIENCE_MS,
  );

/** The API server counts every change of a workload's specification. */
const readGeneration = async ({ apps }: BenchWorld, name: string): Promise<number> => {
  const { metadata } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
  return metadata?.generation ?? 0;
};

/** Rollouts of this tag that changed the workload. */
const countRollouts = async (world: BenchWorld, name: string, tag: string): Promise<number> => {
  const rollouts = await world.ledger.records(Rollout, `${ROLLOUT_PREFIX}${name}-`);
  return rollouts.filter(({ order, patchedAt }) => order.tag === tag && patchedAt !== undefined).length;
};
