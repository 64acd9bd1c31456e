import { describe, expect, it, test } from 'vitest';
import { pickSet } from '../../../../functions/backup/restore/reading/pick-set.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../../../functions/records/verified-backup.ts';
import { RefusedError } from '../../../../functions/runtime/errors.ts';
import { createNativeSite, INSTANCE, type NativeSite, UPLOADS } from '../../../support/native-site.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { snapshotSite } from '../../../support/restore-site.ts';

const OLD = 'db-RESOURCE1';
const NEW = 'db-RESOURCE2';

const scriptsOf = ({ cluster }: NativeSite): string[] =>
  cluster.made.flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap(({ args }) => args?.[2]?.split('backup-utility')[1]?.trim() ?? []),
  );
const answer = (choice: string) => ({ restore: 'restore-1', choice, by: 'Grace', why: 'people wait' });

describe('a native set', () => {
  it('comes back whole: a new database under the old name, every object of the time, and the repositories', async () => {
    const site = await createNativeSite();
    const { interim, kept } = site.names;
    const execution = openExecution(site);
    expect(await execution.play()).toMatchObject({ outcome: 'restored' });
    expect(site.databaseRestore.asked).toEqual([
      expect.stringMatching(`^restore ${interim} arn:aws:rds:.*:snapshot:drydock-production-`),
      `adjust ${interim}`,
      `rename ${INSTANCE} to ${kept}`,
      `rename ${interim} to ${INSTANCE}`,
    ]);
    expect(site.databaseRestore.names()).toEqual({ [OLD]: kept, [NEW]: INSTANCE });
    expect(site.bucket.state()).toEqual(site.atSet);
    expect(scriptsOf(site)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^--restore -t ${site.native.id} --repositories-server-side --skip db,registry,uploads,`),
      ),
    );
    expect(await isOpen(site)).toBe(true);
  });

  it('gets a database that is set up as the one before, with a tag of the run', async () => {
    const site = await createNativeSite();
    await openExecution(site).play();
    const [old, fresh] = [
      site.databaseRestore.settingsOf(site.names.kept),
      site.databaseRestore.settingsOf(INSTANCE),
    ];
    expect(fresh).toEqual({ ...old, tags: { ...old?.tags, 'drydock:restore': 'restore-1' } });
  });

  it('has its steps in an order in which nothing is destroyed before the repositories are', async () => {
    const site = await createNativeSite();
    await openExecution(site).play();
    const run = await readPlaceRun(site);
    expect(run?.steps.map(({ step }) => step)).toEqual([
      'safety-backup',
      'restore-database',
      'suspend-schedules',
      'quiesce',
      'restore-secrets',
      'swap-database',
      'restore-objects',
      'restore-repositories',
      'check',
      'open',
      'probe',
      'runners',
    ]);
    const repositories = run?.steps.find(({ step }) => step === 'restore-repositories');
    expect(run?.destructiveAt).toBe(repositories?.startedAt);
  });

  it('waits for an instance that takes no setting yet, since RDS makes its first backup', async () => {
    const site = await createNativeSite();
    site.databaseRestore.isBusy(2);
    expect(await openExecution(site).play()).toMatchObject({ outcome: 'restored' });
    expect(site.databaseRestore.asked).toContain(`adjust ${site.names.interim}`);
  });

  it('is watched while RDS changes names, since nobody can work meanwhile: seconds, not half minutes', async () => {
    const site = await createNativeSite();
    await openExecution(site).play();
    const swap = (await readPlaceRun(site))?.steps.find(({ step }) => step === 'swap-database');
    expect(swap?.state).toBe('done');
    expect(swap?.seconds).toBeLessThan(25);
  });

  it('is changed no more by a Lambda that watches it, once somebody has paused', async () => {
    const site = await createNativeSite();
    const renames = () => site.databaseRestore.asked.filter((one) => one.startsWith('rename'));
    const pause = {
      version: 1 as const,
      scope: 'all',
      paused: true,
      by: 'Grace',
      why: 'storm',
      since: site.clock.now().toISOString(),
    };
    const judge: typeof site.deps.pauses.judge = async () =>
      renames().length > 0 ? { ok: false, pause, reason: 'paused' } : { ok: true };
    const paused = { ...site, deps: { ...site.deps, pauses: { ...site.deps.pauses, judge } } };
    await expect(openExecution(paused).play()).rejects.toThrow('never came to an end');
    expect(renames()).toHaveLength(1);
  });

  it('tells where the database of before stays, and that it costs', async () => {
    const site = await createNativeSite();
    await openExecution(site).play();
    const told = site.notifier.published.flatMap(({ reasons }) => reasons).join('\n');
    expect(told).toContain(`The database of before stays as the instance ${site.names.kept}`);
  });
});

/** @param count how many copies S3 refuses. */
const refuseCopies = (site: NativeSite, count = 1): NativeSite => {
  let left = count;
  const copier = site.deps.copier();
  const copy: typeof copier.copy = async (from, to) => {
    left -= 1;
    if (left >= 0) throw new RefusedError('archive.archived', 'It lies in GLACIER.');
    return copier.copy(from, to);
  };
  return { ...site, deps: { ...site.deps, copier: () => ({ ...copier, copy }) } };
};

describe('what fails before repositories are replaced is undone', () => {
  test.each<[string, (site: NativeSite) => NativeSite, string | RegExp]>([
    [
      'RDS makes no new database',
      (site) => {
        site.databaseRestore.refuse('restore', 'There is no room for another instance.');
        return site;
      },
      'There is no room',
    ],
    [
      'the new database comes to no good',
      (site) => {
        site.databaseRestore.breaks('incompatible-restore');
        return site;
      },
      'incompatible-restore',
    ],
    [
      'the old database takes no other name',
      (site) => {
        site.databaseRestore.refuse('rename', 'Not while a replica of it is made.');
        return site;
      },
      'Not while a replica',
    ],
    ['an object can not be copied', (site) => refuseCopies(site), 'GLACIER'],
  ])('when %s', async (_, trouble, reason) => {
    const site = trouble(await createNativeSite());
    const place = await snapshotSite(site);
    const execution = openExecution(site);
    expect(await execution.play()).toMatchObject({ outcome: 'undone' });
    expect(site.databaseRestore.names()[OLD]).toBe(INSTANCE);
    expect(site.bucket.state()).toEqual(site.before);
    expect(await snapshotSite(site)).toEqual(place);
    expect((await readPlaceRun(site))?.failure?.reasons.join(' ')).toMatch(reason);
  });

  it('and names the new instance, which nobody may delete', async () => {
    const site = refuseCopies(await createNativeSite());
    await openExecution(site).play();
    expect(site.databaseRestore.names()).toEqual({ [OLD]: INSTANCE, [NEW]: site.names.interim });
    expect(site.notifier.published.flatMap(({ reasons }) => reasons).join('\n')).toContain(
      site.names.interim,
    );
  });
});

it('an undoing that fails waits for a person, closed, and goes on once its cause is gone', async () => {
  // Both copies of the way there, and the first of the way back.
  const site = refuseCopies(await createNativeSite(), 3);
  const execution = openExecution(site);
  expect(await execution.play()).toMatchObject({ outcome: 'ask' });
  expect(await isOpen(site)).toBe(false);
  await execution.answer(answer('resume'));
  expect(await execution.follow()).toMatchObject({ outcome: 'undone' });
  expect(site.bucket.state()).toEqual(site.before);
  expect(site.databaseRestore.names()[OLD]).toBe(INSTANCE);
});

describe('what fails from there on waits for a person', () => {
  const hold = async () => {
    const site = await createNativeSite();
    site.state.failing.push('restore-repositories');
    const execution = openExecution(site);
    expect(await execution.play()).toMatchObject({ outcome: 'ask' });
    expect(await isOpen(site)).toBe(false);
    await execution.ask();
    const page = site.notifier.published.find(({ outcome }) => outcome === 'held');
    expect(page?.next).toContain('put-back: bring back the database and the objects of before');
    return { site, execution };
  };

  it('who may have all of it put back: the old database, the objects of before, repositories of the safety backup', async () => {
    const { site, execution } = await hold();
    await execution.answer(answer('put-back'));
    expect(await execution.follow()).toMatchObject({ outcome: 'put-back' });
    expect(site.databaseRestore.names()).toEqual({ [OLD]: INSTANCE, [NEW]: site.names.interim });
    expect(site.bucket.state()).toEqual(site.before);
    const last = scriptsOf(site).findLast((one) => one.startsWith('--restore'));
    expect(last).toMatch(/^--restore -t \d+_\S+ --skip db,registry/);
    expect(last).not.toContain(site.native.id);
    expect(await isOpen(site)).toBe(true);
  });

  it('who may have it tried once more', async () => {
    const { site, execution } = await hold();
    await execution.answer(answer('resume'));
    expect(await execution.follow()).toMatchObject({ outcome: 'restored' });
    expect(site.bucket.state()).toEqual(site.atSet);
  });
});

it('is passed over for a place that can take none, unless somebody names it', async () => {
  const { deps, native, memory } = await createNativeSite();
  const { environment, policy } = native;
  const archive = { ...native, kind: 'tar' as const, id: '1795100000_2026_11_19_18.10.0-ee' };
  await deps.sets.open({ ...archive, takenAt: '2026-11-19T03:00:00.000Z' });
  const picked = (asked: string | undefined, takesNative: boolean) =>
    pickSet(environment, asked, deps.sets, takesNative);
  expect(await picked(undefined, false)).toMatchObject({ ok: true, set: { id: archive.id } });
  expect(await picked(undefined, true)).toMatchObject({ ok: true, set: { id: native.id } });
  expect(await picked(native.id, false)).toMatchObject({ ok: true, set: { id: native.id } });
  const gate = await memory.read(verifiedBackupKind, verifiedBackupKey(environment));
  expect(gate?.value, `what gates go by, of ${policy}`).toMatchObject({
    set: native.id,
    takenAt: native.takenAt,
  });
});

it('no object of another bucket is ever touched', async () => {
  const site = await createNativeSite();
  const other = site.store.bucket('acme-lfs');
  other.put('x', 'later');
  await openExecution(site).play();
  expect(other.count()).toBe(1);
  expect(site.copied.every((one) => one.startsWith(`${UPLOADS}/`))).toBe(true);
});
