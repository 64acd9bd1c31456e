import { describe, expect, it } from 'vitest';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { createDrillSite } from '../../../support/drill-site.ts';

/** A Lambda can die at each of its calls to the outside, before it or when its answer was lost: nothing tells later. */

const playWhole = async (call: number, answered: boolean) => {
  const site = await createDrillSite();
  site.kill.arm(call, answered);
  const played = await openDrillExecution(site).play();
  return { site, played };
};

const summarise = async ({ site, played }: Awaited<ReturnType<typeof playWhole>>) => {
  const run = await site.readRun();
  return {
    outcome: played.outcome,
    broken: site.state.broken,
    standing: await site.place.listStanding('drill-1'),
    steps: run?.steps.map(({ step, state, failures }) => [step, state, failures]),
    woken: site.place.scaling.made.filter((one) => one.endsWith(' 1')),
    jobs: site.place.cluster.made.map(({ metadata }) => metadata.name),
    restores: site.started.length,
    messages: new Set(site.notifier.published.map(({ id }) => id)).size,
    isFree: (await site.deps.locks.acquire('drill/production', 'somebody')).ok,
  };
};

const whole = await playWhole(Number.MAX_SAFE_INTEGER, false);
const CALLS = Array.from({ length: whole.site.kill.calls }, (_, index) => index + 1);
const WELL = await summarise(whole);
/** All of them take a minute; this far apart every step has some, and other ones in each half. */
const STRIDE = 9;

describe.each([
  ['before it was made', false, 0],
  ['after it was made, its answer lost', true, 2],
])('a Lambda of a drill that is killed at one of its calls, %s,', (_, answered, offset) => {
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
