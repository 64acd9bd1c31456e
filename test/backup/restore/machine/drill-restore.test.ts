import { describe, expect, it } from 'vitest';
import { run as finish } from '../../../../functions/backup/finish-restore.ts';
import type { DrillRun } from '../../../../functions/records/backup/drill.ts';
import {
  createDrilledSite,
  DRILL_PLACE,
  DRILLED_CONFIGURATION,
  REHEARSAL,
  REHEARSAL_EXECUTION,
} from '../../../support/drilled-site.ts';
import { openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { CLOSED } from '../../drill/drill-builders.ts';

/** A restore that a drill has started, with the steps of the machine as they are. */

const begin = async (change: Partial<DrillRun> = {}) => {
  const site = await createDrilledSite();
  await site.putDrill(change);
  const execution = openExecution(site, REHEARSAL_EXECUTION);
  const planned = await execution.plan(REHEARSAL);
  return { site, execution, planned };
};

/** Until its Job of this step was made. */
const runUntil = async (step: string, change: Partial<DrillRun> = {}) => {
  const { site, execution } = await begin(change);
  await execution.begin();
  const isThere = async (): Promise<boolean> =>
    (await readPlaceRun(site, DRILL_PLACE))?.steps.some(
      (one) => one.step === step && one.state === 'running',
    ) === true;
  for (let looks = 0; !(await isThere()); looks++) await execution.turn(looks);
  return { site, execution };
};

const isFree = async ({ deps }: Awaited<ReturnType<typeof createDrilledSite>>): Promise<boolean> => {
  const locks = [`restore/${DRILL_PLACE}`, `backup/${DRILL_PLACE}`];
  const taken = await Promise.all(locks.map((name) => deps.locks.acquire(name, 'somebody')));
  return taken.every(({ ok }) => ok);
};

describe('a restore of a drill', () => {
  it('asks nobody, restores, and tells nobody: the drill does', async () => {
    const { site, execution, planned } = await begin();
    expect(planned.outcome).toBe('rehearse');
    expect((await execution.begin()).outcome).toBe('begun');
    expect((await execution.follow()).outcome).toBe('restored');
    expect(await readPlaceRun(site, DRILL_PLACE)).toMatchObject({
      approvedBy: 'restore.drill of drydock.yaml',
      outcome: 'restored',
    });
    expect(site.notifier.published).toEqual([]);
  });

  it.each(['restore-job', 'analyse', 'check'])(
    'that fails at %s is left closed, with both locks free',
    async (step) => {
      const { site, execution } = await begin();
      site.state.failing.push(step);
      await execution.begin();
      expect((await execution.follow()).outcome).toBe('abandoned');
      const web = (await site.scaling.listWorkloads('gitlab-scratch')).map(({ replicas }) => replicas);
      expect(web).toEqual([0, 0]);
      expect(await isFree(site)).toBe(true);
      expect(site.notifier.published).toEqual([]);
    },
  );

  it('whose execution dies in the middle is at its end, and nobody is paged', async () => {
    const { site, execution } = await runUntil('restore-job');
    expect((await execution.fail('ABORTED', REHEARSAL)).outcome).toBe('released');
    expect(await readPlaceRun(site, DRILL_PLACE)).toMatchObject({ state: 'ended', outcome: 'abandoned' });
    expect(site.started.size).toBe(0);
    expect(site.notifier.published).toEqual([]);
    expect(await isFree(site)).toBe(true);
  });

  it('whose execution dies before anything is destroyed is undone by the next one, without a word', async () => {
    const { site, execution } = await runUntil('quiesce');
    const { outcome, id } = await execution.fail('ABORTED', REHEARSAL);
    expect(outcome).toBe('carried-on');
    const carrier = openExecution(site, id);
    await carrier.begin({ place: DRILL_PLACE, id: REHEARSAL_EXECUTION });
    expect((await carrier.follow()).outcome).toBe('undone');
    const replicas = (await site.scaling.listWorkloads('gitlab-scratch')).map((one) => one.replicas);
    expect(replicas).toEqual([2, 2]);
    expect(site.notifier.published).toEqual([]);
  });

  it('whose undoing is stopped as well is at its end, and the place is free', async () => {
    const { site, execution } = await runUntil('quiesce');
    const { id } = await execution.fail('ABORTED', REHEARSAL);
    const carrier = openExecution(site, id);
    const carryOn = { place: DRILL_PLACE, id: REHEARSAL_EXECUTION };
    await carrier.begin(carryOn);
    expect((await carrier.fail('ABORTED', { carryOn })).outcome).toBe('released');
    expect((await readPlaceRun(site, DRILL_PLACE))?.outcome).toBe('abandoned');
    expect(site.notifier.published).toEqual([]);
    expect(await isFree(site)).toBe(true);
  });

  it('that fails before it has begun is told by the drill alone', async () => {
    const { site, execution } = await begin();
    expect((await execution.fail('FAILED', REHEARSAL)).outcome).toBe('silent');
    expect(site.notifier.published).toEqual([]);
  });

  it.each<[string, Partial<DrillRun>]>([
    ['its drill is being destroyed', { way: 'destroy' }],
    ['nothing proves that its place is closed', { proof: { ...CLOSED, state: 'unproven' } }],
    ['its drill has started another', { restore: { execution: 'another' } }],
  ])('is refused when %s, at its plan and when it begins', async (_, change) => {
    const refused = await begin(change);
    expect(refused.planned).toMatchObject({ outcome: 'refused', reasons: [expect.any(String)] });
    const { site, execution } = await begin();
    await site.putDrill(change);
    expect(await execution.begin()).toMatchObject({ outcome: 'refused', reasons: refused.planned.reasons });
    expect(await readPlaceRun(site, DRILL_PLACE)).toBeUndefined();
    const end = { execution: execution.execution, outcome: 'refused' as const, reasons: ['it is open'] };
    expect((await finish({ ...end, restore: undefined }, site.deps)).outcome).toBe('refused');
    expect(site.notifier.published).toEqual([]);
  });

  it('takes no approval of a person for one of drydock.yaml', async () => {
    const site = await createDrilledSite();
    const execution = openExecution(site, 'typed-by-hand');
    expect(await execution.plan(REHEARSAL)).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('started by no drill')],
    });
    expect((await execution.approve()).outcome).toBe('approved');
    expect((await execution.begin()).outcome).toBe('refused');
  });

  it('ends what an earlier drill has left open, and begins anew', async () => {
    const { site } = await runUntil('quiesce');
    site.clock.advance(3 * 3_600_000);
    const next = openExecution(site, 'drill-weekly-2');
    await site.putDrill({ restore: { execution: next.execution.arn } });
    expect((await next.plan(REHEARSAL)).outcome).toBe('rehearse');
    expect(await next.begin()).toMatchObject({ outcome: 'begun', restore: { id: 'drill-weekly-2' } });
    expect((await next.follow()).outcome).toBe('restored');
    const history = [...site.memory.objects.keys()].filter((key) => key.includes('/history/'));
    expect(history).toHaveLength(2);
    expect(await isFree(site)).toBe(true);
  });

  it('is not begun on top of one that still lives', async () => {
    const { site } = await runUntil('quiesce');
    const next = openExecution(site, 'drill-weekly-2');
    await site.putDrill({ restore: { execution: next.execution.arn } });
    await next.plan(REHEARSAL);
    expect(await next.begin()).toMatchObject({ outcome: 'refused' });
    expect((await readPlaceRun(site, DRILL_PLACE))?.id).toBe(REHEARSAL_EXECUTION);
  });
});

describe('a person who restores into the scratch place', () => {
  const { drill: _, ...asked } = REHEARSAL;

  it('is refused while a drill works there, at the plan and when it begins', async () => {
    const site = await createDrilledSite();
    const early = openExecution(site, 'early');
    expect((await early.plan(asked)).outcome).toBe('proceed');
    await early.approve();
    await site.putDrill();
    const refused = { outcome: 'refused', reasons: [expect.stringContaining('destroys what it finds')] };
    expect(await early.begin()).toMatchObject(refused);
    expect(await openExecution(site, 'late').plan(asked)).toMatchObject(refused);
  });

  it('goes on with no restore of a drill, and no drill goes on with his', async () => {
    const { site } = await runUntil('quiesce');
    await site.putDrill({ state: 'ended', left: [] });
    expect(await openExecution(site, 'by-hand').plan(asked)).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('ends by itself, or with the next drill')],
    });
    const other = await createDrilledSite();
    other.state.failing.push('restore-job');
    expect((await openExecution(other, 'by-hand').play(asked)).outcome).toBe('ask');
    await other.putDrill();
    expect(await openExecution(other, REHEARSAL_EXECUTION).plan(REHEARSAL)).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining('no drill goes on with it')],
    });
  });

  it('may leave it as it stands, and is told what lies there', async () => {
    const site = await createDrilledSite();
    site.state.failing.push('restore-job');
    const execution = openExecution(site, 'by-hand');
    expect((await execution.play(asked)).outcome).toBe('ask');
    const answer = { restore: 'by-hand', choice: 'abandon', by: 'Grace', why: 'enough was seen' };
    expect((await execution.answer(answer)).outcome).toBe('chosen');
    expect((await execution.answer(answer)).outcome).toBe('chosen');
    expect((await execution.follow()).outcome).toBe('abandoned');
    expect(await isFree(site)).toBe(true);
    const last = site.notifier.published.at(-1);
    expect(last).toMatchObject({ outcome: 'abandoned', severity: 'warning' });
    expect(last?.reasons[0]).toContain('namespace gitlab-scratch of blue');
  });
});

it('belongs to a site that drills', () => {
  expect(DRILLED_CONFIGURATION.backup?.environments['production']?.restore.drill).toBeDefined();
});
