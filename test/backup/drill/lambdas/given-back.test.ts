import { describe, expect, it } from 'vitest';
import { pickDrillSet } from '../../../../functions/backup/drill/reading/drill-set.ts';
import { openDrillExecution } from '../../../support/drill-execution.ts';
import { createDrillSite } from '../../../support/drill-site.ts';
import { RESTORE_SET } from '../../restore/restore-facts.ts';

/** What a restore has changed of a place beside its data: Secrets, and of a native set its database. */

describe('the place of a drill', () => {
  it('gets its own back by one execution that the record names, before its network is opened', async () => {
    const site = await createDrillSite();
    expect(await openDrillExecution(site).play()).toMatchObject({ outcome: 'passed' });
    const run = await site.readRun();
    expect(site.givenBack).toHaveLength(1);
    expect(site.givenBack[0]?.input).toEqual({
      carryOn: { place: 'production/scratch', id: site.started[0]?.name, giveBack: true },
    });
    expect(run?.givesBack?.execution.endsWith(`:${site.givenBack[0]?.name}`)).toBe(true);
    expect(site.state.broken).toEqual([]);
  });

  it('is asked for again under another name when that came to no good', async () => {
    const site = await createDrillSite();
    site.switches.keptBack = 2;
    expect(await openDrillExecution(site).play()).toMatchObject({ outcome: 'passed' });
    expect(new Set(site.givenBack.map(({ name }) => name)).size).toBe(3);
    expect(site.state.broken).toEqual([]);
  });

  it('stays closed when it does not get it back, and people are told what it has of whom', async () => {
    const site = await createDrillSite();
    site.switches.keptBack = Number.POSITIVE_INFINITY;
    expect(await openDrillExecution(site).play()).toMatchObject({ outcome: 'not-destroyed' });
    const run = await site.readRun();
    expect(run?.left).toContain(
      'The place still has Secrets, and where the set is native the database, of production.',
    );
    expect(run?.steps.find(({ step }) => step === 'give-back')?.message).toContain('RDS does not answer');
    expect(await site.place.isClosed()).toBe(true);
    expect(site.state.broken).toEqual([]);
    expect(site.notifier.published.at(-1)).toMatchObject({ severity: 'critical' });
    site.switches.keptBack = 0;
    expect(await openDrillExecution(site, 'drill-2').play({ destroy: true })).toMatchObject({
      outcome: 'passed',
    });
    expect((await site.readRun())?.left).toEqual([]);
    expect(await site.place.listStanding('drill-1')).toEqual([]);
  });

  it('has nothing to get back where no restore was begun', async () => {
    const site = await createDrillSite();
    site.state.isLeaky = true;
    expect(await openDrillExecution(site).play()).toMatchObject({ outcome: 'failed' });
    expect(site.givenBack).toEqual([]);
    expect((await site.readRun())?.steps.find(({ step }) => step === 'give-back')?.state).toBe('skipped');
  });
});

describe('the set of a drill', () => {
  const newest = '1795200000_2026_11_20_18.10.0-ee';
  it.each([
    ['is a native one where the place has a database for it', true, newest],
    ['is the newest archive where it has none', false, RESTORE_SET.id],
  ])('%s', async (_, takesNative, expected) => {
    const { deps } = await createDrillSite();
    await deps.sets.open({ ...RESTORE_SET, id: newest, kind: 'native', takenAt: '2026-11-22T03:00:00.000Z' });
    const picked = await pickDrillSet('production', undefined, deps.sets, takesNative);
    expect(picked).toMatchObject({ ok: true, set: { id: expected } });
    const named = await pickDrillSet('production', newest, deps.sets, takesNative);
    expect(named.ok).toBe(takesNative);
  });
});
