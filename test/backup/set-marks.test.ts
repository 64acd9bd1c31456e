import { describe, expect, it, vi } from 'vitest';
import { noteSet } from '../../functions/backup/run/run-note.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildRunningSet, buildSubject, RUN_EXECUTION, RUN_SET } from '../support/backup-step.ts';
import { openMarks } from './marks/marks-run.ts';
import { nativePolicy, RESOURCE } from './marks/part-builders.ts';

/** Marks before the Job of a backup, and after it. */

const MINUTE = 60_000;
const FORBIDDEN = new RefusedError('bucket.forbidden', 'No right to s3:GetBucketVersioning.');
const AWAY = new TransientError('bucket.unreachable', 'S3 did not answer.');
const SNAPSHOT = 'drydock-production-1795230005-2026-11-21-18-10-0-ee';
const tarPolicy = () => buildSubject({}, { database: { instance: 'gitlab' } });

describe('before the Job', () => {
  it('a native set gets a snapshot named after it, and marks of every bucket that is switched on', async () => {
    const { mark, parts, databases, progress } = await openMarks();
    expect(await mark('before-job')).toEqual({ outcome: 'done', waitSeconds: 0, message: 'Marked 6 parts.' });
    expect(databases.made).toEqual([
      {
        of: 'gitlab',
        id: SNAPSHOT,
        tags: {
          'drydock:environment': 'production',
          'drydock:policy': 'daily',
          'drydock:set': RUN_SET.id,
        },
      },
    ]);
    expect(await parts()).toMatchObject([
      {
        kind: 'database',
        instance: 'gitlab',
        takenAt: '2026-11-21T03:00:05.000Z',
        latestRestorableTime: '2026-11-21T02:55:05.000Z',
        snapshot: { arn: expect.stringContaining(SNAPSHOT), createdAt: '2026-11-21T03:00:05.000Z' },
        allocatedGib: 100,
      },
      { kind: 'bucket', component: 'registry', bucket: 'acme-registry', versioning: 'enabled' },
      { component: 'uploads' },
      { component: 'artifacts' },
      { component: 'lfs' },
      { component: 'packages', at: '2026-11-21T03:00:05.000Z', replication: { status: 'none' } },
    ]);
    expect(await progress()).toMatchObject({
      stage: 'before-job',
      problems: [],
      off: ['external_diffs', 'terraform_state', 'pages', 'ci_secure_files'],
    });
  });

  it('buckets are marked once the snapshot is there, and so behind the moment of the database', async () => {
    const { mark, parts, databases, clock } = await openMarks();
    const made = await databases.createSnapshot({ kind: 'instance', identifier: 'gitlab' }, SNAPSHOT, {});
    databases.change(SNAPSHOT, { status: 'creating', percent: 40 });
    expect(await mark('before-job')).toEqual({
      outcome: 'waiting',
      waitSeconds: 10,
      message: `RDS has made 40 % of snapshot ${SNAPSHOT}.`,
    });
    expect(await parts()).toEqual([]);
    clock.advance(20 * MINUTE);
    expect(await mark('before-job')).toMatchObject({ outcome: 'waiting', waitSeconds: 80 });
    databases.change(SNAPSHOT, { status: 'available', percent: 100 });
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    const [database, ...others] = await parts();
    expect(database?.takenAt).toBe(made.takenAt);
    expect(new Set(others.map(({ takenAt }) => takenAt))).toEqual(new Set(['2026-11-21T03:20:05.000Z']));
    expect(databases.made).toHaveLength(1);
  });

  it('a snapshot that is taken behind the begin of the look moves the buckets behind itself', async () => {
    const { mark, parts, databases } = await openMarks();
    await databases.createSnapshot({ kind: 'instance', identifier: 'gitlab' }, SNAPSHOT, {});
    databases.change(SNAPSHOT, { takenAt: '2026-11-21T03:00:06.250Z' });
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    expect(new Set((await parts()).map(({ takenAt }) => takenAt))).toEqual(
      new Set(['2026-11-21T03:00:06.250Z']),
    );
  });

  it('a set with an archive gets a point in time, no snapshot, and the buckets that it leaves out', async () => {
    const { mark, parts, databases } = await openMarks({ policy: tarPolicy() });
    await mark('before-job');
    expect(databases.made).toEqual([]);
    expect(await parts()).toMatchObject([
      { kind: 'database', takenAt: '2026-11-21T02:55:05.000Z' },
      { component: 'registry' },
      { component: 'artifacts' },
    ]);
    expect((await parts())[0]).not.toHaveProperty('snapshot');
  });

  it('asked again when all is done changes nothing', async () => {
    const { mark, sets, clock } = await openMarks();
    await mark('before-job');
    const before = await sets.read(RUN_SET);
    clock.advance(MINUTE);
    expect(await mark('before-job')).toMatchObject({ outcome: 'done', message: 'This was marked already.' });
    expect(await sets.read(RUN_SET)).toEqual(before);
  });

  it('a clock that is behind that of the execution does not begin anew', async () => {
    const { mark, databases, clock } = await openMarks();
    const ahead = { ...RUN_EXECUTION, startedAt: '2026-11-21T03:05:00.000Z' };
    await databases.createSnapshot({ kind: 'instance', identifier: 'gitlab' }, SNAPSHOT, {});
    databases.change(SNAPSHOT, { status: 'creating', percent: 40 });
    expect(await mark('before-job', ahead)).toMatchObject({ waitSeconds: 10 });
    clock.advance(4 * MINUTE);
    expect(await mark('before-job', ahead)).toMatchObject({ waitSeconds: 16 });
  });

  it('the newest recovery point of what drydock.yaml names becomes a part', async () => {
    const policy = nativePolicy({}, { recoveryPoints: [{ vault: 'gitlab', resource: RESOURCE }] });
    const { mark, points, parts } = await openMarks({ policy });
    const base = { vault: 'gitlab', resource: RESOURCE, resourceType: 'EFS' };
    points.push(
      { ...base, arn: 'arn:new', takenAt: '2026-11-21T02:00:00.000Z', size: 5 },
      { ...base, arn: 'arn:old', takenAt: '2026-11-20T02:00:00.000Z' },
    );
    await mark('before-job');
    expect((await parts()).at(-1)).toEqual({ kind: 'recovery-point', ...points[0] });
  });

  it('nothing is made for a run that was ended', async () => {
    const { mark, ledger, clock, databases, parts } = await openMarks();
    await noteSet(RUN_EXECUTION, RUN_SET, { ledger, clock });
    const key = backupRunNoteKey(RUN_EXECUTION.name);
    const note = await ledger.read(backupRunNoteKind, key);
    const ended = { at: '2026-11-21T03:00:06.000Z', outcome: 'failed', notice: 'n' };
    await ledger.change(backupRunNoteKind, key, note?.etag ?? '', {
      version: 1,
      execution: RUN_EXECUTION,
      set: RUN_SET,
      ended,
    });
    await expect(mark('before-job')).rejects.toMatchObject({ code: 'backup.ended' });
    expect(databases.made).toEqual([]);
    expect(await parts()).toEqual([]);
  });

  it.each(['failed', 'deleted', 'verified'] as const)('a set that is %s is left alone', async (state) => {
    const { mark, sets, databases } = await openMarks();
    const found = await sets.read(RUN_SET);
    const read = async () => found && { ...found, state };
    const kept = { ...sets, read };
    Object.assign(sets, kept);
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    expect(databases.made).toEqual([]);
  });
});

describe('what can not be marked before the Job', () => {
  type Opened = Awaited<ReturnType<typeof openMarks>>;
  const database = 'the database';
  it.each<[string, (world: Opened) => void, readonly string[]]>([
    [
      'a database that is not there',
      ({ databases }) => {
        databases.describe = async () => undefined;
      },
      ['database-missing the database'],
    ],
    [
      'a right to ask RDS',
      ({ databases }) => {
        databases.describe = async () => {
          throw new RefusedError('rds.forbidden', 'No right.');
        };
      },
      ['database-unknown the database'],
    ],
    [
      'a snapshot that RDS refuses',
      ({ databases }) => {
        databases.createSnapshot = async () => {
          throw new RefusedError('rds.refused', 'SnapshotQuotaExceeded.');
        };
      },
      ['snapshot-failed the database'],
    ],
    [
      'automated backups',
      ({ databases }) => databases.put({ identifier: 'gitlab', retentionDays: 0 }),
      ['restorable-time-none the database'],
    ],
    [
      'a point in time of today',
      ({ databases }) =>
        databases.put({ identifier: 'gitlab', latestRestorableTime: '2026-11-21T02:29:00.000Z' }),
      ['restorable-time-old the database'],
    ],
    [
      'a right to one bucket',
      ({ buckets }) => buckets.fail('readVersions', FORBIDDEN),
      ['registry', 'uploads', 'artifacts', 'lfs', 'packages'].map(
        (name) => `bucket-unknown the bucket of ${name}`,
      ),
    ],
  ])('%s is a problem of the set, and the run goes on', async (_, change, problems) => {
    const world = await openMarks();
    change(world);
    expect(await world.mark('before-job')).toMatchObject({ outcome: 'done' });
    const found = (await world.progress())?.problems ?? [];
    expect(found.map(({ code, subject }) => `${code} ${subject}`)).toEqual(problems);
  });

  it('a snapshot is asked for again while RDS is busy with the database, for ten minutes', async () => {
    const { mark, databases, clock, progress } = await openMarks();
    vi.spyOn(databases, 'createSnapshot')
      .mockRejectedValueOnce(new TransientError('rds.busy', 'RDS backs it up by itself.'))
      .mockRejectedValueOnce(new TransientError('rds.busy', 'RDS backs it up by itself.'));
    expect(await mark('before-job')).toMatchObject({ outcome: 'waiting', waitSeconds: 30 });
    clock.advance(9 * MINUTE);
    expect(await mark('before-job')).toMatchObject({ outcome: 'waiting' });
    expect(await mark('before-job')).toMatchObject({ outcome: 'done', message: 'Marked 6 parts.' });
    expect((await progress())?.problems).toEqual([]);
  });

  it('a database that stays busy has no snapshot', async () => {
    const { mark, databases, clock, progress } = await openMarks();
    databases.createSnapshot = async () => {
      throw new TransientError('rds.busy', 'RDS changes it.');
    };
    await mark('before-job');
    clock.advance(10 * MINUTE);
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    expect((await progress())?.problems).toMatchObject([{ code: 'snapshot-failed' }]);
  });

  it('a point in time of half an hour ago is young enough', async () => {
    const { mark, databases, progress } = await openMarks();
    databases.put({ identifier: 'gitlab', latestRestorableTime: '2026-11-21T02:30:05.000Z' });
    await mark('before-job');
    expect((await progress())?.problems).toEqual([]);
  });

  it('a snapshot that fails is a problem, and buckets are marked all the same', async () => {
    const { mark, databases, progress, parts } = await openMarks();
    await databases.createSnapshot({ kind: 'instance', identifier: 'gitlab' }, SNAPSHOT, {});
    databases.change(SNAPSHOT, { status: 'failed' });
    await mark('before-job');
    expect((await progress())?.problems).toMatchObject([{ code: 'snapshot-failed', subject: database }]);
    expect(await parts()).toHaveLength(5);
  });

  it('a snapshot is given up after six hours', async () => {
    const { mark, databases, clock, progress } = await openMarks();
    await databases.createSnapshot({ kind: 'instance', identifier: 'gitlab' }, SNAPSHOT, {});
    databases.change(SNAPSHOT, { status: 'creating', percent: 99 });
    await mark('before-job');
    clock.advance(6 * 60 * MINUTE - 1);
    expect(await mark('before-job')).toMatchObject({ outcome: 'waiting', waitSeconds: 120 });
    clock.advance(1);
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    expect((await progress())?.problems).toMatchObject([{ code: 'snapshot-unfinished' }]);
  });

  it('who does not answer is asked for ten minutes', async () => {
    const { mark, buckets, clock, progress, parts } = await openMarks();
    buckets.fail('readVersions', AWAY);
    expect(await mark('before-job')).toEqual({
      outcome: 'waiting',
      waitSeconds: 30,
      message: 'S3 did not answer.',
    });
    clock.advance(10 * MINUTE - 1);
    expect(await mark('before-job')).toMatchObject({ outcome: 'waiting' });
    clock.advance(1);
    expect(await mark('before-job')).toMatchObject({ outcome: 'done' });
    expect((await progress())?.problems).toHaveLength(5);
    expect(await parts()).toMatchObject([{ kind: 'database' }]);
  });

  it('a replica that can not be asked is unknown, and the mark is made', async () => {
    const { mark, buckets, parts } = await openMarks();
    buckets.fail('readReplication', FORBIDDEN);
    await mark('before-job');
    expect((await parts())[1]).toMatchObject({ versioning: 'enabled', replication: { status: 'unknown' } });
  });

  it('without its release no bucket is marked, and what is switched off is not known', async () => {
    const { mark, progress, parts } = await openMarks({ hasRelease: false });
    await mark('before-job');
    expect(await parts()).toMatchObject([{ kind: 'database' }]);
    expect(await progress()).not.toHaveProperty('off');
    expect((await progress())?.problems).toHaveLength(9);
  });
});

it('a set that nobody opened is refused', async () => {
  const { mark, sets } = await openMarks({ set: buildRunningSet() });
  Object.assign(sets, { ...sets, read: async () => undefined });
  await expect(mark('before-job')).rejects.toMatchObject({ code: 'backup.no-set' });
});
