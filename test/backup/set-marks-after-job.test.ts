import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { buildSubject, RUN_SET } from '../support/backup-step.ts';
import { openMarks } from './marks/marks-run.ts';

/** What is marked once the Job of a backup has ended. */

const MINUTE = 60_000;
const FORBIDDEN = new RefusedError('bucket.forbidden', 'No right to s3:GetBucketVersioning.');
const tarPolicy = () => buildSubject({}, { database: { instance: 'gitlab' } });

describe('after the Job', () => {
  const keysOf = (count: number, from = 0) =>
    Array.from(
      { length: count },
      (_, index) => `manifests/default/@hashed/aa/bb/${from + index}.git/${RUN_SET.id}.toml`,
    );

  it('what Gitaly wrote under the id of the set is counted', async () => {
    const { mark, pages, parts, asked } = await openMarks({ job: { repositoriesServerSide: true } });
    pages[0] = { keys: keysOf(3), more: true };
    pages[1] = { keys: [...keysOf(2, 3), 'manifests/default/@hashed/aa/bb/0.git/+latest.toml'], more: false };
    expect(await mark('after-job')).toEqual({ outcome: 'done', waitSeconds: 0, message: 'Marked 1 part.' });
    expect(await parts()).toEqual([
      {
        kind: 'gitaly',
        takenAt: '2026-11-21T03:20:30.000Z',
        id: RUN_SET.id,
        bucket: 'acme-gitaly',
        projects: 5,
      },
    ]);
    expect(asked).toEqual([
      { bucket: 'acme-gitaly', after: undefined },
      { bucket: 'acme-gitaly', after: keysOf(3).at(-1) },
    ]);
  });

  it('a long list is counted on by the next Lambda, from where the last one came to', async () => {
    const { mark, pages, parts, limit } = await openMarks({ job: { repositoriesServerSide: true } });
    pages[0] = { keys: keysOf(3), more: true };
    pages[1] = { keys: keysOf(2, 3), more: false };
    limit(22_000);
    expect(await mark('after-job')).toEqual({
      outcome: 'waiting',
      waitSeconds: 1,
      message: '3 repositories of projects are counted so far.',
    });
    limit(120_000);
    await mark('after-job');
    expect(await parts()).toMatchObject([{ projects: 5 }]);
  });

  it('a list that comes to no end is given up after two hours', async () => {
    const { mark, pages, progress, limit, clock } = await openMarks({
      job: { repositoriesServerSide: true },
    });
    pages[0] = { keys: keysOf(3), more: true };
    limit(22_000);
    await mark('after-job');
    clock.advance(120 * MINUTE);
    limit(22_000);
    expect(await mark('after-job')).toMatchObject({ outcome: 'done' });
    expect((await progress())?.problems).toMatchObject([{ code: 'gitaly-unfinished' }]);
  });

  it('a bucket of Gitaly that may not be read is a problem beside those from before the Job', async () => {
    const { mark, pages, progress, buckets } = await openMarks({ job: { repositoriesServerSide: true } });
    buckets.fail('readVersions', FORBIDDEN);
    await mark('before-job');
    pages[0] = new RefusedError('archive.forbidden', 'No right to s3:ListBucket.');
    await mark('after-job');
    const codes = (await progress())?.problems.map(({ code }) => code);
    expect(codes).toEqual([...Array(5).fill('bucket-unknown'), 'gitaly-unknown']);
  });

  it('of an archive with its repositories in it nothing is counted, and its buckets are marked anew', async () => {
    const policy = tarPolicy();
    const { mark, parts, asked, clock } = await openMarks({ policy, job: { repositoriesServerSide: false } });
    await mark('before-job');
    clock.advance(90 * MINUTE);
    await mark('after-job');
    expect(asked).toEqual([]);
    const moment = '2026-11-21T04:30:05.000Z';
    expect(await parts()).toMatchObject([
      { kind: 'database', takenAt: '2026-11-21T02:55:05.000Z' },
      { component: 'registry', at: moment, takenAt: moment },
      { component: 'artifacts', at: moment, takenAt: moment },
    ]);
  });

  it('the buckets of a native set keep their moment, which is that behind its snapshot', async () => {
    const { mark, parts, clock } = await openMarks({ job: { repositoriesServerSide: true } });
    await mark('before-job');
    clock.advance(MINUTE);
    await mark('after-job');
    expect((await parts())[1]).toMatchObject({ at: '2026-11-21T03:00:05.000Z' });
  });

  it('an archive whose repositories nobody knows where to find says so', async () => {
    const job = { repositoriesServerSide: true };
    const { mark, progress } = await openMarks({ policy: tarPolicy(), job });
    await mark('after-job');
    expect((await progress())?.problems).toMatchObject([{ code: 'gitaly-unnamed' }]);
  });
});
