import { describe, expect, it } from 'vitest';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, snapshotSite } from '../../../support/restore-site.ts';

/** A Lambda can die at each of its calls to the outside, before it or when its answer was lost: nothing tells later. */

const ANSWER = { restore: 'restore-1', choice: 'put-back', by: 'Grace', why: 'people wait' };

/** A restore whose Job fails, and that is put back: every kind of step is in it. */
const playWhole = async (call: number, answered: boolean) => {
  const site = await createRestoreSite();
  site.state.failing.push('check');
  const execution = openExecution(site);
  site.kill.arm(call, answered);
  const held = await execution.play();
  const wasOpen = await isOpen(site);
  const chosen = await execution.retry(() => execution.answer(ANSWER));
  const ended = await execution.follow();
  return { site, held, wasOpen, chosen, ended };
};

const summarise = async ({ site, held, wasOpen, chosen, ended }: Awaited<ReturnType<typeof playWhole>>) => {
  const run = await readPlaceRun(site);
  return {
    outcomes: [held.outcome, chosen.outcome, ended.outcome],
    wasOpen,
    place: await snapshotSite(site),
    steps: run?.steps.map(({ way, step, state, attempt }) => [way, step, state, attempt]),
    touched: run?.touched.map(({ deed, object, undoneAt, left }) => [
      deed,
      object.name,
      undoneAt !== undefined,
      left,
    ]),
    jobs: site.cluster.made.map(({ metadata }) => metadata.name),
    safety: site.started.size,
    messages: new Set(site.notifier.published.map(({ id }) => id)).size,
    free: (await site.deps.locks.acquire('backup/production', 'somebody')).ok,
  };
};

const whole = await playWhole(Number.MAX_SAFE_INTEGER, false);
const CALLS = Array.from({ length: whole.site.kill.calls }, (_, index) => index + 1);
const WELL = await summarise(whole);
/** All of them take minutes; this far apart every step has some, and other ones in each half. */
const STRIDE = 17;

describe.each([
  ['before it was made', false, 0],
  ['after it was made, its answer lost', true, 8],
])('a Lambda that is killed at one of its calls, %s,', (_, answered, offset) => {
  const calls = CALLS.filter((call) => call % STRIDE === offset);
  it(`comes to the same end, with the same Jobs and messages (${calls.length} of ${CALLS.length} calls)`, async () => {
    for (const call of calls) {
      const played = await playWhole(call, answered);
      expect({ call, died: !played.site.kill.isArmed, ...(await summarise(played)) }).toEqual({
        call,
        died: true,
        ...WELL,
      });
    }
  }, 120_000);
});
