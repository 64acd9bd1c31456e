import { describe, expect, it } from 'vitest';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { execute, useUpgradeWorld } from '../support/upgrade-world.ts';

const world = useUpgradeWorld();

/** Two environments live on the cluster; the upgrade is started for the first. */
const share = (): void => {
  const { deps } = world();
  deps.subjects = deps.subjects.map((one) => ({ ...one, environments: ['production', 'staging'] }));
};
const pause = async (scope: string): Promise<void> => {
  const since = '2026-11-21T12:00:00.000Z';
  const record = { version: 1 as const, scope, paused: true, by: 'Kim', why: 'a release', since };
  await world().ledger.claim(pauseKind, pauseKey(scope), record);
};

describe('on a cluster of two environments', () => {
  it.each(['environment/production', 'environment/staging', 'target/blue'])(
    'the pause %s refuses an upgrade for the first',
    async (scope) => {
      share();
      await pause(scope);
      const upgrade = execute(world());
      await upgrade.plan();
      expect(await upgrade.check()).toMatchObject({
        outcome: 'refused',
        reasons: [expect.stringContaining(`pause: paused (${scope}) by Kim`)],
      });
    },
  );

  it('a pause that comes while the approval is waited for refuses the begin', async () => {
    share();
    const upgrade = execute(world());
    const planned = await upgrade.plan();
    await upgrade.accept({ plan: planned.plan?.id, by: 'Grace' });
    await pause('environment/staging');
    expect(await upgrade.begin()).toMatchObject({ outcome: 'refused' });
  });

  it('a pause of the other holds the next step back', async () => {
    share();
    const upgrade = execute(world());
    await upgrade.start();
    await pause('environment/staging');
    expect(await upgrade.advance()).toMatchObject({
      outcome: 'under-way',
      message: expect.stringContaining('paused (environment/staging) by Kim'),
    });
    expect(world().eks.asked).toEqual([]);
  });

  it('the pause of an environment elsewhere holds nothing', async () => {
    share();
    await pause('environment/other');
    expect((await execute(world()).start()).begun).toMatchObject({ outcome: 'begun' });
  });
});
