import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tallyManifests } from '../../../functions/backup/marks/gitaly-count.ts';
import { SNAPSHOT_HOURS, waitForMark } from '../../../functions/backup/marks/mark-pace.ts';
import { nameSnapshot } from '../../../functions/backup/marks/snapshot-name.ts';
import { MAX_MARK_LOOKS } from '../../../functions/records/backup/run-limits.ts';
import { BackupSetId } from '../../../functions/records/backup/set-id.ts';
import { SNAPSHOT_PREFIX } from '../../../functions/records/backup/snapshot-prefix.ts';
import { Name } from '../../../functions/records/configuration/scalars.ts';

const ID = '1795230005_2026_11_21_18.10.0-ee';

describe('the name of a snapshot', () => {
  it('tells environment and set', () => {
    expect(nameSnapshot({ environment: 'production', id: ID })).toBe(
      'drydock-production-1795230005-2026-11-21-18-10-0-ee',
    );
  });

  it('is one that RDS takes, whatever set it is of', () => {
    const set = fc.record({
      environment: fc.string({ minLength: 1, maxLength: 300 }),
      id: fc.stringMatching(/^\d{10}_\d{4}_\d{2}_\d{2}_[0-9A-Za-z][0-9A-Za-z.+-]{0,59}$/),
    });
    fc.assert(
      fc.property(set, ({ environment, id }) => {
        expect(BackupSetId.safeParse(id).success).toBe(true);
        const name = nameSnapshot({ environment, id });
        expect(name).toMatch(/^[a-z](-?[a-z0-9])*$/);
        expect(name.length).toBeLessThanOrEqual(255);
        expect(name.startsWith(SNAPSHOT_PREFIX)).toBe(true);
        expect(name).toContain(id.slice(0, 10));
      }),
    );
  });

  it('differs for environments and times that differ', () => {
    expect(Name.safeParse('prod').success).toBe(true);
    const names = ['prod', 'prod-2'].flatMap((environment) =>
      [ID, `1795230006${ID.slice(10)}`].map((id) => nameSnapshot({ environment, id })),
    );
    expect(new Set(names).size).toBe(4);
  });
});

describe('manifests of Gitaly', () => {
  it.each<[string, string, { projects: number; besides: number }]>([
    ['of a project', `manifests/default/@hashed/ab/cd/x.git/${ID}.toml`, { projects: 1, besides: 0 }],
    [
      'of a project under its old path',
      `manifests/default/group/app.git/${ID}.toml`,
      { projects: 1, besides: 0 },
    ],
    ['of a wiki', `manifests/default/@hashed/ab/cd/x.wiki.git/${ID}.toml`, { projects: 0, besides: 1 }],
    ['of designs', `manifests/default/@hashed/ab/cd/x.design.git/${ID}.toml`, { projects: 0, besides: 1 }],
    ['of a snippet', `manifests/default/@snippets/ab/cd/x.git/${ID}.toml`, { projects: 0, besides: 1 }],
    [
      'of another backup',
      `manifests/default/@hashed/ab/cd/x.git/1795143605_x.toml`,
      { projects: 0, besides: 0 },
    ],
    [
      'of the newest backup, which repeats another',
      'manifests/default/@hashed/ab/x.git/+latest.toml',
      { projects: 0, besides: 0 },
    ],
    [
      'of a backup whose id only ends so',
      `manifests/default/@hashed/ab/x.git/1${ID}.toml`,
      { projects: 0, besides: 0 },
    ],
    ['without a repository', `manifests/default/${ID}.toml`, { projects: 0, besides: 0 }],
    ['elsewhere', `default/@hashed/ab/cd/x.git/${ID}/001.bundle`, { projects: 0, besides: 0 }],
  ])('%s', (_, key, expected) => {
    expect(tallyManifests({ projects: 0, besides: 0 }, [key], ID)).toEqual(expected);
  });
});

describe('the wait for a snapshot', () => {
  it('begins with seconds and ends with two minutes', () => {
    const start = new Date('2026-11-21T03:00:00Z');
    const at = (minutes: number) => waitForMark(start, new Date(start.getTime() + minutes * 60_000));
    expect([0, 1, 10, 30, 300].map(at)).toEqual([10, 10, 40, 120, 120]);
  });

  it('takes no more looks than the history of an execution has room for', () => {
    let seconds = 0;
    let looks = 0;
    const start = new Date(0);
    while (seconds < SNAPSHOT_HOURS * 3_600) {
      seconds += waitForMark(start, new Date(seconds * 1_000));
      looks += 1;
    }
    expect(looks).toBeLessThan(MAX_MARK_LOOKS['before-job']);
  });
});
