import { describe, expect, it } from 'vitest';
import { DEATHS, openKillTrial } from '../../../support/kill-trial.ts';
import { createNativeSite } from '../../../support/native-site.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { snapshotSite } from '../../../support/restore-site.ts';

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

const trial = await openKillTrial({
  play: playWhole,
  switchOf: ({ site }) => site.kill,
  summarise,
  stride: 19,
});

it('the whole of it goes there and back', async () => {
  const { site, held, wasOpen, between, ended } = trial.whole;
  expect([held.outcome, ended.outcome, wasOpen]).toEqual(['ask', 'put-back', false]);
  expect(between.objects).toEqual(site.atSet);
  expect(site.bucket.state()).toEqual(site.before);
});

describe.each(DEATHS)('a Lambda that is killed at one of its calls, %s,', (_, answered) => {
  it(`comes to the same end, and asks RDS for nothing twice (${trial.count(answered)})`, async () => {
    expect(await trial.run(answered)).toEqual(trial.expected(answered));
  }, 120_000);
});
