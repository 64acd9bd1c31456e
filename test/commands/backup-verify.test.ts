import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BackupVerifyTools } from '../../functions/commands/backup-verify/tools.ts';
import { runBackupVerify } from '../../functions/commands/backup-verify.ts';
import { Verification } from '../../functions/records/backup/verification.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import {
  ARCHIVE_NAME,
  dumpText,
  type Files,
  gitlabFiles,
  informationText,
  packTar,
  without,
} from '../backup/verify/gitlab-archive.ts';
import { memoryStore } from '../backup/verify/memory-store.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const whole = await gitlabFiles();
const bytes = await packTar(whole);
const ADDRESS = `s3://backups/${ARCHIVE_NAME}`;

interface Seen {
  readonly opened: object[];
  readonly listed: object[];
  readonly shown: string[];
  readonly written: string[];
}

const makeTools = (archive = bytes, given: Partial<BackupVerifyTools> = {}) => {
  const seen: Seen = { opened: [], listed: [], shown: [], written: [] };
  const tools: BackupVerifyTools = {
    openStore: ({ bucket, key, ...how }) => {
      seen.opened.push({ bucket, key, ...how });
      return memoryStore(archive, { object: { bucket, key } });
    },
    listArchives: async (place) => {
      seen.listed.push(place);
      return { archives: [], isCut: false };
    },
    readSourceBucket: async () => 'unknown',
    openKeys: () => ({ list: async () => ({ keys: [], more: false }) }),
    readLog: async () => '',
    write: async (file, content) => {
      seen.written.push(`${file}\n${content}`);
    },
    showProgress: (line) => {
      seen.shown.push(line);
    },
    clock: createFixedClock('2025-11-21T03:00:00.000Z'),
    width: 100,
    ...given,
  };
  return { tools, seen };
};

const run = (args: readonly string[], archive = bytes, given: Partial<BackupVerifyTools> = {}) =>
  runBackupVerify(args, makeTools(archive, given).tools);

const runFiles = async (args: readonly string[], files: Files) => run(args, await packTar(files));

const listed = (name: string, size: number) => ({
  key: `nightly/${name}`,
  backupId: name,
  version: '18.10.0-ee',
  startedAt: new Date(0),
  lastModified: new Date(0),
  size,
  storageClass: 'STANDARD',
});

const noUploads = {
  ...without(whole, 'uploads.tar.gz'),
  'backup_information.yml': informationText({ skipped: ['uploads'] }),
};

describe('the exit code of backup-verify', () => {
  it('is 0 for an archive that is verified', async () => {
    const { output, exitCode } = await run([ADDRESS, '--gitlab-version', '18.10.0-ee']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^Verified: every header was read,.+\n.+only a restore proves\.$/m);
  });

  it.each([
    [3, 'another version runs', ['--gitlab-version', '18.11.0-ee'], 'version-differs'],
    [3, 'there are more projects than repositories', ['--projects', '2'], 'repositories-missing'],
    [3, 'a database has no dump', ['--databases', 'main,ci'], 'dump-missing'],
    [3, 'a database beside the main one has no dump', ['--databases', 'ci'], 'dump-missing'],
    [5, 'repositories elsewhere were not counted', ['--server-side'], 'server-side-uncounted'],
  ])('is %i when %s', async (exitCode, _, args, reason) => {
    const answer = await run([ADDRESS, ...args]);
    expect(answer).toMatchObject({ exitCode, output: expect.stringContaining(reason) });
  });

  it('is 4 for an archive that was cut', async () => {
    const { output, exitCode } = await run([ADDRESS], bytes.slice(0, -3_000));
    expect(exitCode).toBe(4);
    expect(output).toContain('Corrupt: do not count on this archive');
  });

  it('is 5 for a part that nobody explained, and says how to explain it', async () => {
    const { output, exitCode } = await runFiles([ADDRESS], noUploads);
    expect(exitCode).toBe(5);
    expect(output).toMatch(/not checked {2}part-unexplained +uploads\.tar\.gz/);
    expect(output).toContain('add --skipped or --empty with those it is true for: uploads');
  });

  it.each([['--skipped'], ['--empty']])('is 0 for it with %s uploads', async (option) => {
    expect(await runFiles([ADDRESS, option, 'uploads'], noUploads)).toMatchObject({ exitCode: 0 });
  });

  it('is 1 when there is no such object, no answer, no log and no place for the result', async () => {
    const openStore = (error: Error) => ({
      openStore: () =>
        memoryStore(bytes, {
          onDescribe: async () => {
            throw error;
          },
        }),
    });
    const gone = new RefusedError('archive.gone', 'There is no s3://backups/x.');
    expect(await run([ADDRESS], bytes, openStore(gone))).toEqual({ exitCode: 1, output: gone.message });
    const busy = new TransientError('archive.unavailable', 'S3 did not answer.');
    expect(await run([ADDRESS], bytes, openStore(busy))).toEqual({ exitCode: 1, output: busy.message });
    const fail = async (): Promise<never> => {
      throw new Error('EACCES');
    };
    expect(await run([ADDRESS, '--log', 'x'], bytes, { readLog: fail })).toMatchObject({ exitCode: 1 });
    expect(await run([ADDRESS, '--output', 'x'], bytes, { write: fail })).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('EACCES'),
    });
  });

  it.each([
    ['no archive', [], 'Name one archive'],
    ['two archives', [ADDRESS, ADDRESS], 'Name one archive'],
    ['no address', ['backups/x.tar'], 'An archive is named s3://<bucket>/<key>, not backups/x.tar.'],
    ['no bucket name', ['s3://Backups/x.tar'], 'not s3://Backups/x.tar'],
    ['a folder', ['s3://backups/nightly/'], 'or --newest for the newest one there'],
    ['a version of the newest', ['s3://backups', '--newest', '--version-id', 'x'], '--newest chooses one'],
    ['an unknown part', [ADDRESS, '--skipped', 'db,artefacts'], '--skipped takes db, repositories'],
    ['an unknown empty part', [ADDRESS, '--empty', 'builds'], 'not builds.'],
    ['a bucket of no part', [ADDRESS, '--buckets', 'db=x-y'], '--buckets takes <part>=<bucket> with one of'],
    ['a part of no bucket', [ADDRESS, '--buckets', 'lfs=a-b,uploads='], 'uploads= names no bucket'],
    ['no version', [ADDRESS, '--gitlab-version', '18.10'], 'such as 18.10.0-ee, not 18.10.'],
    ['no number', [ADDRESS, '--projects', 'many'], '--projects takes a number, not many.'],
    ['no limit', [ADDRESS, '--dump-limit', '1.5'], '--dump-limit takes a number of GiB'],
    ['a limit beyond all numbers', [ADDRESS, '--dump-limit', '999999999'], 'of GiB, not 999999999.'],
    ['a database without a name', [ADDRESS, '--databases', 'main,'], 'such as main,ci, not main,.'],
    ['two buckets of a part', [ADDRESS, '--buckets', 'lfs=a-b,lfs=c-d'], 'the bucket of lfs twice'],
    ['an unknown format', [ADDRESS, '--format', 'html'], '--format takes table or json, not html.'],
    ['an unknown option', [ADDRESS, '--skip', 'db'], "Unknown option '--skip'"],
  ])('is 2 for %s', async (_, args, expected) => {
    const { exitCode, output } = await run(args);
    expect(exitCode).toBe(2);
    expect(output).toContain(expected);
  });

  it('is 0 for the help, which says what each code means', async () => {
    const { exitCode, output } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const code of [0, 1, 2, 3, 4, 5]) expect(output).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
  });

  it('lets a bug of ours through', async () => {
    const openStore = (): never => {
      throw new TypeError('x is not a function');
    };
    await expect(run([ADDRESS], bytes, { openStore })).rejects.toThrow(TypeError);
  });
});

describe('the options of backup-verify', () => {
  it('--version-id and --region say which version lies where', async () => {
    const { tools, seen } = makeTools();
    await runBackupVerify([ADDRESS, '--version-id', 'v1', '--region', 'eu-west-1'], tools);
    expect(seen.opened).toEqual([
      { bucket: 'backups', key: ARCHIVE_NAME, versionId: 'v1', region: 'eu-west-1' },
    ]);
  });

  it('--newest takes the first of the list, and compares its size with those before it', async () => {
    const archives = [
      listed(ARCHIVE_NAME, bytes.length),
      ...[1, 2, 3].map((day) => listed(`${day}`, bytes.length * 9)),
    ];
    const { tools, seen } = makeTools(bytes, { listArchives: async () => ({ archives, isCut: true }) });
    const { output } = await runBackupVerify(['s3://backups/nightly', '--newest'], tools);
    expect(seen.opened).toMatchObject([{ key: `nightly/${ARCHIVE_NAME}` }]);
    expect(output).toContain('size-shrank');
  });

  it('--newest compares nothing where archives of several kinds lie side by side', async () => {
    const archives = [ARCHIVE_NAME, '1', '2'].map((name, index) => listed(name, bytes.length * 9 ** index));
    const answer = await run(['s3://backups/nightly/', '--newest'], bytes, {
      listArchives: async () => ({ archives, isCut: false }),
    });
    expect(answer).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['2025-11-23T02:03:00.000Z', ['s3://backups', '--newest'], false],
    ['2025-11-23T02:05:00.000Z', ['s3://backups', '--newest'], true],
    ['2025-12-23T02:05:00.000Z', [ADDRESS], false],
  ])('at %s %j says that nothing came since: %s', async (now, args, expected) => {
    const { output } = await run(args, bytes, {
      clock: createFixedClock(now),
      listArchives: async () => ({ archives: [listed(ARCHIVE_NAME, bytes.length)], isCut: false }),
    });
    expect(output.includes('The newest archive is 2 days old.')).toBe(expected);
  });

  it('--newest asks for what lies in the folder, and says so when nothing does', async () => {
    const { tools, seen } = makeTools();
    const answer = await runBackupVerify(['s3://backups/nightly', '--newest', '--region', 'x'], tools);
    expect(seen.listed).toMatchObject([{ bucket: 'backups', prefix: 'nightly/', region: 'x' }]);
    expect(answer).toMatchObject({ exitCode: 1, output: expect.stringContaining('s3://backups/nightly/') });
  });

  it.each([
    [3, 'holds-objects', 'skipped-unasked'],
    [0, 'empty', 'bucket-empty'],
  ] as const)('--buckets asks the bucket of a part: %i when it is %s', async (exitCode, state, reason) => {
    const asked: object[] = [];
    const readSourceBucket = async (bucket: object) => {
      asked.push(bucket);
      return state;
    };
    const args = [ADDRESS, '--buckets', 'uploads=gl-uploads', '--region', 'eu-west-1'];
    const answer = await run(args, await packTar(noUploads), { readSourceBucket });
    expect(answer).toMatchObject({ exitCode, output: expect.stringContaining(reason) });
    expect(asked).toEqual([{ bucket: 'gl-uploads', region: 'eu-west-1' }]);
  });

  it('--buckets that do not answer leave their part unknown, and say why', async () => {
    const readSourceBucket = async (): Promise<never> => {
      throw new RefusedError('archive.forbidden', 'No right to s3:ListBucket on s3://gl-uploads.');
    };
    const args = [ADDRESS, '--buckets', 'uploads=gl-uploads'];
    const { output, exitCode } = await run(args, await packTar(noUploads), { readSourceBucket });
    expect(exitCode).toBe(5);
    expect(output).toContain('The bucket of uploads: No right to s3:ListBucket on s3://gl-uploads.');
  });

  it('--empty goes before what a bucket says', async () => {
    const readSourceBucket = async () => 'holds-objects' as const;
    const args = [ADDRESS, '--buckets', 'uploads=gl-uploads', '--empty', 'uploads'];
    expect(await run(args, await packTar(noUploads), { readSourceBucket })).toMatchObject({ exitCode: 0 });
  });

  it('--log reads what the backup said of itself', async () => {
    const readLog = async (file: string) => `${file}: Bucket not found: gl-lfs. Skipping backup of lfs ...`;
    const { output, exitCode } = await run([ADDRESS, '--log', 'pod.log'], bytes, { readLog });
    expect(exitCode).toBe(3);
    expect(output).toMatch(/log-bucket-skipped +lfs\.tar\.gz: It says: pod\.log: Bucket not found/);
  });

  it('--dump-limit and --accept-unread-dumps decide on a dump that is too large to read', async () => {
    const files = { ...whole, 'db/database.sql.gz': gzipSync(dumpText()) };
    expect(await runFiles([ADDRESS, '--dump-limit', '0'], files)).toMatchObject({ exitCode: 5 });
    const accepted = [ADDRESS, '--dump-limit', '0', '--accept-unread-dumps'];
    expect(await runFiles(accepted, files)).toMatchObject({ exitCode: 0 });
  });

  it('--format json prints the record, and --output writes it beside the table', async () => {
    const { output } = await run([ADDRESS, '--format', 'json']);
    expect(Verification.parse(JSON.parse(output))).toMatchObject({ verdict: 'verified' });
    const { tools, seen } = makeTools();
    const answer = await runBackupVerify([ADDRESS, '--output', 'result.json'], tools);
    expect(answer.output).toMatch(/Verified:[^]*Written to result\.json\.$/);
    expect(seen.written[0]).toMatch(/^result\.json\n\{/);
  });

  it('shows how far it is, and clears the line at the end', async () => {
    const { tools, seen } = makeTools();
    await runBackupVerify([ADDRESS], tools);
    expect(seen.shown).toContainEqual(expect.stringMatching(/^\d+ reads, /));
    expect(seen.shown).toContainEqual(expect.stringMatching(/^Reading db\/database\.sql\.gz to its end: /));
    expect(seen.shown.at(-1)).toBe('');
  });
});

describe('the table of backup-verify', () => {
  it('says what is in it, with members and sizes, and what it took', async () => {
    const { output } = await run([ADDRESS]);
    expect(output).toMatch(
      /^s3:\/\/backups\/\S+\n\S+ kB, written 2025-11-21T02:04:00.000Z, GitLab 18\.10\.0-ee\n/,
    );
    expect(output).toMatch(/^repositories +5 members +2\.\d+ kB$/m);
    expect(output).toMatch(/^\d+ members, \S+ kB read in \d+ reads, 0\.0 s\.$/m);
  });

  it('lets no name from an archive steer the terminal', async () => {
    const { output } = await runFiles([ADDRESS], { ...whole, '\u001B[2Jfile': 'x' });
    expect(output).toContain('unknown-name');
    expect(output).not.toContain('\u001B');
  });
});
