import { describe, expect, it } from 'vitest';
import { createBackupWorld, executeBackup, isFree } from '../support/backup-world.ts';
import { retried } from '../support/kill-switch.ts';
import { DEATHS, openKillTrial } from '../support/kill-trial.ts';

const playWhole = async (call: number, answered: boolean) => {
  const world = createBackupWorld();
  const backup = executeBackup(world);
  world.kill.arm(call, answered);
  await retried(() => backup.begin());
  await retried(() => backup.start());
  const end = await retried(() => backup.follow());
  await retried(() => backup.verify('verified'));
  const finished = await retried(() => backup.finish());
  return { world, backup, end, finished };
};

const summarise = async ({ world, backup, end, finished }: Awaited<ReturnType<typeof playWhole>>) => {
  const sets = await world.deps.sets.list('production', 'daily');
  const { log } = (await backup.fact()) ?? {};
  return {
    jobs: world.cluster.made.length,
    outcomes: [end.outcome, finished.outcome],
    // SNS may repeat a message; its id tells.
    messages: new Set(world.notifier.published.map(({ id }) => id)).size,
    sets: sets.map(({ state }) => state),
    log: [log?.objects, log?.complete, world.texts.size],
    free: await isFree(world),
  };
};

const trial = await openKillTrial({ play: playWhole, switchOf: ({ world }) => world.kill, summarise });

it('a backup of which no Lambda is killed makes one Job, one set and one message, and leaves no lock', () => {
  expect(trial.well).toEqual({
    jobs: 1,
    outcomes: ['succeeded', 'verified'],
    messages: 1,
    sets: ['verified'],
    log: [1, true, 1],
    free: true,
  });
});

describe.each(DEATHS)('a Lambda that is killed at any of its calls, %s,', (_, answered) => {
  it(`changes nothing of that (${trial.count(answered)})`, async () => {
    expect(await trial.run(answered)).toEqual(trial.expected(answered));
  });
});
