import { describe, expect, it } from 'vitest';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { createDrillSite } from '../../../support/drill-site.ts';
import { DEATHS, openKillTrial } from '../../../support/kill-trial.ts';

/** A rehearsal, with a Lambda that dies. */

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

const trial = await openKillTrial({
  play: playWhole,
  switchOf: ({ site }) => site.kill,
  summarise,
  stride: 9,
});

describe.each(DEATHS)('a Lambda of a drill that is killed at one of its calls, %s,', (_, answered) => {
  it(`comes to the same end, with the same Jobs and messages (${trial.count(answered)})`, async () => {
    expect(await trial.run(answered)).toEqual(trial.expected(answered));
  }, 120_000);
});
