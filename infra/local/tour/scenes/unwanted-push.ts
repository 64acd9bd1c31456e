import type { Scene } from '../scene.ts';
import { waitUntil } from '../wait-until.ts';

/** A push that no policy wants changes nothing, and the ledger says why. */
export const unwantedPush: Scene = {
  title: 'A push that no policy wants',
  play: async (stage) => {
    const { terminal, shop } = stage;
    const before = await shop.look();
    terminal.say('Somebody pushes 0.9.0, a fix of an old line. `npm run why` tells what came of it:');

    const pushed = await stage.push('0.9.0');
    const entry = await waitUntil('the decision about 0.9.0 is in the ledger', async () =>
      (await stage.history(pushed.digest)).at(0),
    );
    terminal.quote(await stage.askWhy(pushed));
    stage.confirm(
      `the answer was no (${entry.code}), and it is kept with its reason`,
      entry.outcome === 'no' && entry.code === 'policy',
      `${entry.outcome} (${entry.code}): ${entry.reason}`,
    );
    const after = await shop.look();
    stage.confirm('the Deployment was not touched', after.generation === before.generation, after.image);
  },
};
