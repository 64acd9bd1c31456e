import { describe, expect, it } from 'vitest';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../functions/records/verified-backup.ts';
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

  describe('a verified backup', () => {
    const store = async (environment: string, takenAt: string): Promise<void> => {
      const record = { version: 1 as const, environment, set: `${environment}-1`, takenAt };
      const verified = { ...record, verifiedAt: '2026-11-21T11:00:00.000Z', by: 'drydock' };
      await world().ledger.claim(verifiedBackupKind, verifiedBackupKey(environment), verified);
    };
    const ask = async () => {
      share();
      const overrides = [{ finding: 'report', why: 'a test' }];
      const upgrade = execute(world(), 'upgrade-1', { overrides, recoveryPoint: undefined });
      await upgrade.plan();
      return (await upgrade.check()).gates.find(({ gate }) => gate === 'backup');
    };

    it('of the environment that is named alone is not enough: the other would lose its data', async () => {
      await store('production', '2026-11-21T10:00:00.000Z');
      expect(await ask()).toMatchObject({
        passed: false,
        reason: expect.stringContaining('there is no verified backup of staging'),
      });
    });

    it('of each is enough, and the oldest counts', async () => {
      await store('production', '2026-11-21T10:00:00.000Z');
      await store('staging', '2026-11-21T08:00:00.000Z');
      expect(await ask()).toMatchObject({
        passed: true,
        reason: expect.stringMatching(/the backup staging-1 of staging, .* is 4 hours old/),
      });
    });

    it('that is too old is too old, whosever it is', async () => {
      await store('production', '2026-11-21T10:00:00.000Z');
      await store('staging', '2026-11-19T08:00:00.000Z');
      expect(await ask()).toMatchObject({ passed: false, reason: expect.stringContaining('of staging') });
    });
  });

  it.each<[string, string, RegExp]>([
    ['the first', 'https://production.example.com', /GitLab does not answer any more/],
    ['the other', 'https://staging.example.com', /not ready, and ready before: GitLab of staging/],
  ])('an upgrade stops when the GitLab of %s falls silent in the bake', async (_, silent, reason) => {
    share();
    const { deps } = world();
    const answers = { [silent]: true };
    deps.gitlabOf = (environment) => `https://${environment}.example.com`;
    deps.probeGitLab = async (url) => answers[url] ?? true;
    const upgrade = execute(world());
    await upgrade.start();
    await upgrade.follow((message) => message.startsWith('bakes until'));
    answers[silent] = false;
    const end = await upgrade.follow();
    expect(end).toMatchObject({ outcome: 'stopped' });
    expect(end.reasons.join()).toMatch(reason);
  });
});
