import { describe, expect, it } from 'vitest';
import { judgeParts } from '../../../functions/backup/marks/judge-native.ts';
import { PART_REASON_KINDS } from '../../../functions/backup/marks/part-reasons.ts';
import type { PartFacts } from '../../../functions/backup/marks/part-rule.ts';
import { PartProblemCode } from '../../../functions/records/backup/mark-progress.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { buildRunningSet, buildSubject } from '../../support/backup-step.ts';
import {
  bucketMark,
  databaseMark,
  FACTS,
  gitalyPart,
  NOW,
  nativePolicy,
  nativeSet,
  nativeWith,
  RESOURCE,
  recoveryPoint,
  SECRETS,
  secretsWith,
} from './part-builders.ts';

/** What of a set is no archive: each row breaks one thing. */

const judge = (set: BackupSet, policy = nativePolicy(), facts: Partial<PartFacts> = {}): string[] =>
  judgeParts(set, policy, { ...FACTS, ...facts }).map(
    ({ code, result, subject }) => `${result} ${code} ${subject}`,
  );

const uploads = (changes: Parameters<typeof bucketMark>[1]): BackupSet =>
  nativeWith('bucket', bucketMark('uploads', changes), 'uploads');

describe('a native set', () => {
  it('of which every part is there has nothing against it', () => {
    expect(judge(nativeSet())).toEqual([]);
  });

  it.each<[string, BackupSet, readonly string[]]>([
    [
      'without a mark of its database is incomplete',
      nativeWith('database', undefined),
      ['incomplete part-unmarked the database'],
    ],
    [
      'whose database has no snapshot is incomplete',
      nativeWith('database', databaseMark({ snapshot: undefined })),
      ['incomplete snapshot-failed the database'],
    ],
    [
      'whose snapshot was never seen to end is incomplete',
      nativeWith('database', databaseMark({ snapshot: { arn: 'arn:aws:rds:::snapshot:s' } })),
      ['incomplete snapshot-failed the database'],
    ],
    [
      'without a mark of one bucket is incomplete',
      nativeWith('bucket', undefined, 'uploads'),
      ['incomplete part-unmarked the bucket of uploads'],
    ],
    [
      'with a bucket that has no versions is incomplete',
      uploads({ versioning: 'off' }),
      ['incomplete versions-off the bucket of uploads'],
    ],
    [
      'with a bucket that makes versions no more is incomplete',
      uploads({ versioning: 'suspended' }),
      ['incomplete versions-off the bucket of uploads'],
    ],
    [
      'with a bucket without a replica says so',
      uploads({ replication: { status: 'none' } }),
      ['note replica-missing the bucket of uploads'],
    ],
    [
      'with a replica that lacks objects is incomplete',
      uploads({ replication: { status: 'failed', to: 'r' } }),
      ['incomplete replica-failed the bucket of uploads'],
    ],
    [
      'with a replica that waits says so',
      uploads({ replication: { status: 'behind', to: 'r', pending: 3 } }),
      ['note replica-behind the bucket of uploads'],
    ],
    [
      'with a replica of which nobody knows says so',
      uploads({ replication: { status: 'unknown' } }),
      ['note replica-unknown the bucket of uploads'],
    ],
    [
      'whose versions go before it does says so',
      uploads({ noncurrentDays: 29 }),
      ['note versions-short the bucket of uploads'],
    ],
    ['whose versions stay as long as it does is whole', uploads({ noncurrentDays: 30 }), []],
    [
      'whose repositories nobody counted is incomplete',
      nativeWith('gitaly', gitalyPart({ projects: undefined })),
      ['incomplete part-unmarked the repositories'],
    ],
    [
      'without repositories is incomplete',
      nativeWith('gitaly', undefined),
      ['incomplete part-unmarked the repositories'],
    ],
    [
      'with one repository too few is incomplete',
      nativeWith('gitaly', gitalyPart({ projects: 11 })),
      ['incomplete gitaly-incomplete the repositories'],
    ],
    [
      'whose database is of a later moment than a bucket is incomplete',
      nativeWith('database', databaseMark({ takenAt: '2026-11-21T03:10:01.000Z' })),
      ['incomplete parts-out-of-order all parts'],
    ],
    [
      'whose database is of the same second as its buckets, which nobody can tell apart, is whole',
      nativeWith('database', databaseMark({ takenAt: '2026-11-21T03:10:00.999Z' })),
      [],
    ],
    [
      'whose database is of the moment of its buckets is whole',
      nativeWith('database', databaseMark({ takenAt: '2026-11-21T03:10:00.000Z' })),
      [],
    ],
    [
      'whose secrets were not saved is incomplete',
      nativeSet({ secrets: undefined }),
      ['incomplete secrets-not-saved the secrets'],
    ],
    [
      'whose secrets were saved without the values that name them is not checked',
      nativeSet({ secrets: { ...SECRETS, values: 'unreadable' } }),
      ['not-checked secrets-unlisted the secrets'],
    ],
    [
      'whose values are left out on purpose says so',
      nativeSet({ secrets: { ...SECRETS, values: 'left-out' } }),
      ['note secrets-unlisted the secrets'],
    ],
    [
      'with a secret that could not be read is not checked',
      nativeSet({ secrets: secretsWith('unreadable', 'when-used') }),
      ['not-checked secret-unreadable the secrets'],
    ],
    [
      'with a secret that could not be read and can be made anew is whole',
      nativeSet({ secrets: secretsWith('unreadable', 'optional') }),
      [],
    ],
    [
      'with a secret that is not used is whole',
      nativeSet({ secrets: secretsWith('absent', 'when-used') }),
      [],
    ],
  ])('%s', (_, set, expected) => {
    expect(judge(set)).toEqual(expected);
  });

  it('whose versions are gone since is incomplete', () => {
    const set = uploads({ noncurrentDays: 30 });
    const later = (days: number) => ({ now: new Date(NOW.getTime() + days * 86_400_000) });
    expect(judge(set, nativePolicy(), later(29))).toEqual([]);
    expect(judge(set, nativePolicy(), later(31))).toEqual([
      'incomplete versions-expired the bucket of uploads',
    ]);
  });

  it('needs nothing of what it skips', () => {
    const policy = nativePolicy({ skip: ['db', 'repositories', 'registry', 'uploads', 'lfs'] });
    const parts = [bucketMark('artifacts'), bucketMark('packages')];
    expect(judge(nativeSet({ parts }), policy)).toEqual([]);
  });

  it('of which nobody knows what is switched off is not checked', () => {
    expect(judge(nativeSet(), nativePolicy(), { off: undefined })).toEqual([
      'not-checked release-unknown the bucket of external_diffs',
      'not-checked release-unknown the bucket of terraform_state',
      'not-checked release-unknown the bucket of pages',
      'not-checked release-unknown the bucket of ci_secure_files',
    ]);
  });

  it.each<[string, number, number | undefined, readonly string[]]>([
    [
      'with repositories, of which no log says how many were written, says so',
      5,
      undefined,
      ['note gitaly-not-compared the repositories'],
    ],
    [
      'without any, of which no log says how many were written, is not checked',
      0,
      undefined,
      ['not-checked gitaly-uncounted the repositories'],
    ],
    ['without any, of which none was written, is whole', 0, 0, []],
    ['with fewer than were written is incomplete', 5, 6, ['incomplete gitaly-incomplete the repositories']],
  ])('%s', (_, counted, written, expected) => {
    const set = nativeWith('gitaly', gitalyPart({ projects: counted }));
    expect(judge(set, nativePolicy(), { written })).toEqual(expected);
  });
});

describe('what was found by looking', () => {
  it.each(PartProblemCode.options)('%s is a reason of its own, once', (code) => {
    const subject = 'the database';
    const reasons = judge(nativeWith('database', undefined), nativePolicy(), {
      problems: [{ code, subject, message: 'It is so.' }],
    });
    expect(reasons).toEqual([`${PART_REASON_KINDS[code].result} ${code} ${subject}`]);
    expect(PART_REASON_KINDS[code].result).not.toBe('note');
  });

  it('speaks for a part that is missing', () => {
    const problems = [
      { code: 'bucket-unknown', subject: 'the bucket of uploads', message: 'No right.' } as const,
      { code: 'gitaly-unknown', subject: 'the repositories', message: 'No right.' } as const,
    ];
    const parts = nativeSet().parts.filter(
      (one) => one.kind !== 'gitaly' && !(one.kind === 'bucket' && one.component === 'uploads'),
    );
    expect(judge(nativeSet({ parts }), nativePolicy(), { problems })).toEqual([
      'not-checked bucket-unknown the bucket of uploads',
      'not-checked gitaly-unknown the repositories',
    ]);
  });
});

describe('a recovery point that drydock.yaml names', () => {
  const policy = nativePolicy({}, { recoveryPoints: [{ vault: 'gitlab', resource: RESOURCE }] });
  const withPoint = (...point: Parameters<typeof recoveryPoint>) =>
    nativeSet({ parts: [...nativeSet().parts, recoveryPoint(...point)] });

  it('belongs to the set', () => {
    expect(judge(withPoint(), policy)).toEqual([]);
    expect(judge(nativeSet(), policy)).toEqual([
      `incomplete part-unmarked the recovery point of ${RESOURCE}`,
    ]);
    expect(judge(withPoint({ vault: 'other' }), policy)).toHaveLength(1);
  });

  it('that its vault was to delete is missing', () => {
    const missing = [`incomplete recovery-point-missing the recovery point of ${RESOURCE}`];
    expect(judge(withPoint({ deletedAfter: NOW.toISOString() }), policy)).toEqual(missing);
    expect(judge(withPoint({ deletedAfter: '2026-11-21T06:00:01.000Z' }), policy)).toEqual([]);
  });
});

describe('a set with an archive', () => {
  const tar = (parts: BackupSet['parts'], changes: Partial<BackupSet> = {}) =>
    buildRunningSet({ parts, secrets: SECRETS, ...changes });
  const both = [bucketMark('registry'), bucketMark('artifacts')];

  it('needs marks of what it leaves to versions, and of nothing else', () => {
    expect(judge(tar(both), buildSubject())).toEqual([]);
    expect(judge(tar([bucketMark('registry')]), buildSubject())).toEqual([
      'incomplete part-unmarked the bucket of artifacts',
    ]);
    expect(judge(tar([]), buildSubject({ versions: [] }))).toEqual([]);
  });

  it('takes a database that could not be marked for a note, since its dump is in it', () => {
    const policy = buildSubject({}, { database: { instance: 'gitlab' } });
    const problems = [{ code: 'database-unknown', subject: 'the database', message: 'No right.' } as const];
    expect(judge(tar(both), policy, { problems })).toEqual(['note database-unknown the database']);
  });

  it('needs its secrets as well', () => {
    expect(judge(tar(both, { secrets: undefined }), buildSubject())).toEqual([
      'incomplete secrets-not-saved the secrets',
    ]);
  });

  it('holds no moment of its database against those of its buckets', () => {
    const early = both.map((mark) => ({ ...mark, takenAt: '2026-11-21T01:00:00.000Z' }));
    expect(judge(tar([...early, databaseMark()]), buildSubject())).toEqual([]);
  });
});
