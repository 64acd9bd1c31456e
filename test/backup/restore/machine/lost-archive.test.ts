import { describe, expect, it } from 'vitest';
import { backupSetKey } from '../../../../functions/records/backup/set.ts';
import { RefusedError, TransientError } from '../../../../functions/runtime/errors.ts';
import { createNativeSite } from '../../../support/native-site.ts';
import { hasDone, isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, type RestoreSite, snapshotSite } from '../../../support/restore-site.ts';

/** An archive that goes while its restore is under way: found before the place is closed, and before data are replaced. */

type Step = 'safety-backup' | 'restore-secrets' | 'restore-job';

const archiveOf = ({ archives }: RestoreSite): string => [...archives.objects.keys()][0] ?? '';
const remove = (site: RestoreSite) => void site.archives.objects.delete(archiveOf(site));
const overwrite = (site: RestoreSite) =>
  void site.archives.objects.set(archiveOf(site), {
    size: 12,
    etag: '"other"',
    lastModified: '2026-11-22T09:10:00.000Z',
  });
const forbid = ({ archives }: RestoreSite) => {
  archives.state.trouble = new RefusedError('archive.forbidden', 'No right to s3:ListBucket on it.');
};
const hide = ({ archives }: RestoreSite) => {
  archives.state.trouble = new TransientError('archive.unavailable', 'S3 did not give it.');
};

/** Up to the end of a step, before anything of the next one. */
const playUntil = async (step: Step) => {
  const site = await createRestoreSite();
  const before = await snapshotSite(site);
  const execution = openExecution(site);
  await execution.start();
  await execution.until(hasDone(step));
  return { site, before, execution };
};
const toolJobs = ({ cluster }: RestoreSite): string[] =>
  cluster.made.map(({ metadata }) => metadata.name).filter((name) => name.includes('restore-job'));

describe.each<Step>(['safety-backup', 'restore-secrets'])('behind %s', (step) => {
  it.each<[string, (site: RestoreSite) => void, RegExp]>([
    ['was deleted', remove, /^There is no s3:\/\/acme-backups\/\S+ any more/],
    ['was overwritten', overwrite, /is not the archive of set .* there lies 12 bytes, ETag other/],
    ['can not be looked for, without the right', forbid, /^No right to s3:ListBucket/],
    ['can not be looked for, since S3 is away', hide, /could not be learned for 10 minutes: S3 did not/],
  ])('everything is undone when the archive %s', async (_, trouble, reason) => {
    const { site, before, execution } = await playUntil(step);
    trouble(site);
    expect((await execution.follow()).outcome).toBe('undone');
    expect({ ...(await snapshotSite(site)), jobs: false }).toEqual({ ...before, jobs: false });
    const run = await readPlaceRun(site);
    expect(run?.reasons[0]).toMatch(reason);
    expect(run?.destructiveAt).toBeUndefined();
    expect(toolJobs(site)).toEqual([]);
    expect(site.notifier.published.at(-1)?.reasons.join('\n')).toMatch(reason);
  });

  it('an S3 that comes back is waited for', async () => {
    const { site, execution } = await playUntil(step);
    hide(site);
    for (let looks = 0; looks < 5; looks++) await execution.turn(looks);
    site.archives.state.trouble = undefined;
    expect((await execution.follow()).outcome).toBe('restored');
  });
});

it('nobody is locked out for an archive that has gone before the place is closed', async () => {
  const { site, execution } = await playUntil('safety-backup');
  remove(site);
  const seen: boolean[] = [];
  await execution.follow(() => void isOpen(site).then((open) => seen.push(open)));
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).not.toContain(false);
});

it('a set that goes once its data are in place stops nothing', async () => {
  const { site, execution } = await playUntil('restore-job');
  remove(site);
  await site.memory.remove(backupSetKey('production', site.set.id));
  expect((await execution.follow()).outcome).toBe('restored');
});

it('asks by the name of the archive, once before the place is closed and once before data are replaced', async () => {
  const site = await createRestoreSite();
  expect((await openExecution(site).play()).outcome).toBe('restored');
  expect(site.archives.asked).toEqual([archiveOf(site), archiveOf(site)]);
});

it('a set without an archive asks for none', async () => {
  const site = await createNativeSite();
  await openExecution(site).play();
  expect(site.archives.asked).toEqual([]);
});
