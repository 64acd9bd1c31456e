import { describe, expect, it } from 'vitest';
import { createNativeSite } from '../../../support/native-site.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { snapshotSite } from '../../../support/restore-site.ts';

/** A Lambda can die at each of its calls to the outside, before it or when its answer was lost: nothing tells later. */

const ANSWER = { restore: 'restore-1', choice: 'put-back', by: 'Grace', why: 'people wait' };

/** A restore that fails behind the repositories, and is put back: databases and objects go both ways. */
const playWhole = async (call: number, answered: boolean) => {
  const site = await createNativeSite();
  site.state.failing.push('check');
  const execution = openExecution(site);
  site.kill.arm(call, answered);
  const held = await execution.play();
  const wasOpen = await isOpen(site);
  const between = { names: site.databaseRestore.names(), objects: site.bucket.state() };
  await execution.retry(() => execution.answer(ANSWER));
  const ended = await execution.follow();
  return { site, held, wasOpen, between, ended };
};

const summarise = async ({ site, held, wasOpen, between, ended }: Awaited<ReturnType<typeof playWhole>>) => ({
  outcomes: [held.outcome, ended.outcome],
  wasOpen,
  between,
  place: await snapshotSite(site),
  names: site.databaseRestore.names(),
  asked: site.databaseRestore.asked,
  objects: site.bucket.state(),
  steps: (await readPlaceRun(site))?.steps.map(({ way, step, state, attempt }) => [
    way,
    step,
    state,
    attempt,
  ]),
});

const whole = await playWhole(Number.MAX_SAFE_INTEGER, false);
const CALLS = Array.from({ length: whole.site.kill.calls }, (_, index) => index + 1);
const WELL = await summarise(whole);
/** All of them take minutes; this far apart every step has some, and other ones in each half. */
const STRIDE = 19;

it('the whole of it goes there and back', () => {
  expect(WELL).toMatchObject({ outcomes: ['ask', 'put-back'], wasOpen: false });
  expect(WELL.between.objects).toEqual(whole.site.atSet);
  expect(WELL.objects).toEqual(whole.site.before);
});

describe.each([
  ['before it was made', false, 0],
  ['after it was made, its answer lost', true, 9],
])('a Lambda that is killed at one of its calls, %s,', (_, answered, offset) => {
  const calls = CALLS.filter((call) => call % STRIDE === offset);
  it(`comes to the same end, and asks RDS for nothing twice (${calls.length} of ${CALLS.length} calls)`, async () => {
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
