import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBackupLog } from '../../../functions/backup/verify/log-evidence.ts';
import { Verification } from '../../../functions/records/backup/verification.ts';
import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import {
  DUMP_END,
  dumpText,
  type Files,
  gitlabFiles,
  informationText,
  noise,
  packBucket,
  packTar,
  without,
} from './gitlab-archive.ts';
import { memoryStore } from './memory-store.ts';
import { EXPECTED, saysOf, verify, verifyFiles } from './verify-run.ts';

const whole = await gitlabFiles();

describe('an archive that GitLab wrote whole', () => {
  it('is verified, and says what is in it and what that took', async () => {
    const verification = await verifyFiles(whole);
    expect(verification).toMatchObject({
      verdict: 'verified',
      reasons: [],
      information: {
        gitlabVersion: '18.10.0-ee',
        createdAt: '2025-11-21T02:00:05.000Z',
        skipped: ['builds'],
      },
    });
    expect(verification.parts.map(({ part }) => part)).toEqual([
      'artifacts.tar.gz',
      'backup_information.yml',
      'ci_secure_files.tar.gz',
      'db',
      'external_diffs.tar.gz',
      'lfs.tar.gz',
      'packages.tar.gz',
      'pages.tar.gz',
      'registry.tar.gz',
      'repositories',
      'terraform_state.tar.gz',
      'uploads.tar.gz',
    ]);
    expect(Verification.parse(verification)).toEqual(verification);
  });

  it('says how many repositories there are in it, or in the bucket of Gitaly', async () => {
    const archive = memoryStore(await packTar(whole));
    expect((await verify(archive)).repositories).toMatchObject({ where: 'archive' });
    const expectation = { ...EXPECTED, repositoriesServerSide: true };
    const known = { serverSideProjects: 7 };
    expect((await verify(archive, { expectation, known })).repositories).toEqual({
      projects: 7,
      where: 'gitaly',
    });
    expect((await verify(archive, { expectation })).repositories).toBeUndefined();
  });

  it('holds no file of gzip that is shorter than any, whatever its first bytes are', async () => {
    const short = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3]);
    expect(saysOf(await verifyFiles({ ...whole, 'lfs.tar.gz': short }))).toEqual(['no-gzip lfs.tar.gz']);
  });

  it('counts every read, and no more bytes than were read', async () => {
    const store = memoryStore(await packTar(whole));
    const { reads } = await verify(store);
    expect(reads.requests).toBe(store.ranges.length);
    expect(reads.bytes).toBeGreaterThan(0);
  });

  it('is verified also when each database has a dump of its own, and those must be there', async () => {
    const decomposed = { ...whole, 'db/ci_database.sql.gz': gzipSync(dumpText(2)) };
    const asked = { ...EXPECTED, databases: ['main', 'ci'] };
    expect(await verifyFiles(decomposed, asked)).toMatchObject({ verdict: 'verified' });
    expect(saysOf(await verifyFiles(whole, asked))).toEqual(['dump-missing db/ci_database.sql.gz']);
  });
});

describe('an archive with a file in it twice', () => {
  it('is judged by the last one, which a restore takes, and is not checked', async () => {
    const first = ['backup_information.yml', informationText({ version: '17.0.0-ee' })] as const;
    const archive = await packTar([first, ...Object.entries(whole)]);
    const verification = await verify(memoryStore(archive));
    expect(verification).toMatchObject({
      verdict: 'not-checked',
      information: { gitlabVersion: '18.10.0-ee' },
      reasons: [{ code: 'twice-in-it', subject: 'backup_information.yml' }],
    });
  });
});

describe('a backup whose exit code was 0', () => {
  const skipped = async (): Promise<Files> => ({
    ...without(whole, 'uploads.tar.gz'),
    'backup_information.yml': informationText({ skipped: ['uploads'] }),
  });

  it('and that skipped a bucket it could not list is incomplete', async () => {
    const asked = { ...EXPECTED, sources: { uploads: 'holds-objects' as const } };
    const verification = await verifyFiles(await skipped(), asked);
    expect(verification.verdict).toBe('incomplete');
    expect(saysOf(verification)).toEqual(['skipped-unasked uploads.tar.gz']);
  });

  it.each([
    ['verified', 'its bucket is empty', { sources: { uploads: 'empty' as const } }],
    ['verified', 'it was asked for', { skipped: ['uploads'] }],
    ['not-checked', 'nobody knows its bucket', {}],
  ])('and that left a part out is %s when %s', async (verdict, _, asked) => {
    expect(await verifyFiles(await skipped(), { ...EXPECTED, ...asked })).toMatchObject({ verdict });
  });

  it.each([
    ['that died on the way', 'dump-unfinished', gzipSync(dumpText().slice(0, -DUMP_END.length))],
    ['that never connected', 'dump-empty', gzipSync('')],
    ['of a database without a table', 'dump-empty', gzipSync(`-- ${noise(3_000)}\n${dumpText(0)}`)],
    ['of a few bytes', 'dump-empty', gzipSync(dumpText(1, 0))],
    ['whose compression was killed', 'file-damaged', gzipSync(dumpText()).subarray(0, -20)],
    ['with a flipped bit', 'file-damaged', gzipSync(dumpText()).with(900, 0)],
    ['of zeros, from a full disk', 'no-gzip', new Uint8Array(4_000)],
    ['that is none', 'dump-empty', new Uint8Array()],
  ])('and with a dump %s is found out: %s', async (_, code, dump) => {
    const verification = await verifyFiles({ ...whole, 'db/database.sql.gz': dump });
    expect(saysOf(verification)).toEqual([`${code} db/database.sql.gz`]);
    expect(verification.verdict).toBe(/damaged|no-gzip/.test(code) ? 'corrupt' : 'incomplete');
  });

  it('and whose upload was cut anywhere is corrupt', async () => {
    const archive = await packTar(whole);
    for (const cut of [512, 1024, 1025, 5_000, archive.length / 2, archive.length - 700, archive.length]) {
      const { verdict } = await verify(memoryStore(archive.slice(0, archive.length - cut)));
      expect([cut, verdict]).toEqual([cut, 'corrupt']);
    }
  });

  it('and that lacks its end blocks says where the archive ends', async () => {
    const archive = await packTar(whole);
    const [reason] = (await verify(memoryStore(archive.slice(0, -1024)))).reasons;
    expect(reason).toMatchObject({ code: 'cut', result: 'corrupt', subject: 'the archive' });
    expect(reason?.message).toContain(`At byte ${archive.length - 1024}`);
  });

  it('and that is of another version is incomplete, by name and by content', async () => {
    const verification = await verifyFiles(await gitlabFiles({ version: '18.9.2-ee' }));
    expect(verification.verdict).toBe('incomplete');
    expect(saysOf(verification)).toEqual(['version-differs the archive', 'version-differs the archive']);
    expect(verification.reasons[1]?.message).toContain('GitLab 18.10.0-ee runs');
  });

  it('and whose log tells of a failure is incomplete', async () => {
    const log = readBackupLog(['pg_dump: error: connection to server failed']);
    const { verdict, reasons } = await verify(memoryStore(await packTar(whole)), { known: { log } });
    expect(verdict).toBe('incomplete');
    expect(reasons.map(({ code }) => code)).toEqual(['log-failure', 'log-not-done']);
  });

  it('and whose bucket came out without a file is incomplete where the bucket has some', async () => {
    const files = { ...whole, 'lfs.tar.gz': await packBucket({ '/': '' }) };
    const asked = { ...EXPECTED, sources: { lfs: 'holds-objects' as const } };
    expect(saysOf(await verifyFiles(files, asked))).toEqual(['part-empty lfs.tar.gz']);
    expect(await verifyFiles(files)).toMatchObject({ verdict: 'not-checked' });
  });

  it('and with a damaged bucket is corrupt, small or large', async () => {
    const small = (await packBucket()).subarray(0, -30);
    const bytes = Buffer.alloc(200_000, 'x');
    for (let index = 0; index < bytes.length; index++) bytes[index] = (index * 7_919) % 251;
    const large = gzipSync(await packTar({ 'a.bin': bytes }), { level: 0 });
    for (const archive of [small, large.subarray(0, -100_001)]) {
      const verification = await verifyFiles({ ...whole, 'pages.tar.gz': archive });
      expect(saysOf(verification)).toEqual(['file-damaged pages.tar.gz']);
    }
    expect(await verifyFiles({ ...whole, 'pages.tar.gz': large })).toMatchObject({ verdict: 'verified' });
  });
});

describe('what can not be looked at', () => {
  const archive = packTar(whole);
  const refuse = (code: string, permission?: string) => () => {
    throw new RefusedError(code, 'S3 says no.', permission === undefined ? {} : { permission });
  };

  it.each([
    ['not-readable', 'not-checked', 'archive.forbidden'],
    ['storage-archived', 'not-checked', 'archive.archived'],
    ['changed-while-read', 'not-checked', 'archive.changed'],
    ['object-absent', 'incomplete', 'archive.gone'],
  ])('is %s and %s when a read ends with %s', async (reason, verdict, code) => {
    const verification = await verify(memoryStore(await archive, { onRead: refuse(code) }));
    expect(verification.verdict).toBe(verdict);
    expect(saysOf(verification)).toContain(`${reason} the archive`);
  });

  it('names the right that is missing', async () => {
    const onDescribe = async () => refuse('archive.forbidden', 'kms:Decrypt')();
    const { reasons, verdict } = await verify(memoryStore(await archive, { onDescribe }));
    expect(verdict).toBe('not-checked');
    expect(reasons[0]).toMatchObject({
      code: 'not-readable',
      remedy: expect.stringContaining('kms:Decrypt'),
    });
  });

  it('is no result when it may pass: the next run begins again', async () => {
    const onRead = (): void => {
      throw new TransientError('archive.unavailable', 'S3 did not answer.');
    };
    await expect(verify(memoryStore(await archive, { onRead }))).rejects.toThrow(TransientError);
  });

  it('is refused also between two reads, with what was seen before kept', async () => {
    let count = 0;
    const onRead = (): void => {
      count += 1;
      if (count === 4) refuse('archive.changed')();
    };
    const { verdict, members } = await verify(memoryStore(await archive, { onRead }));
    expect(verdict).toBe('not-checked');
    expect(members).toBeGreaterThanOrEqual(0);
  });

  it('is a dump above the limit, unless the policy accepts that', async () => {
    const asked = { ...EXPECTED, dumpReadLimit: 100 };
    const strict = await verifyFiles(whole, asked);
    expect([strict.verdict, ...saysOf(strict)]).toEqual(['not-checked', 'dump-not-read db/database.sql.gz']);
    const lenient = await verifyFiles(whole, { ...asked, acceptUnreadDumps: true });
    expect([lenient.verdict, ...saysOf(lenient)]).toEqual([
      'verified',
      'dump-not-read-accepted db/database.sql.gz',
    ]);
  });

  it('is a dump of zeros that inflates beyond all measure', async () => {
    const bomb = gzipSync(Buffer.alloc(8_000_000));
    const accepted = { ...EXPECTED, acceptUnreadDumps: true };
    expect(saysOf(await verifyFiles({ ...whole, 'db/database.sql.gz': bomb }, accepted))).toEqual([
      'dump-not-read db/database.sql.gz',
    ]);
  });

  it('is a file of another compression, and no damage', async () => {
    const zstd = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...new Uint8Array(400)]);
    const verification = await verifyFiles({ ...whole, 'db/database.sql.gz': zstd });
    expect(verification).toMatchObject({ verdict: 'not-checked', reasons: [{ code: 'other-compression' }] });
    expect(await verifyFiles({ ...whole, 'db/database.sql.gz': dumpText() })).toMatchObject({
      verdict: 'verified',
    });
  });
});
