import { describe, expect, it } from 'vitest';
import { markProgressKind } from '../../functions/records/backup/mark-progress.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { gitlabFiles, informationText, without } from './verify/gitlab-archive.ts';
import {
  createVerifyWorld,
  jobFact,
  releaseFacts,
  SET,
  unreadSet,
  type WorldOptions,
} from './verify-set-world.ts';

/** What a verification goes by besides the archive. */

const codesOf = (set: BackupSet): string[] =>
  (set.verification?.reasons ?? []).flatMap(({ code, subject, result }) =>
    result === 'note' ? [] : [`${code} ${subject}`],
  );
const DAY_MS = 86_400_000;

/** Everything but the uploads, which the tool lists as skipped whyever they are not there. */
const withoutUploads = async () => ({
  ...without(await gitlabFiles(), 'uploads.tar.gz'),
  'backup_information.yml': informationText({ skipped: ['uploads'] }),
});
const component = (changes: object) => ({
  components: [
    { component: 'uploads' as const, on: true, bucket: 'gl-uploads', path: 'global.uploads', ...changes },
  ],
});
const refused = (code: string): Error => new RefusedError(code, 'No.');

type Row = readonly [string, WorldOptions, string, readonly string[]];

describe('uploads that are not in the archive', () => {
  it.each<Row>([
    [
      'while their bucket held something when the backup began',
      { buckets: { 'gl-uploads': 'holds-objects' } },
      'incomplete',
      ['skipped-unasked uploads.tar.gz'],
    ],
    ['while their bucket is empty', { buckets: { 'gl-uploads': 'empty' } }, 'verified', []],
    [
      'while what lies in their bucket was written since',
      { buckets: { 'gl-uploads': 'unknown' } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while what lies in their bucket was written since, and the tool said it was empty',
      {
        buckets: { 'gl-uploads': 'unknown' },
        job: jobFact({
          log: {
            ...jobFact().log,
            evidence: { ...jobFact().log.evidence, emptyParts: ['uploads'] },
          },
        }),
      },
      'verified',
      [],
    ],
    [
      'while their bucket may not be listed',
      { buckets: { 'gl-uploads': refused('archive.forbidden') } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while S3 does not answer for their bucket',
      { buckets: { 'gl-uploads': new TransientError('archive.unavailable', 'Away.') } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while they are switched off, and there is no bucket',
      {
        release: releaseFacts(component({ on: false })),
        buckets: { 'gl-uploads': refused('archive.no-bucket') },
      },
      'verified',
      [],
    ],
    [
      'while they are switched off, and no bucket is named',
      { release: releaseFacts(component({ on: false, bucket: undefined })) },
      'verified',
      [],
    ],
    [
      'while their bucket is of another cloud',
      { release: releaseFacts({ store: { provider: 'Google' } }) },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'as the tool was told',
      { job: jobFact({ skipped: ['uploads'] }) },
      'incomplete',
      ['part-unmarked the bucket of uploads'],
    ],
    ['as the policy says', { set: unreadSet({ skip: ['uploads'] }) }, 'verified', []],
    [
      'while nobody knows the release',
      { release: { state: 'unknown', version: 1, readAt: '2025-11-21T02:00:00.000Z', problem: 'No.' } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
  ])('%s', async (_, options, outcome, reasons) => {
    const world = await createVerifyWorld({
      files: await withoutUploads(),
      release: releaseFacts(),
      ...options,
    });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())).toEqual(reasons);
  });

  it('are asked for as they were when the Job began, once and for all', async () => {
    const world = await createVerifyWorld({
      files: await withoutUploads(),
      release: releaseFacts(),
      job: jobFact({ startedAt: '2025-11-21T02:01:00.000Z' }),
      buckets: { 'gl-uploads': 'empty' },
    });
    await world.verify();
    expect(world.asked.map(({ bucket, before }) => [bucket, before?.toISOString()])).toEqual([
      ['gl-uploads', '2025-11-21T02:01:00.000Z'],
    ]);
    // Whoever asked now would be told of what was written since.
    world.deps.readSourceBucket = async () => 'holds-objects';
    world.clock.advance(DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    // A year later the facts of the run have expired.
    await world.ledger.remove(backupRunKey(SET, 'job'));
    await world.ledger.remove(backupRunKey(SET, 'release'));
    world.clock.advance(365 * DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    expect(world.asked).toHaveLength(1);
  });
});

describe('a set is judged too by', () => {
  it('the databases of its release', async () => {
    const release = releaseFacts({ databases: [{ name: 'main' }, { name: 'ci' }] });
    const world = await createVerifyWorld({ release });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['dump-missing db/ci_database.sql.gz']);
  });

  it('the log of its Job, also once that has expired', async () => {
    const { log } = jobFact();
    const findings = [{ kind: 'failure' as const, excerpt: 'pg_dump: error: it died' }];
    const job = jobFact({ log: { ...log, evidence: { ...log.evidence, findings } } });
    const world = await createVerifyWorld({ job });
    await world.verify();
    await world.ledger.remove(backupRunKey(SET, 'job'));
    world.clock.advance(DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(["log-failure the backup's log"]);
  });

  it('the version that its manifest names, the time at which it began, and the checksum of before', async () => {
    const other = await createVerifyWorld({ set: unreadSet({ gitlabVersion: '18.9.0-ee' }) });
    await other.verify();
    expect(codesOf(await other.set())).toEqual(['version-differs the archive']);
    const late = await createVerifyWorld({ set: unreadSet({ startedAt: '2025-11-21T09:00:00.000Z' }) });
    await late.verify();
    expect(codesOf(await late.set())).toEqual(['older-than-run the archive']);
    const rotten = await createVerifyWorld();
    await rotten.verify();
    const checksum = { algorithm: 'CRC64NVME', value: 'BBBB', type: 'full-object' as const };
    rotten.change({ ways: { object: { checksum } } });
    rotten.clock.advance(DAY_MS);
    await rotten.verify();
    expect(codesOf(await rotten.set())).toEqual(['checksum-differs the archive']);
  });

  describe('whether its policy accepts a dump that is too large to be read', () => {
    const large = { dumpReadLimit: 10 };
    const accepting = { ...large, policy: { acceptUnreadDumps: true } };

    it.each<readonly [string, WorldOptions, string, readonly string[]]>([
      ['it says nothing', large, 'not-checked', ['dump-not-read db/database.sql.gz']],
      ['it does', accepting, 'verified', []],
      [
        'it is gone, and another one does',
        { ...accepting, subject: 'weekly' },
        'not-checked',
        ['dump-not-read db/database.sql.gz'],
      ],
    ])('%s', async (_, options, outcome, reasons) => {
      const world = await createVerifyWorld(options);
      expect(await world.verify()).toMatchObject({ outcome });
      expect(codesOf(await world.set())).toEqual(reasons);
    });

    it('as it did once, when it does not any more', async () => {
      const world = await createVerifyWorld(accepting);
      await world.verify();
      const subject = world.deps.subjectOf();
      const { policySettings } = subject;
      const stricter = { ...subject, policySettings: { ...policySettings, acceptUnreadDumps: false } };
      world.deps.subjectOf = () => stricter;
      for (let day = 0; day < 2; day++) {
        world.clock.advance(DAY_MS);
        expect(await world.verify()).toMatchObject({ outcome: 'verified' });
      }
    });
  });

  it('the archives before it, of those that leave out the same', async () => {
    const world = await createVerifyWorld();
    const contents = [{ part: 'uploads.tar.gz', members: 1, bytes: 9_000_000 }];
    for (const [second, skip] of [
      [1, []],
      [2, ['uploads']],
      [3, ['uploads']],
    ] as const) {
      const id = `176369040${second}_2025_11_21_18.10.0-ee`;
      const object = { ...(await world.deps.openStore({ bucket: 'b', key: 'k' }).describe()) };
      const size = skip.length === 0 ? object.size * 9 : object.size;
      const part = {
        kind: 'archive' as const,
        takenAt: '2025-11-21T02:00:00.000Z',
        object: { ...object, size },
        contents,
      };
      await world.sets.open(
        unreadSet({
          id,
          skip: [...skip],
          parts: [part],
          state: 'incomplete',
          verification: {
            verdict: 'incomplete',
            at: '2025-11-21T02:00:00.000Z',
            record: 'x',
            reasons: [],
            found: 1,
          },
        }),
      );
    }
    expect(await world.verify()).toMatchObject({ outcome: 'not-checked' });
    expect(codesOf(await world.set())).toEqual(['size-shrank the archive', 'size-shrank uploads.tar.gz']);
  });
});

describe('the parts beside the archive', () => {
  const mark = {
    kind: 'bucket' as const,
    takenAt: '2025-11-21T02:05:00.000Z',
    component: 'registry',
    bucket: 'gl-registry',
    at: '2025-11-21T02:05:00.000Z',
    versioning: 'enabled' as const,
    replication: { status: 'complete' as const },
  };

  it('count as much as the archive does', async () => {
    const set = unreadSet({ parts: [{ ...mark, versioning: 'off' }] });
    const world = await createVerifyWorld({ set, job: jobFact({ skipped: ['registry'] }) });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['versions-off the bucket of registry']);
    expect((await world.set()).parts.map(({ kind }) => kind)).toEqual(['archive', 'bucket']);
  });

  it('are no part of a set whose archive held them before the policy moved them out', async () => {
    const world = await createVerifyWorld({ policy: { versions: ['uploads'] }, job: jobFact() });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
  });

  it('are no recovery points that drydock.yaml names since then, and those that it named', async () => {
    const point = { vault: 'gitlab', resource: 'arn:aws:ec2:eu-central-1:111122223333:volume/vol-1' };
    const world = await createVerifyWorld();
    const subject = world.deps.subjectOf();
    const later = { ...subject, settings: { ...subject.settings, recoveryPoints: [point] } };
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    world.deps.subjectOf = () => later;
    world.clock.advance(DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    const other = await createVerifyWorld();
    other.deps.subjectOf = () => later;
    expect(await other.verify()).toMatchObject({ outcome: 'incomplete' });
  });

  it('are looked at again before a set is verified again, and not for the first time', async () => {
    const world = await createVerifyWorld({
      set: unreadSet({ parts: [mark] }),
      job: jobFact({ skipped: ['registry'] }),
    });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    world.clock.advance(DAY_MS);
    const reads = world.reads;
    const asked = await world.verify();
    expect(asked).toMatchObject({ outcome: 'look-first', set: SET });
    expect(world.reads).toBe(reads);
    const problems = [
      { code: 'bucket-missing' as const, subject: 'the bucket of registry', message: 'It is gone.' },
    ];
    const startedAt = world.clock.now().toISOString();
    const marks = { version: 1 as const, startedAt, stage: 'again', problems };
    await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), marks);
    expect(await world.verify({ looked: true })).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['bucket-missing the bucket of registry']);
  });

  it.each([
    ['by this execution before its clock said that it began', 'weekly-2', -3_600_000, 'verified'],
    ['by another one after its clock said that this began', 'weekly-1', 3_600_000, 'look-first'],
  ])('that were looked at %s: %s', async (_, by, offsetMs, outcome) => {
    const world = await createVerifyWorld({
      set: unreadSet({ parts: [mark] }),
      job: jobFact({ skipped: ['registry'] }),
    });
    await world.verify();
    world.clock.advance(DAY_MS);
    const startedAt = new Date(world.clock.now().getTime() + offsetMs).toISOString();
    const marks = { version: 1 as const, startedAt, stage: 'again', execution: by, problems: [] };
    await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), marks);
    expect(await world.verify({}, { execution: 'weekly-2' })).toMatchObject({ outcome });
  });

  it('are all that a native set is judged by', async () => {
    const world = await createVerifyWorld({
      set: unreadSet({ kind: 'native', skip: ['db', 'repositories'], parts: [mark] }),
      release: releaseFacts({ components: [{ component: 'uploads', on: true, path: 'global.uploads' }] }),
    });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(world.reads).toBe(0);
    expect(codesOf(await world.set())).toContain('part-unmarked the bucket of uploads');
    expect((await world.set()).parts).toEqual([mark]);
  });
});
