import { describe, expect, it } from 'vitest';
import { nameSnapshot } from '../../../../functions/backup/marks/snapshot-name.ts';
import { workOnDatabase } from '../../../../functions/backup/restore/native/database-work.ts';
import { RefusedError } from '../../../../functions/runtime/errors.ts';
import { DRILL_PLACE, REHEARSAL, REHEARSAL_EXECUTION } from '../../../support/drilled-site.ts';
import {
  createNativeScratchSite,
  type NativeScratchSite,
  SPARE,
} from '../../../support/native-scratch-site.ts';
import { INSTANCE, UPLOADS } from '../../../support/native-site.ts';
import { openExecution, readPlaceRun } from '../../../support/restore-execution.ts';

/** A native set that is rehearsed in the scratch place of its GitLab, and what is left of it behind that. */

const rehearse = async (site: NativeScratchSite) => {
  await site.putDrill();
  const execution = openExecution(site, REHEARSAL_EXECUTION);
  expect(await execution.plan(REHEARSAL)).toMatchObject({ outcome: 'rehearse' });
  expect(await execution.begin()).toMatchObject({ outcome: 'begun' });
  return execution.follow();
};

/** As the drill does behind it, under a name that its record has. */
const giveBack = async (site: NativeScratchSite, name = 'drill-back-1') => {
  const execution = openExecution(site, name);
  await site.putDrill({ way: 'destroy', givesBack: { execution: execution.execution.arn } });
  const begun = await execution.begin({ place: DRILL_PLACE, id: REHEARSAL_EXECUTION, giveBack: true });
  return begun.outcome === 'begun' ? execution.follow() : begun;
};

describe('a native set in the scratch place of its GitLab', () => {
  it('comes whole: a new database under the name of the place, and every object of the time in its buckets', async () => {
    const site = await createNativeScratchSite();
    const before = site.databaseRestore.names();
    const uploads = site.bucket.state();
    expect(await rehearse(site)).toMatchObject({ outcome: 'restored' });
    const { interim, kept } = site.names;
    expect(site.databaseRestore.asked).toEqual([
      expect.stringMatching(`^restore ${interim} arn:aws:rds:.*:snapshot:drydock-production-`),
      expect.stringMatching(`^adjust ${interim}`),
      `rename ${SPARE} to ${kept}`,
      `rename ${interim} to ${SPARE}`,
    ]);
    expect(site.spare.state()).toEqual(site.atSet);
    expect(site.bucket.state(), 'what people work with').toEqual(uploads);
    expect(site.databaseRestore.names()).toMatchObject(
      Object.fromEntries(Object.entries(before).filter(([, name]) => name === INSTANCE)),
    );
    expect(site.copied.every((one) => !one.startsWith(`${UPLOADS}/`))).toBe(true);
  });

  it('comes from the backups that RDS keeps of the database of people, where its snapshot is gone', async () => {
    const site = await createNativeScratchSite();
    site.databases.change(nameSnapshot(site.native), { status: 'failed' });
    site.databaseRestore.put(INSTANCE, { latestRestorableTime: site.clock.now().toISOString() });
    expect(await rehearse(site)).toMatchObject({ outcome: 'restored' });
    expect(site.databaseRestore.asked[0]).toBe(
      `restore ${site.names.interim} ${INSTANCE} at ${site.native.takenAt}`,
    );
  });

  it('that can not be copied whole is undone, and what was copied stays without another word to S3', async () => {
    const site = await createNativeScratchSite();
    const copier = site.deps.copier();
    let left = 1;
    const copy: typeof copier.copy = async (from, to) => {
      left -= 1;
      if (left < 0) throw new RefusedError('archive.archived', 'It lies in GLACIER.');
      return copier.copy(from, to);
    };
    const refusing = { ...site, deps: { ...site.deps, copier: () => ({ ...copier, copy }) } };
    const uploads = site.bucket.state();
    expect(await rehearse(refusing)).toMatchObject({ outcome: 'undone' });
    expect(left).toBe(1 - Object.keys(site.atSet).length);
    expect(site.bucket.state()).toEqual(uploads);
  });

  it('gets a database that anybody may delete, and that leaves no backup of itself', async () => {
    const site = await createNativeScratchSite();
    await rehearse(site);
    const { tags, ...settings } = site.databaseRestore.settingsOf(SPARE) ?? {};
    expect(settings).toMatchObject({ deletionProtection: false, retentionDays: 0 });
    expect(settings).not.toHaveProperty('maxAllocatedGib');
    expect(tags).toMatchObject({ 'drydock:restore': REHEARSAL_EXECUTION });
  });
});

describe('behind a drill', () => {
  it('the place has its own database and Secrets again, and nothing is left of what was made', async () => {
    const site = await createNativeScratchSite();
    const [names, secrets] = [site.databaseRestore.names(), new Map(site.secrets)];
    await rehearse(site);
    expect(new Map(site.secrets)).not.toEqual(secrets);
    expect(await giveBack(site)).toMatchObject({ outcome: 'given-back' });
    expect(site.databaseRestore.names()).toEqual(names);
    expect(site.databaseRestore.asked.at(-1)).toBe(`remove ${site.names.interim}`);
    expect(new Map(site.secrets)).toEqual(secrets);
    expect(site.notifier.published).toEqual([]);
  });

  it.each(['restore-repositories', 'check'])('that failed at %s it is the same', async (step) => {
    const site = await createNativeScratchSite();
    const [names, secrets] = [site.databaseRestore.names(), new Map(site.secrets)];
    site.state.failing.push(step);
    expect(await rehearse(site)).toMatchObject({ outcome: 'abandoned' });
    expect(await giveBack(site)).toMatchObject({ outcome: 'given-back' });
    expect(site.databaseRestore.names()).toEqual(names);
    expect(new Map(site.secrets)).toEqual(secrets);
  });

  it('of which nothing but a database came about, that one goes', async () => {
    const site = await createNativeScratchSite();
    const names = site.databaseRestore.names();
    site.databaseRestore.refuse('rename', 'Not while a replica of it is made.');
    expect(await rehearse(site)).toMatchObject({ outcome: 'undone' });
    expect(Object.keys(site.databaseRestore.names())).toHaveLength(3);
    expect(await giveBack(site)).toMatchObject({ outcome: 'given-back' });
    expect(site.databaseRestore.names()).toEqual(names);
  });

  it('a database that does not go is said so, and another try deletes it', async () => {
    const site = await createNativeScratchSite();
    await rehearse(site);
    site.databaseRestore.refuse('remove', 'It is the source of a replica.');
    expect(await giveBack(site)).toMatchObject({ outcome: 'abandoned' });
    const run = await readPlaceRun(site, DRILL_PLACE);
    expect(run?.reasons).toEqual(['It is the source of a replica.']);
    expect(await giveBack(site, 'drill-back-2')).toMatchObject({ outcome: 'given-back' });
    expect(Object.values(site.databaseRestore.names()).toSorted()).toEqual([INSTANCE, SPARE].toSorted());
  });

  it('of which RDS is still giving the instance of the place another name, that name is waited for', async () => {
    const site = await createNativeScratchSite();
    await rehearse(site);
    await giveBack(site);
    const run = await readPlaceRun(site, DRILL_PLACE);
    const database = run?.plan.native?.database;
    const old = (await site.databaseRestore.find(SPARE))?.resourceId;
    if (!run || !database || old === undefined) throw new Error('It was restored, and given back.');
    await site.databaseRestore.rename(SPARE, site.names.kept);
    const current = {
      way: 'give-back',
      step: 'put-back-database',
      attempt: 2,
      since: undefined,
      back: false,
    } as const;
    const at = site.clock.now().toISOString();
    const before = {
      version: 1,
      way: 'restore',
      step: 'swap-database',
      attempt: 1,
      startedAt: at,
      readAt: at,
    } as const;
    const known = { state: 'waiting', message: '', old, fresh: 'db-GONE', adjusted: true } as const;
    const fact = await workOnDatabase(
      { run, current, database, before: { ...before, ...known }, now: site.clock.now() },
      { databases: site.databaseRestore, isOurs: async () => true },
      new AbortController().signal,
    );
    expect(fact).toMatchObject({ state: 'waiting' });
  });

  it('an instance of that name without the tag of the restore stays', async () => {
    const site = await createNativeScratchSite();
    await rehearse(site);
    const settings = site.databaseRestore.settingsOf(SPARE);
    if (settings) site.databaseRestore.put(SPARE, { settings: { ...settings, tags: {} } });
    expect(await giveBack(site)).toMatchObject({ outcome: 'abandoned' });
    expect(site.databaseRestore.asked.filter((one) => one.startsWith('remove'))).toEqual([]);
  });

  it.each<[string, Parameters<NativeScratchSite['putDrill']>[0], string]>([
    ['rehearses still', { way: 'rehearse' }, 'is not destroying its place'],
    ['has ended', { way: 'destroy', state: 'ended' }, 'is not destroying its place'],
    ['has started another', { way: 'destroy', givesBack: { execution: 'other' } }, 'has started other'],
    ['is another one', { way: 'destroy', id: 'weekly-2' }, 'belongs to no drill'],
  ])('that %s nothing is given back', async (_, change, reason) => {
    const site = await createNativeScratchSite();
    await rehearse(site);
    const names = site.databaseRestore.names();
    const execution = openExecution(site, 'drill-back-1');
    await site.putDrill({ givesBack: { execution: execution.execution.arn }, ...change });
    expect(
      await execution.begin({ place: DRILL_PLACE, id: REHEARSAL_EXECUTION, giveBack: true }),
    ).toMatchObject({ outcome: 'refused', reasons: [expect.stringContaining(reason)] });
    expect(site.databaseRestore.names()).toEqual(names);
    expect((await readPlaceRun(site, DRILL_PLACE))?.outcome).toBe('restored');
  });
});
