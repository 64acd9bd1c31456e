import { followRollout } from '../follow-rollout.ts';
import type { Scene } from '../scene.ts';
import { shortImage } from '../timeline.ts';
import { waitUntil } from '../wait-until.ts';

/** The main road: a push becomes a patch by digest, and the rollout is watched to its end. */
export const goodRelease: Scene = {
  title: 'A good release',
  play: async (stage) => {
    const { terminal, shop, pods } = stage;
    const first = await stage.push('1.0.0');
    await shop.open(first.image, pods);
    await waitUntil('web runs 1.0.0', async () => ((await shop.look()).ready === pods ? true : undefined));
    terminal.say(
      `${describeShop(pods)} ${shortImage(first.image)}. A build pushes 1.1.0, and nobody does anything else:`,
    );

    const pushed = await stage.push('1.1.0');
    await followRollout(stage, pushed, 'rolled-out');
    const { image, ready } = await shop.look();
    stage.confirm(
      `the Deployment names ${shortImage(pushed.image)}${pods === 0 ? '' : `, and ${ready} of ${pods} pods run it`}`,
      image === pushed.image && ready === pods,
      `${image}, ${ready} pods`,
    );
    const told = await waitUntil('the end was told', async () =>
      (await stage.notices()).find(({ outcome }) => outcome === 'rolled-out'),
    );
    stage.confirm(`told to who listens: "${told.subject}"`, told.subject.includes('1.1.0'), told.subject);
  },
};

const describeShop = (pods: number): string =>
  pods === 0
    ? 'Nodes of your cluster cannot pull from this machine, so the Deployment web has no pods here. It names'
    : `${pods} pods of the Deployment web run`;
