import { describe, expect, it } from 'vitest';
import { removeAll } from '../../../functions/backup/upkeep/removal.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { buildKept } from '../../support/backup-upkeep.ts';
import { createMemoryRemoval } from '../../support/memory-removal.ts';
import { createUpkeepSite } from '../../support/upkeep-site.ts';

const REGION = 'eu-central-1';
const LATER = new Date(BACKUP_TIME.getTime() + 1_000).toISOString();

/** An archive, two copies of it and a snapshot; the version in one bucket is locked. */
const removeWithLock = async (locked: string | undefined) => {
  const removal = createMemoryRemoval();
  for (const bucket of ['archives', 'copies-1', 'copies-2']) {
    removal.put(bucket, 'x.tar', 'v1', bucket === locked ? LATER : undefined);
  }
  const place = (bucket: string) => ({ bucket, region: REGION, key: 'x.tar' });
  const list = {
    copies: [place('copies-1'), place('copies-2')],
    snapshots: ['arn:snapshot'],
    archive: place('archives'),
  };
  const refusal = await removeAll(list, removal, BACKUP_TIME, new AbortController().signal);
  return { removed: removal.removed, refusal };
};

describe('what of a set is deleted', () => {
  it.each(['archives', 'copies-1', 'copies-2'])('is nothing while a lock stands in %s', async (locked) => {
    const { removed, refusal } = await removeWithLock(locked);
    expect(removed).toEqual([]);
    expect(refusal?.message).toContain(LATER);
  });

  it('is all of it while none does, the archive last', async () => {
    const { removed, refusal } = await removeWithLock(undefined);
    expect(removed).toEqual(['copies-1/x.tar@v1', 'copies-2/x.tar@v1', 'arn:snapshot', 'archives/x.tar@v1']);
    expect(refusal).toBeUndefined();
  });

  it('is a base in the same night as the set that builds on it, and behind that', async () => {
    const read = { verifiedAt: hoursAgo(1).toISOString() };
    const base = buildEntry(50 * 24, read);
    const above = buildEntry(40 * 24, { ...read, needs: [base.id] });
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 1 } } } }),
    );
    await site.add([buildEntry(24, read), base, above]);
    await site.watch();
    await site.plan();
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'done', deleted: 2 });
    expect(site.removal.removed.map((name) => name.includes(base.id))).toEqual([false, true]);
  });
});
