import { setTimeout as delay } from 'node:timers/promises';
import { ImageEntry, imageHistoryPrefix } from '../../functions/records/decision.ts';
import { waitFor } from '../support/world/wait-for.ts';
import { untilIdle } from './engine.ts';
import { exactly, type Measure } from './measure.ts';
import { watchWorkloads } from './workload-watch.ts';

const GHOSTS = 30;
const SETTLE_MS = 1_000;

/** Events with the right secret about images that are in no registry: forged, or deleted since. */
export const ghosts: Measure = {
  name: 'ghosts',
  about: `${GHOSTS} events about tags that exist in no registry; none may be deployed`,
  run: async (bench) => {
    const world = await bench.world();
    await world.run('ghost', '1.0.0');
    await untilIdle(world);
    const watch = await watchWorkloads(world.cluster.kubeconfig);
    for (let index = 0; index < GHOSTS; index++) {
      const digest = `sha256:${String(index).padStart(64, '0')}`;
      await world.events.post({ action: 'push', repository: 'shop/ghost', tag: `9.0.${index}`, digest });
    }
    const history = imageHistoryPrefix(`${world.registry.host}/shop/ghost`);
    const ignored = await waitFor('each event has its answer', async () => {
      const entries = await world.ledger.records(ImageEntry, history);
      const answered = entries.filter(({ tag, outcome }) => tag?.startsWith('9.') && outcome === 'ignored');
      return answered.length >= GHOSTS && answered;
    });
    await untilIdle(world);
    await delay(SETTLE_MS);
    watch.stop();
    const deployed = watch.imagesOf('ghost').filter((image) => image.includes(':9.0.')).length;
    return {
      rows: [
        exactly(`${GHOSTS} events about images in no registry: deployed`, 0, deployed),
        exactly('of them ignored, with the reason in the ledger', GHOSTS, ignored.length),
      ],
    };
  },
};
