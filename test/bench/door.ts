import { randomUUID } from 'node:crypto';
import type { BenchWorld } from './bench-world.ts';
import { type EventWords, IMAGE_MANIFEST, LAYER } from './event-post.ts';
import { below, exactly, type Measure, noted } from './measure.ts';
import { runOpenLoop } from './open-loop.ts';
import { summarise } from './quantiles.ts';

const PER_SECOND = 50;
const SECONDS = 60;
const WARM_SECONDS = 5;
const DIGEST = `sha256:${'0'.repeat(64)}`;

/** What a registry's hook sends: mostly pulls and blobs, some repeats, now and then an image that is new. */
export const door: Measure = {
  name: 'door',
  about: `${PER_SECOND} webhooks a second for ${SECONDS} s: 90 % uninteresting, 9 % repeats, 1 % new`,
  run: async (bench) => {
    const world = await bench.world();
    const { digest } = await world.run('door', '1.0.0');
    const send = mixEvents(world, digest);
    await runOpenLoop({ perSecond: PER_SECOND, count: PER_SECOND * WARM_SECONDS, send });
    bench.say(`warm; ${PER_SECOND} a second for ${SECONDS} s`);
    const count = PER_SECOND * SECONDS;
    const { latencies, failures } = await runOpenLoop({ perSecond: PER_SECOND, count, send });
    const { max, ...quantiles } = summarise(latencies);
    return {
      rows: [
        below(`webhook acknowledged, ${PER_SECOND} a second, ${count} in all`, 200, 'ms', quantiles),
        noted('the slowest of them', `${Math.round(max)} ms`),
        exactly('webhooks not answered with 2xx', 0, failures.length),
      ],
    };
  },
};

/** Of a hundred: 90 that no policy can want, 9 repeats of one event, 1 event that nobody has seen. */
const mixEvents = ({ events }: BenchWorld, digest: string) => {
  const repeated = randomUUID();
  const image = {
    action: 'push',
    repository: 'shop/door',
    tag: '1.0.0',
    digest,
    mediaType: IMAGE_MANIFEST,
  } as const;
  const pull: EventWords = { ...image, action: 'pull' };
  const blob: EventWords = { action: 'push', repository: 'shop/door', digest: DIGEST, mediaType: LAYER };
  return (index: number): Promise<void> => {
    const place = index % 100;
    if (place === 0) return events.post(image);
    if (place % 11 === 0) return events.post({ ...image, id: repeated });
    return events.post(place % 2 === 0 ? pull : blob);
  };
};
