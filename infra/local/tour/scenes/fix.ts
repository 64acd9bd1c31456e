import { followRollout } from '../follow-rollout.ts';
import type { Scene } from '../scene.ts';
import { shortImage } from '../timeline.ts';

/** What ends a hold by itself: a newer image that is healthy. */
export const fix: Scene = {
  title: 'The fix',
  needsLocalCluster: 'it needs pods that crash on demand',
  play: async (stage) => {
    const { terminal, shop, pods } = stage;
    terminal.say('1.3.0 is pushed, which is newer than the bad one and has another digest:');
    const pushed = await stage.push('1.3.0');
    await followRollout(stage, pushed, 'rolled-out');
    const { image, ready } = await shop.look();
    stage.confirm(
      `${ready} of ${pods} pods run ${shortImage(pushed.image)}`,
      image === pushed.image && ready === pods,
      `${image}, ${ready} pods`,
    );
    const { holds } = await stage.state();
    stage.confirm('the hold is lifted', holds.length === 0, JSON.stringify(holds));
  },
};
