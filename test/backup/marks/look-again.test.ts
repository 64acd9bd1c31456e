import { describe, expect, it } from 'vitest';
import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { RUN_EXECUTION, RUN_SET } from '../../support/backup-step.ts';
import { openMarks } from './marks-run.ts';
import { nativePolicy, RESOURCE } from './part-builders.ts';

/** The parts of a finished set, looked at once more before it is verified again. */

const WEEK = 7 * 86_400_000;
const LATER = { ...RUN_EXECUTION, name: 'later', startedAt: '2026-11-28T03:00:05.000Z' };
const SNAPSHOT = 'drydock-production-1795230005-2026-11-21-18-10-0-ee';
const POINT = {
  arn: 'arn:point',
  vault: 'gitlab',
  resource: RESOURCE,
  resourceType: 'EFS',
  takenAt: '2026-11-21T02:00:00.000Z',
};

/** A native set of a week ago, with every kind of part. */
const openFinished = async () => {
  const policy = nativePolicy({}, { recoveryPoints: [{ vault: 'gitlab', resource: RESOURCE }] });
  const world = await openMarks({ policy, job: { repositoriesServerSide: true } });
  const key = `manifests/default/@hashed/aa/bb/1.git/${RUN_SET.id}.toml`;
  world.pages[0] = { keys: [key], more: false };
  world.points.push(POINT);
  await world.mark('before-job');
  await world.mark('after-job');
  world.clock.advance(WEEK);
  const again = async () => {
    const answer = await world.mark('again', LATER);
    const problems = (await world.progress())?.problems ?? [];
    return { answer, codes: problems.map(({ code, subject }) => `${code} ${subject}`) };
  };
  return { ...world, again };
};

describe('a look at a finished set', () => {
  it('finds every part as it was, with the moment that it holds', async () => {
    const { again, parts, progress } = await openFinished();
    const before = await parts();
    expect(before.map(({ kind }) => kind)).toEqual([
      'database',
      ...Array.from({ length: 5 }, () => 'bucket'),
      'recovery-point',
      'gitaly',
    ]);
    expect(await again()).toMatchObject({ answer: { outcome: 'done' }, codes: [] });
    expect((await parts()).toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual(
      before.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
    );
    expect(await progress()).toMatchObject({
      startedAt: '2026-11-28T03:00:05.000Z',
      off: ['external_diffs', 'terraform_state', 'pages', 'ci_secure_files'],
    });
  });

  it('notices that a snapshot is gone', async () => {
    const { again, databases, parts } = await openFinished();
    databases.findSnapshot = async () => undefined;
    expect((await again()).codes).toEqual(['snapshot-gone the database']);
    expect(await parts()).toContainEqual(expect.objectContaining({ kind: 'database' }));
  });

  it('notices a snapshot that can not be used, and one that took its name', async () => {
    const { again, databases } = await openFinished();
    databases.change(SNAPSHOT, { status: 'deleting' });
    expect((await again()).codes).toEqual(['snapshot-gone the database']);
    const other = await openFinished();
    other.databases.change(SNAPSHOT, { arn: 'arn:aws:rds:eu-central-1:111122223333:snapshot:other' });
    expect((await other.again()).codes).toEqual(['snapshot-gone the database']);
  });

  it('finds a snapshot although its database was deleted', async () => {
    const { again, databases } = await openFinished();
    databases.describe = async () => undefined;
    expect((await again()).codes).toEqual([]);
  });

  it('notices that a bucket makes versions no more, and keeps the moment of its mark', async () => {
    const { again, buckets, parts } = await openFinished();
    buckets.put('acme-uploads', { versions: { versioning: 'suspended', noncurrentDays: 3 } });
    await again();
    expect(
      (await parts()).find((part) => part.kind === 'bucket' && part.component === 'uploads'),
    ).toMatchObject({
      versioning: 'suspended',
      noncurrentDays: 3,
      at: '2026-11-21T03:00:05.000Z',
      takenAt: '2026-11-21T03:00:05.000Z',
    });
  });

  it('notices that a vault has deleted a recovery point, whatever newer one it has', async () => {
    const { again, points, parts } = await openFinished();
    points.splice(0, 1, { ...POINT, arn: 'arn:newer', takenAt: '2026-11-27T02:00:00.000Z' });
    expect((await again()).codes).toEqual([`recovery-point-missing the recovery point of ${RESOURCE}`]);
    expect(await parts()).toContainEqual({ kind: 'recovery-point', ...POINT });
  });

  it('counts anew what lies in the bucket of Gitaly', async () => {
    const { again, pages, parts } = await openFinished();
    pages.splice(0, 1, { keys: [], more: false });
    await again();
    expect(await parts()).toContainEqual(expect.objectContaining({ kind: 'gitaly', projects: 0 }));
  });

  it('says what it could not look at, and keeps what was noted', async () => {
    const { again, buckets, databases, pages, parts } = await openFinished();
    const before = await parts();
    const refused = new RefusedError('x.forbidden', 'No right.');
    buckets.fail('readVersions', refused);
    databases.findSnapshot = async () => {
      throw refused;
    };
    pages.splice(0, 1, refused);
    expect((await again()).codes).toEqual([
      'gitaly-unknown the repositories',
      'database-unknown the database',
      ...['registry', 'uploads', 'artifacts', 'lfs', 'packages'].map(
        (name) => `bucket-unknown the bucket of ${name}`,
      ),
    ]);
    expect(await parts()).toHaveLength(before.length);
    expect(await parts()).toEqual(expect.arrayContaining(before));
  });

  it('asks again who does not answer, and looks anew each time', async () => {
    const { again, pages } = await openFinished();
    const page = pages[0];
    pages.splice(0, 1, new TransientError('archive.unavailable', 'S3 did not answer.'));
    expect(await again()).toMatchObject({ answer: { outcome: 'waiting', waitSeconds: 30 }, codes: [] });
    if (page) pages.splice(0, 1, page);
    expect(await again()).toMatchObject({ answer: { outcome: 'done' }, codes: [] });
  });

  it('is taken once for each execution', async () => {
    const { again, asked } = await openFinished();
    await again();
    const counted = asked.length;
    expect((await again()).answer.message).toBe('This was marked already.');
    expect(asked).toHaveLength(counted);
  });
});
