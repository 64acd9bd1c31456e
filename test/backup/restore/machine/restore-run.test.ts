import { describe, expect, it, test } from 'vitest';
import { buildJob } from '../../../support/job-builders.ts';
import { isOpen, openExecution, REPLACE, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, nameOfSafety, snapshotSite } from '../../../support/restore-site.ts';

/** The steps of `restore` as they are, one execution after the other; cluster, vault and ledger in memory. */

const choose = (choice: string, restore = 'restore-1') => ({
  restore,
  choice,
  by: 'Grace',
  why: 'people wait',
});

describe('a restore', () => {
  it('saves what was there, closes, replaces secrets and data, checks, opens, and tells its times', async () => {
    const site = await createRestoreSite();
    const before = await snapshotSite(site);
    const executed = await openExecution(site).play();
    expect(executed.outcome).toBe('restored');
    const run = await readPlaceRun(site);
    expect(run?.steps.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'done'));
    const after = await snapshotSite(site);
    expect({ ...after, rails: '', jobs: false }).toEqual({ ...before, rails: '', jobs: false });
    expect(after.rails).not.toBe(before.rails);
    expect(site.cluster.made.map(({ spec }) => spec.template.spec.containers[1]?.name)).toEqual([
      'toolbox-extensions',
      'toolbox-restore',
      'toolbox-analyse',
      'toolbox-check',
    ]);
    expect([...site.started.values()].map(({ name, input }) => [name, input])).toEqual([
      [nameOfSafety('restore-1'), { environment: 'production', policy: 'daily' }],
    ]);
    expect(site.notifier.published.map(({ outcome }) => outcome)).toEqual(['approval-wanted', 'restored']);
    expect(site.notifier.published.at(-1)?.reasons[0]).toMatch(/^Recovery took .* nobody could work for/);
  });

  it('leaves both locks free, and itself in the history', async () => {
    const site = await createRestoreSite();
    await openExecution(site).play();
    for (const name of ['restore/production', 'backup/production']) {
      expect((await site.deps.locks.acquire(name, 'somebody')).ok).toBe(true);
      await site.deps.locks.release(name, 'somebody');
    }
    const again = await openExecution(site, 'restore-2').play();
    expect(again).toMatchObject({ outcome: 'restored', restore: { id: 'restore-2' } });
    expect([...site.memory.objects.keys()].filter((key) => key.includes('/history/'))).toHaveLength(2);
  });

  it('ends with its plan unless somebody says otherwise', async () => {
    const site = await createRestoreSite();
    const { dryRun: _, confirm: __, ...request } = REPLACE;
    const planned = await openExecution(site).plan(request);
    expect(planned.outcome).toBe('planned');
    expect(planned.text.join('\n')).toContain('from here on nothing is undone by itself');
    expect(site.scaling.made).toEqual([]);
  });

  test.each([
    [
      'an environment that is not backed up',
      { environment: 'nowhere', target: 'scratch' },
      /no backup of an environment nowhere/,
    ],
    ['a set that is not there', { set: '1600000000_2020_09_13_18.10.0-ee' }, /there is no set 1600000000/],
  ])('is refused for %s', async (_, changes, reason) => {
    const site = await createRestoreSite();
    const planned = await openExecution(site).plan({ ...REPLACE, ...changes });
    expect(planned.outcome).toBe('refused');
    expect(planned.reasons.join(' ')).toMatch(reason);
  });

  it('is refused with the precheck that stands against it, and begins nothing', async () => {
    const site = await createRestoreSite();
    site.cluster.putJob(buildJob());
    const planned = await openExecution(site).plan();
    expect(planned.outcome).toBe('refused');
    expect(planned.reasons.join(' ')).toContain('other-backup');
  });

  it.each([
    ['the person who asked for it', 'Ada'],
    ['nobody', '  '],
    ['whoever sends the command as it stands', '<you>'],
  ])('does not begin when %s approves it', async (_, by) => {
    const site = await createRestoreSite();
    const execution = openExecution(site);
    await execution.plan();
    expect((await execution.approve(by)).outcome).toBe('not-approved');
    expect((await execution.begin()).outcome).toBe('refused');
  });
});

describe('before anything is destroyed', () => {
  it.each([
    [
      'the safety backup is not whole',
      (site: { state: { safety: string } }) => void (site.state.safety = 'incomplete'),
    ],
    [
      'the safety backup is stopped',
      (site: { state: { safety: string } }) => void (site.state.safety = 'aborted'),
    ],
  ])('everything is undone when %s', async (_, trouble) => {
    const site = await createRestoreSite();
    const before = await snapshotSite(site);
    trouble(site);
    expect((await openExecution(site).play()).outcome).toBe('undone');
    expect(await snapshotSite(site)).toEqual(before);
  });

  it('a restore is undone by another execution when its own is stopped', async () => {
    const site = await createRestoreSite();
    const before = await snapshotSite(site);
    const execution = openExecution(site);
    await execution.start();
    await execution.until(({ steps }) => steps[3]?.state === 'running');
    expect(await isOpen(site)).toBe(false);
    const { outcome, id } = await execution.fail();
    expect(outcome).toBe('carried-on');
    const carrier = openExecution(site, id);
    await carrier.begin({ place: 'production', id: 'restore-1' });
    expect((await carrier.follow()).outcome).toBe('undone');
    expect(await snapshotSite(site)).toEqual(before);
    expect((await execution.advance()).outcome).toBe('ended');
  });
});

describe('after the first destructive step', () => {
  const holdAt = async (step = 'restore-job') => {
    const site = await createRestoreSite();
    site.state.failing.push(step);
    const execution = openExecution(site);
    expect((await execution.play()).outcome).toBe('ask');
    expect(await isOpen(site)).toBe(false);
    return { site, execution };
  };

  it('asks by one page with the command, and refuses what is no choice', async () => {
    const { site, execution } = await holdAt();
    await execution.ask();
    const page = site.notifier.published.at(-1);
    expect(page).toMatchObject({ outcome: 'held', severity: 'critical' });
    expect(page?.command).toContain('--task-token');
    const refused = [
      'yes',
      {},
      choose('resume', 'restore-9'),
      choose('undo'),
      { ...choose('resume'), by: ' ' },
      { ...choose('open-anyway'), by: '<you>' },
    ];
    for (const answer of refused) {
      expect((await execution.answer(answer)).outcome).toBe('refused');
      expect((await readPlaceRun(site))?.state).toBe('held');
      expect(await isOpen(site)).toBe(false);
    }
  });

  it('asks nobody once it goes on: a page that is late would offer what can not be chosen any more', async () => {
    const { site, execution } = await holdAt();
    await execution.answer(choose('resume'));
    await expect(execution.ask()).rejects.toMatchObject({ code: 'restore.not-held' });
    expect(site.notifier.published.filter(({ outcome }) => outcome === 'held')).toEqual([]);
  });

  it('goes on at the step that failed when a person resumes it', async () => {
    const { site, execution } = await holdAt();
    expect((await execution.answer(choose('resume'))).outcome).toBe('chosen');
    expect((await execution.answer(choose('resume'))).outcome).toBe('chosen');
    expect((await execution.follow()).outcome).toBe('restored');
    expect((await readPlaceRun(site))?.choices).toHaveLength(1);
  });

  it('puts back the safety backup, its secrets, and the objects of the tmp bucket', async () => {
    const { site, execution } = await holdAt('check');
    const before = await createRestoreSite().then(snapshotSite);
    await execution.answer(choose('put-back'));
    expect((await execution.follow()).outcome).toBe('put-back');
    const after = await snapshotSite(site);
    expect(after).toEqual({ ...before, jobs: true });
    expect(site.copied).toContain('acme-uploads/a');
    const script = site.cluster.made.find(({ metadata }) => metadata.name.includes('put-back-job'));
    const args = JSON.stringify(script?.spec.template.spec.containers);
    expect(args).toMatch(/--skip .*uploads/);
    expect(args).not.toContain(site.set.id);
  });

  it('opens what stands there when a person wants that', async () => {
    const { site, execution } = await holdAt();
    await execution.answer(choose('open-anyway'));
    expect((await execution.follow()).outcome).toBe('opened-anyway');
    expect(await isOpen(site)).toBe(true);
  });

  it('stays closed when its execution is stopped, and another one asks', async () => {
    const { site, execution } = await holdAt();
    const { outcome, id } = await execution.fail();
    expect(outcome).toBe('carried-on');
    const carrier = openExecution(site, id);
    await carrier.begin({ place: 'production', id: 'restore-1' });
    expect((await carrier.follow()).outcome).toBe('ask');
    expect(await isOpen(site)).toBe(false);
    expect((await execution.answer(choose('open-anyway'))).outcome).toBe('refused');
    expect((await site.deps.locks.acquire('backup/production', 'a backup')).ok).toBe(false);
    const stopped = await carrier.fail('ABORTED', { carryOn: { place: 'production', id: 'restore-1' } });
    expect(stopped.outcome).toBe('reported');
    expect(site.notifier.published.at(-1)).toMatchObject({ outcome: 'left', severity: 'critical' });
    expect(site.notifier.published.at(-1)?.command).toContain(
      '"carryOn":{"place":"production","id":"restore-1"}',
    );
  });

  it('goes on under a new approval when a person starts it again', async () => {
    const { site, execution } = await holdAt();
    await execution.fail();
    const again = openExecution(site, 'restore-2');
    expect(await again.play()).toMatchObject({ outcome: 'ask', restore: { id: 'restore-1' } });
    await again.answer(choose('resume'));
    expect((await again.follow()).outcome).toBe('restored');
  });
});
