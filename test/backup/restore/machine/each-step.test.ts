import { describe, expect, it } from 'vitest';
import type { RestoreStep } from '../../../../functions/records/backup/restore-plan.ts';
import { hasDone, isOpen, openExecution } from '../../../support/restore-execution.ts';
import { createRestoreSite, snapshotSite } from '../../../support/restore-site.ts';

/** A restore that is stopped right behind each of its steps: what comes of it by itself, and what a person makes of it. */

const RESTORE = { place: 'production', id: 'restore-1' };

const stopBehind = async (step: RestoreStep) => {
  const site = await createRestoreSite();
  const before = { ...(await snapshotSite(site)), jobs: true };
  const execution = openExecution(site);
  await execution.start();
  await execution.until(hasDone(step));
  return { site, before, stopped: await execution.fail() };
};

/** What comes by itself: another execution, which nobody has started. */
const carryOn = async (step: RestoreStep) => {
  const { site, before, stopped } = await stopBehind(step);
  expect(stopped.outcome).toBe('carried-on');
  expect(site.started.get(stopped.id)?.input).toEqual({ carryOn: RESTORE });
  const carrier = openExecution(site, stopped.id);
  await carrier.begin(RESTORE);
  return { site, before, carrier, outcome: (await carrier.follow()).outcome };
};

const toldOf = ({ notifier }: Awaited<ReturnType<typeof createRestoreSite>>): string[] =>
  notifier.published.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'approval-wanted');

describe('a restore that is stopped behind', () => {
  it.each<RestoreStep>(['safety-backup', 'suspend-schedules', 'quiesce', 'restore-secrets'])(
    '%s is undone exactly, told once, and ends well when it is started again',
    async (step) => {
      const { site, before, outcome } = await carryOn(step);
      expect(outcome).toBe('undone');
      expect({ ...(await snapshotSite(site)), jobs: true }).toEqual(before);
      expect(toldOf(site)).toEqual(['undone']);
      expect((await openExecution(site, 'restore-2').play()).outcome).toBe('restored');
    },
  );

  it.each<RestoreStep>(['restore-job', 'analyse', 'check'])(
    '%s is held at 0 behind one page, and resumed does nothing twice',
    async (step) => {
      const { site, carrier, outcome } = await carryOn(step);
      expect(outcome).toBe('ask');
      await carrier.ask();
      expect([toldOf(site), await isOpen(site)]).toEqual([['held'], false]);
      const answer = { restore: RESTORE.id, choice: 'resume', by: 'Grace', why: 'people wait' };
      expect((await carrier.answer(answer)).outcome).toBe('chosen');
      expect((await carrier.follow()).outcome).toBe('restored');
      expect([toldOf(site), await isOpen(site)]).toEqual([['held', 'restored'], true]);
      const names = site.cluster.made.map(({ metadata }) => metadata.name);
      for (const one of ['restore-job', 'analyse', 'check']) {
        expect(names.filter((name) => name.includes(`-${one}-`))).toHaveLength(1);
      }
    },
  );

  it.each<RestoreStep>(['restore-job', 'analyse', 'check'])(
    '%s and left by everybody stays closed, with its data locked for a month',
    async (step) => {
      const { site, carrier } = await carryOn(step);
      for (let days = 0; days < 30; days++) {
        site.clock.advance(86_400_000);
        expect((await carrier.turn(days)).outcome).toBe('ask');
        expect(await isOpen(site)).toBe(false);
      }
      expect((await site.deps.locks.acquire('backup/production', 'a backup')).ok).toBe(false);
    },
  );

  it.each<RestoreStep>(['open', 'probe'])(
    '%s stays open, and says what nobody has looked at',
    async (step) => {
      const { site, stopped } = await stopBehind(step);
      expect(stopped.outcome).toBe('released');
      expect([toldOf(site), await isOpen(site)]).toEqual([['restored-unwell'], true]);
      expect((await site.deps.locks.acquire('backup/production', 'a backup')).ok).toBe(true);
    },
  );
});
