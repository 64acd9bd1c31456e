import { describe, expect, it } from 'vitest';
import { backupSetKey } from '../../functions/records/backup/set.ts';
import { backupSetIndexKey, backupSetIndexKind } from '../../functions/records/backup/set-index.ts';
import { buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildKept, manifestOf } from '../support/backup-upkeep.ts';
import { pauseBackups } from '../support/pause-backups.ts';
import { archive, createNight, keep, old, older, young } from '../support/upkeep-night.ts';
import { createUpkeepSite, NIGHT } from '../support/upkeep-site.ts';

/** Sets that were planned to go, and what has come in between. */

describe('what keeps a set after it was planned to go', () => {
  it('a legal hold', async () => {
    const site = await createNight();
    await site.plan();
    await site.sets.change({ environment: 'production', id: old.id }, (set) => ({
      ...set,
      legalHold: { by: 'ada', why: 'lawsuit', since: NIGHT.startedAt },
    }));
    expect((await site.deleteOnce()).deleted).toBe(1);
    expect(site.removal.removed).toEqual([archive(older.id)]);
    expect(await site.read(old.id)).toMatchObject({ state: 'verified' });
    expect((await site.read(old.id))?.deletion).toBeUndefined();
  });

  it('that the newer one was found corrupt in the same night', async () => {
    const site = await createNight();
    await site.plan();
    await site.verify(young.id, 'corrupt');
    expect((await site.deleteOnce()).deleted).toBe(1);
    expect(site.removal.keys()).toContain(archive(old.id));
    expect((await site.read(old.id))?.deletion).toBeUndefined();
  });

  it('that the newer one was found corrupt, and only its manifest says so', async () => {
    const site = await createNight();
    await site.plan();
    const entry = (await site.read(young.id)) ?? manifestOf(young);
    await site.ledger.remove(`backup/sets/production/${young.id}/manifest.json`);
    await site.addUnlisted(young, {
      state: 'corrupt',
      ...(entry.verification ? { verification: { ...entry.verification, verdict: 'corrupt' } } : {}),
    });
    expect((await site.deleteOnce()).deleted).toBe(1);
    expect(site.removal.keys()).toContain(archive(old.id));
  });

  it('that the last other one which brings a whole GitLab back was found corrupt, and only its manifest says so', async () => {
    const site = createUpkeepSite(
      buildKept({ production: { daily: { retention: { days: 14, count: 1 } }, weekly: {} } }),
    );
    const verified = { verifiedAt: hoursAgo(1).toISOString() };
    const database = buildEntry(24, { ...verified, skip: ['repositories'] });
    const whole = buildEntry(48, { ...verified, policy: 'weekly' });
    await site.add([database, whole, old]);
    await site.watch();
    await site.watch(366, 'production', 'weekly');
    await site.plan();
    await site.ledger.remove(backupSetKey('production', whole.id));
    const { verification } = manifestOf(whole);
    await site.addUnlisted(whole, {
      state: 'corrupt',
      ...(verification && { verification: { ...verification, verdict: 'corrupt' } }),
    });
    expect((await site.deleteOnce()).deleted).toBe(0);
    expect(site.removal.keys()).toContain(archive(old.id));
    expect((await site.read(old.id))?.deletion).toBeUndefined();
  });

  it('a pause of backups', async () => {
    const site = await createNight();
    await site.plan();
    await pauseBackups(site);
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'done', deleted: 0 });
    expect(site.removal.removed).toEqual([]);
  });

  it('a set that builds on it and did not go', async () => {
    const site = createUpkeepSite(keep());
    const increment = { ...old, needs: [older.id] };
    await site.add([young, older, increment]);
    await site.watch();
    await site.plan();
    await site.sets.change({ environment: 'production', id: increment.id }, (set) => ({
      ...set,
      legalHold: { by: 'ada', why: 'lawsuit', since: NIGHT.startedAt },
    }));
    expect((await site.deleteOnce()).deleted).toBe(0);
    expect(site.removal.removed).toEqual([]);
  });
});

describe('a set that builds on another one', () => {
  it('keeps it also where no index names it any more', async () => {
    const site = createUpkeepSite(keep());
    const increment = { ...old, needs: [older.id] };
    await site.add([young, older, increment]);
    await site.watch();
    await site.plan();
    const key = backupSetIndexKey('production', 'daily');
    const index = (await site.ledger.read(backupSetIndexKind, key))?.value;
    if (!index) throw new Error('There is an index.');
    await site.ledger.remove(key);
    const sets = index.sets.filter(({ id }) => id !== increment.id);
    await site.ledger.claim(backupSetIndexKind, key, { ...index, sets });
    const { decisions } = await site.readPlan('production', NIGHT);
    const decision = decisions.findIndex(({ set }) => set === older.id);
    // The call before this one came to the increment, and left it.
    const from = { environment: 0, decision, waits: 0, calls: 1 };
    expect((await site.deleteOnce(from)).deleted).toBe(0);
    expect(site.removal.removed).toEqual([]);
    expect((await site.read(older.id))?.deletion).toBeUndefined();
  });
});

describe('a backup or a restore at work', () => {
  it.each(['backup/production', 'backup/production/scratch'])('that holds %s is waited for', async (name) => {
    const site = await createNight();
    await site.plan();
    await site.locks.acquire(name, 'other', 3600);
    const answer = await site.deleteOnce();
    expect(answer).toMatchObject({ outcome: 'waiting', waitSeconds: 300, deleted: 0, from: { waits: 1 } });
    await site.locks.release(name, 'other');
    expect(await site.deleteOnce(answer.from)).toMatchObject({ outcome: 'done', deleted: 2 });
  });

  it('is waited for two hours, and then its environment is left to the next night', async () => {
    const site = await createNight();
    await site.plan();
    await site.locks.acquire('backup/production', 'other', 100_000);
    let answer = await site.deleteOnce();
    let waits = 0;
    for (; answer.outcome === 'waiting'; waits += 1) answer = await site.deleteOnce(answer.from);
    expect([waits, answer.outcome]).toEqual([24, 'done']);
    expect(site.removal.removed).toEqual([]);
  });

  it('that took the place over from an execution that was ended finds nothing more deleted', async () => {
    const site = await createNight();
    await site.plan();
    site.removal.beforeRemoval = async () => {
      await site.locks.release('backup/production', NIGHT.arn);
      await site.locks.acquire('backup/production', 'other');
    };
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'waiting', deleted: 1 });
    expect(site.removal.keys()).toContain(archive(older.id));
    expect((await site.locks.acquire('backup/production', 'a third')).ok).toBe(false);
  });

  it('finds both locks free afterwards', async () => {
    const site = await createNight();
    await site.plan();
    await site.deleteOnce();
    expect((await site.locks.acquire('backup/production', 'other')).ok).toBe(true);
    expect((await site.locks.acquire('backup/production/scratch', 'other')).ok).toBe(true);
  });
});
