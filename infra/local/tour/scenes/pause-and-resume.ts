import { followRollout } from '../follow-rollout.ts';
import type { Scene } from '../scene.ts';
import { SHOP } from '../shop.ts';
import { shortImage } from '../timeline.ts';
import { waitUntil } from '../wait-until.ts';

const SCOPE = `target/${SHOP.target}`;
const BY = 'you';

/** The stop button, and what happens to a push that meets it. */
export const pauseAndResume: Scene = {
  title: 'Pause and resume',
  play: async (stage) => {
    const { terminal, shop, executions, world } = stage;
    const { control } = world.site.machines;
    const pause = { pause: SCOPE, by: BY, why: 'the shop has a sale' };
    terminal.say('A person starts the control machine, as they would in the console, with');
    terminal.quote(JSON.stringify(pause));
    await executions.run(control, pause);

    const before = await shop.look();
    terminal.say('Then 1.4.0 is pushed:');
    const pushed = await stage.push('1.4.0');
    const entry = await waitUntil('the decision about 1.4.0 is in the ledger', async () =>
      (await stage.history(pushed.digest)).at(0),
    );
    stage.confirm(
      `no: ${entry.reason}`,
      entry.code === 'paused' && entry.reason.includes(`by ${BY}`),
      `${entry.code}: ${entry.reason}`,
    );
    const after = await shop.look();
    stage.confirm('the Deployment was not touched', after.generation === before.generation, after.image);

    const resume = { resume: SCOPE, by: BY, why: 'the sale is over' };
    terminal.say('The same machine lets it go on, and looks at once for what was held back:');
    terminal.quote(JSON.stringify(resume));
    await executions.run(control, resume);
    await followRollout(stage, pushed, 'rolled-out');
    const { image } = await shop.look();
    stage.confirm(`the Deployment names ${shortImage(pushed.image)}`, image === pushed.image, image);
  },
};
