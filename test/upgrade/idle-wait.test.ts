import { describe, expect, it } from 'vitest';
import type { UpgradeSettings } from '../../functions/records/configuration/upgrade.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { clusterLock } from '../../functions/records/upgrade/plan.ts';
import { execute, type UpgradeWorld, useUpgradeWorld } from '../support/upgrade-world.ts';

/** Seconds that the longest wait takes, and seconds after which the lock of a run that died in one is free. */
const LONGEST_WAIT = 900;
const FREE_AFTER = 1_500;

const pause = async ({ ledger }: UpgradeWorld): Promise<void> => {
  await ledger.claim(pauseKind, pauseKey('capability/upgrade'), {
    version: 1,
    scope: 'capability/upgrade',
    paused: true,
    by: 'Kim',
    why: 'a holiday',
    since: '2026-11-21T12:00:00.000Z',
  });
};

const WAITS: [
  what: string,
  settings: Partial<UpgradeSettings>,
  begin: (world: UpgradeWorld) => Promise<void>,
  message: RegExp,
][] = [
  [
    'a window that is shut',
    { window: { days: ['sun'], from: '22:00', to: '23:00', timeZone: 'UTC' } },
    async () => undefined,
    /waits for the maintenance window/,
  ],
  ['a pause', {}, pause, /by Kim/],
  [
    'the owner of the cluster',
    { owner: 'external', handOverHours: 72 },
    async () => undefined,
    /waits for the owner/,
  ],
];

describe.each(WAITS)('while a run waits for %s', (_, settings, begin, message) => {
  const world = useUpgradeWorld(settings);

  /** The first execution, at the end of a look that ends in the longest wait. */
  const waitLong = async () => {
    const first = execute(world());
    const { plan } = await first.plan();
    if (settings.owner !== 'external') await first.accept({ plan: plan?.id, by: 'Grace' });
    await first.begin();
    await begin(world());
    for (let look = 0; look < 400; look++) {
      const looked = await first.advance();
      if (looked.waitSeconds === LONGEST_WAIT) {
        expect(looked.message).toMatch(message);
        return first;
      }
      world().clock.advance(looked.waitSeconds * 1_000);
    }
    throw new Error('It never waits for long.');
  };

  it('a second one is told who holds the cluster, to the very end of the wait', async () => {
    const first = await waitLong();
    world().clock.advance((LONGEST_WAIT - 1) * 1_000);
    const second = execute(world(), 'upgrade-2');
    await second.plan();
    const gates = await second.check();
    expect(gates).toMatchObject({ outcome: 'refused' });
    expect(gates.reasons).toContain(`updates: another execution is at this cluster: ${first.execution.arn}`);
    expect((await second.begin()).reasons).toEqual(expect.arrayContaining(gates.reasons));
    world().clock.advance(1_000);
    expect(await first.advance()).toMatchObject({ outcome: 'under-way', waitSeconds: LONGEST_WAIT });
  });

  it('and dies, the cluster is free 25 minutes after its last look, and no second earlier', async () => {
    await waitLong();
    const take = () => world().deps.locks.acquire(clusterLock('blue'), 'arn:second');
    world().clock.advance(FREE_AFTER * 1_000 - 1);
    expect(await take()).toMatchObject({ ok: false });
    world().clock.advance(1);
    expect(await take()).toMatchObject({ ok: true });
  });
});

describe('a run that ended while it looked', () => {
  const world = useUpgradeWorld();

  it('leaves the cluster free: a late look does not lock it for its wait', async () => {
    const upgrade = execute(world());
    await upgrade.start();
    await pause(world());
    const { locks } = world().deps;
    world().deps.locks = {
      ...locks,
      isHeld: async (name, owner, token) => {
        await locks.release(name, owner);
        return locks.isHeld(name, owner, token);
      },
    };
    await upgrade.advance();
    expect(await locks.acquire(clusterLock('blue'), 'arn:second')).toMatchObject({ ok: true });
  });
});
