import { describe, expect, it } from 'vitest';
import { DEATHS, openKillTrial } from '../../../support/kill-trial.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, snapshotSite } from '../../../support/restore-site.ts';

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

const trial = await openKillTrial({
  play: playWhole,
  switchOf: ({ site }) => site.kill,
  summarise,
  stride: 17,
});

describe.each(DEATHS)('a Lambda that is killed at one of its calls, %s,', (_, answered) => {
  it(`comes to the same end, with the same Jobs and messages (${trial.count(answered)})`, async () => {
    expect(await trial.run(answered)).toEqual(trial.expected(answered));
  }, 120_000);
});
