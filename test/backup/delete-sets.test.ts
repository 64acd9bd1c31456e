import { describe, expect, it } from 'vitest';
import { BackupSet } from '../../functions/records/backup/set.ts';
import { MAX_DELETION_CALLS } from '../../functions/records/backup/upkeep.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { manifestOf } from '../support/backup-upkeep.ts';
import { archive, createNight, keep, old, older, young } from '../support/upkeep-night.ts';
import { createUpkeepSite, NIGHT } from '../support/upkeep-site.ts';

describe('the deletion of old sets', () => {
  it('takes every version of their archives, and notes when and why', async () => {
    const site = await createNight();
    site.removal.put('production-backups', `${old.id}_gitlab_backup.tar`, 'v0');
    site.removal.put('production-backups', `${old.id}_gitlab_backup.tar`, 'marker-1');
    site.removal.put('production-backups', `${old.id}_gitlab_backup.tar.more`, 'v1');
    await site.plan();
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'done', deleted: 2, waitSeconds: 0 });
    expect(site.removal.keys()).toEqual([
      archive(young.id),
      `production-backups/${old.id}_gitlab_backup.tar.more@v1`,
    ]);
    const gone = await site.read(old.id);
    expect(BackupSet.parse(gone)).toMatchObject({
      state: 'deleted',
      deletion: {
        startedAt: BACKUP_TIME.toISOString(),
        why: expect.stringMatching(/older than 14 days/),
        execution: NIGHT,
      },
    });
    expect(await site.listed()).toEqual([young.id]);
  });

  it.each<[string, object, number]>([
    ['in a dry run', { dryRun: true }, 366],
    ['while its policy only reports', {}, 20],
  ])('takes nothing %s', async (_, request, days) => {
    const site = await createNight();
    await site.watch(days);
    await site.plan(request);
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'done', deleted: 0 });
    expect(site.removal.removed).toEqual([]);
    expect((await site.read(old.id))?.deletion).toBeUndefined();
  });

  it('takes copies first, then the snapshot that was made for it, and the archive last', async () => {
    const snapshot = `arn:aws:rds:eu-central-1:111122223333:snapshot:drydock-${old.id.slice(0, 10)}`;
    const database = (arn: string) => ({
      kind: 'database' as const,
      takenAt: old.takenAt,
      instance: 'gitlab',
      latestRestorableTime: old.takenAt,
      snapshot: { arn },
    });
    const site = createUpkeepSite(keep());
    await site.add([young]);
    const set = manifestOf(old);
    await site.sets.open({
      ...set,
      parts: [
        ...set.parts,
        database(snapshot),
        database('arn:aws:rds:eu-central-1:111122223333:snapshot:before-upgrade'),
      ],
      copies: [{ region: 'eu-west-1', bucket: 'copies', state: 'verified', startedAt: old.takenAt }],
    });
    await site.watch();
    site.removal.put('production-backups', `${old.id}_gitlab_backup.tar`);
    site.removal.put('copies', `${old.id}_gitlab_backup.tar`);
    site.removal.put('production-secrets', `${old.id}.json`);
    await site.plan();
    await site.deleteOnce();
    expect(site.removal.removed).toEqual([
      `copies/${old.id}_gitlab_backup.tar@v1`,
      snapshot,
      archive(old.id),
    ]);
    expect(site.removal.keys()).toContain(`production-secrets/${old.id}.json@v1`);
  });

  it('looks for the archive of a run that failed before it noted one', async () => {
    const site = createUpkeepSite(keep());
    const { verifiedAt: _, ...failed } = buildEntry(40 * 24, { state: 'failed' });
    await site.add([young, failed]);
    await site.watch();
    site.removal.put('production-backups', `${failed.id}_gitlab_backup.tar`);
    await site.plan();
    await site.deleteOnce();
    expect(site.removal.removed).toEqual([archive(failed.id)]);
  });
});

describe('an object lock', () => {
  const until = hoursAgo(-48).toISOString();
  const createLocked = async () => {
    const site = createUpkeepSite(keep());
    await site.add([young]);
    await site.sets.open({
      ...manifestOf(old),
      copies: [{ region: 'eu-west-1', bucket: 'copies', state: 'verified', startedAt: old.takenAt }],
    });
    await site.watch();
    site.removal.put('production-backups', `${old.id}_gitlab_backup.tar`, 'v1', until);
    site.removal.put('copies', `${old.id}_gitlab_backup.tar`);
    await site.plan();
    return site;
  };

  it('is noted, keeps the copies too, and is not asked again before it ends', async () => {
    const site = await createLocked();
    expect(await site.deleteOnce()).toMatchObject({ outcome: 'done', deleted: 0 });
    expect(site.removal.removed).toEqual([]);
    expect(await site.read(old.id)).toMatchObject({
      state: 'verified',
      deletion: { refused: `Object lock keeps it until ${until}.` },
      parts: [{ object: { lockedUntil: until } }],
    });
    const next = { ...NIGHT, name: 'night-2' };
    await site.plan({}, 0, next);
    expect((await site.readPlan('production', next)).decisions[1]).toMatchObject({
      action: 'keep',
      reason: expect.stringMatching(/locked until/),
    });
  });

  it('of which this role may not know refuses the deletion itself', async () => {
    const site = await createLocked();
    site.removal.tellsLocks = false;
    await site.deleteOnce();
    expect(site.removal.keys()).toContain(archive(old.id));
    expect((await site.read(old.id))?.deletion?.refused).toBe(
      'Object lock keeps it, and nobody said until when.',
    );
  });
});

describe('a deletion that does not come to its end', () => {
  it('goes on where it broke off, under its first begin', async () => {
    const site = await createNight();
    await site.plan();
    site.removal.beforeRemoval = async (what) => {
      if (what === archive(older.id)) throw new TransientError('archive.unavailable', 'S3 did not give it.');
    };
    await expect(site.deleteOnce()).rejects.toThrow('S3 did not give it.');
    expect(await site.read(old.id)).toMatchObject({ state: 'deleted' });
    expect(await site.read(older.id)).toMatchObject({ state: 'verified', deletion: { execution: NIGHT } });
    site.removal.beforeRemoval = async () => undefined;
    site.clock.advance(60_000);
    await site.deleteOnce();
    expect(await site.read(older.id)).toMatchObject({
      state: 'deleted',
      deletion: { startedAt: BACKUP_TIME.toISOString() },
    });
  });

  it('for want of a right is noted, and hides no other', async () => {
    const site = await createNight();
    await site.plan();
    site.removal.beforeRemoval = async (what) => {
      if (what === archive(old.id))
        throw new RefusedError('archive.forbidden', 'No right to s3:DeleteObjectVersion.');
    };
    expect((await site.deleteOnce()).deleted).toBe(1);
    expect((await site.read(old.id))?.deletion?.refused).toBe('No right to s3:DeleteObjectVersion.');
  });

  it('because its time is over is gone on with by the next call', async () => {
    const site = await createNight();
    await site.plan();
    let calls = 0;
    const first = await site.deleteOnce(undefined, () => (calls++ === 0 ? 60_000 : 59_999));
    expect(first).toMatchObject({ outcome: 'unfinished', deleted: 1 });
    expect(await site.deleteOnce(first.from)).toMatchObject({ outcome: 'done', deleted: 1 });
  });

  it('ends after as many calls as a history holds', async () => {
    const site = await createNight();
    await site.plan();
    const from = { environment: 0, decision: 0, waits: 0, calls: MAX_DELETION_CALLS - 1 };
    expect(await site.deleteOnce(from, () => 1)).toMatchObject({ outcome: 'done', deleted: 0 });
  });
});
