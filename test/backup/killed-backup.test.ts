import { describe, expect, it } from 'vitest';
import { createBackupWorld, executeBackup, isFree } from '../support/backup-world.ts';
import { Killed } from '../support/kill-switch.ts';

/** Step Functions retries a Lambda that died; where it dies must not matter. */
const retried = async <T>(step: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Killed) || attempt === 3) throw error;
    }
  }
};

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

const { world: whole } = await playWhole(Number.MAX_SAFE_INTEGER, false);
const CALLS = Array.from({ length: whole.kill.calls }, (_, index) => index + 1);

const WELL = {
  died: true,
  jobs: 1,
  outcomes: ['succeeded', 'verified'],
  messages: 1,
  sets: ['verified'],
  log: [1, true, 1],
  free: true,
};

describe.each([
  ['before it was made', false],
  ['after it was made, its answer lost', true],
])('a Lambda that is killed at any of its calls, %s,', (_, answered) => {
  it(`makes one Job, one set and one message, and leaves no lock (${CALLS.length} calls)`, async () => {
    for (const call of CALLS) {
      const { world, backup, end, finished } = await playWhole(call, answered);
      const sets = await world.deps.sets.list('production', 'daily');
      const { log } = (await backup.fact()) ?? {};
      expect({
        call,
        died: !world.kill.isArmed,
        jobs: world.cluster.made.length,
        outcomes: [end.outcome, finished.outcome],
        // SNS may repeat a message; its id tells.
        messages: new Set(world.notifier.published.map(({ id }) => id)).size,
        sets: sets.map(({ state }) => state),
        log: [log?.objects, log?.complete, world.texts.size],
        free: await isFree(world),
      }).toEqual({ ...WELL, call });
    }
  });
});
