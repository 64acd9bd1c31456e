import { expect, it } from 'vitest';
import { MAX_UPGRADE_POLLS } from '../../functions/records/upgrade/limits.ts';
import { run as advance } from '../../functions/upgrade/advance-upgrade.ts';
import { calmInvocation } from '../support/target-world.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

it('an execution ends before its history is full: begins nothing more, and says how to go on', async () => {
  const upgrade = execute(world());
  await upgrade.start();
  const { execution } = upgrade;
  const looked = await advance({ execution, polls: MAX_UPGRADE_POLLS }, world().deps, calmInvocation());
  expect(looked).toMatchObject({
    outcome: 'stopped',
    reasons: [expect.stringMatching(/lasts for 2000 looks; start upgrade again, and it goes on from here/)],
  });
  const last = await advance({ execution, polls: MAX_UPGRADE_POLLS - 1 }, world().deps, calmInvocation());
  expect(last).toMatchObject({ outcome: 'under-way', polls: MAX_UPGRADE_POLLS });
});
