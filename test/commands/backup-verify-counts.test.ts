import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runBackupVerify } from '../../functions/commands/backup-verify.ts';
import {
  ARCHIVE_NAME,
  BACKUP_ID,
  type Files,
  gitlabFiles,
  informationText,
  packTar,
  without,
} from '../backup/verify/gitlab-archive.ts';
import { type DumpedProject, gitlabDump } from '../backup/verify/gitlab-dump.ts';
import { memoryStore } from '../backup/verify/memory-store.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

/** What backup-verify says of projects and databases when nobody tells it how many there are. */

const whole = await gitlabFiles();
const ADDRESS = `s3://backups/${ARCHIVE_NAME}`;
const elsewhere = {
  ...without(whole, 'repositories'),
  'backup_information.yml': `${informationText()}:repositories_server_side: true\n`,
};
const withDump = (
  files: Files,
  projects: readonly DumpedProject[],
  locked: readonly string[] = [],
): Files => ({
  ...files,
  'db/database.sql.gz': gzipSync(gitlabDump(projects, locked)),
});
const projects = (count: number): DumpedProject[] => Array.from({ length: count }, () => ({ commits: 3 }));

/** Pages of names as S3 tells them: two a page. */
const keysOf = (names: readonly string[], asked: string[] = []) => ({
  list: async (bucket: string, prefix: string, after = '') => {
    asked.push(`${bucket}/${prefix}`);
    const rest = names.filter((name) => name > after).toSorted();
    return { keys: rest.slice(0, 2), more: rest.length > 2 };
  },
});
const manifests = (count: number, id = BACKUP_ID): string[] =>
  Array.from({ length: count }, (_, index) => `manifests/default/@hashed/aa/bb/${index}.git/${id}.toml`);

const run = async (files: Files, args: readonly string[] = [], names: readonly string[] = []) => {
  const archive = await packTar(files);
  const asked: string[] = [];
  const { output, exitCode } = await runBackupVerify([ADDRESS, ...args], {
    openStore: ({ bucket, key }) => memoryStore(archive, { object: { bucket, key } }),
    listArchives: async () => ({ archives: [], isCut: false }),
    readSourceBucket: async () => 'unknown',
    openKeys: () => keysOf(names, asked),
    readLog: async () => '',
    write: async () => undefined,
    showProgress: () => undefined,
    clock: createFixedClock('2025-11-21T03:00:00.000Z'),
    width: 300,
  });
  return { output, exitCode, asked };
};

describe('the projects of backup-verify', () => {
  it('are counted in the database dump and in the archive', async () => {
    const some = [...projects(1), { commits: 0 }, { commits: 0, leaving: true }];
    const { output, exitCode } = await run(withDump(whole, some));
    expect(exitCode).toBe(0);
    expect(output).toContain(
      'Projects: 3 in its database, 1 of them with commits, 1 being deleted; 1 repositories of projects in the archive.',
    );
  });

  it('are too few when the dump knows more with commits', async () => {
    const { output, exitCode } = await run(withDump(whole, projects(3)));
    expect(exitCode).toBe(3);
    expect(output).toContain(
      '1 repositories of projects are in the archive; projects with commits in its database dump: 3.',
    );
  });

  it.each([
    [0, 5, manifests(5)],
    [0, 5, [...manifests(5), ...manifests(5, 'another')]],
    [3, 5, [...manifests(1), ...manifests(5, 'another')]],
    [3, 1, []],
  ])(
    "are counted in Gitaly's own bucket: %i for %i projects and manifests %j",
    async (exitCode, count, names) => {
      const answer = await run(withDump(elsewhere, projects(count)), ['--gitaly-bucket', 'gitaly'], names);
      expect(answer.exitCode).toBe(exitCode);
      expect(answer.asked).toContain('gitaly/manifests/');
      const found = names.filter((name) => name.includes(BACKUP_ID)).length;
      expect(answer.output).toContain(`${found} repositories of projects in Gitaly's own bucket.`);
    },
  );

  it("in Gitaly's own bucket are not checked when it was not named", async () => {
    const { output, exitCode } = await run(withDump(elsewhere, projects(2)));
    expect(exitCode).toBe(5);
    expect(output).toContain('server-side-uncounted');
    expect(output).toContain('--gitaly-bucket');
  });

  it("in Gitaly's own bucket are not checked when the dump does not tell of any", async () => {
    const { output, exitCode } = await run(elsewhere, ['--gitaly-bucket', 'gitaly'], manifests(4));
    expect(exitCode).toBe(5);
    expect(output).toContain(
      'how many there must be is not known: its database dump does not tell of projects',
    );
  });
});

describe('the databases of backup-verify', () => {
  it.each([
    [0, [], [], 'Databases that must have a dump: main: the main dump leads to no other.'],
    [3, ['ci_builds'], [], 'Databases that must have a dump: main, ci, as the main dump leads to.'],
    [
      0,
      [],
      ['--dump-limit', '0', '--accept-unread-dumps'],
      'main alone, as nobody said otherwise (--databases)',
    ],
  ])('are told with exit code %i for locks %j and %j: %s', async (exitCode, locked, args, said) => {
    const answer = await run(withDump(whole, projects(1), locked), args);
    expect(answer).toMatchObject({ exitCode, output: expect.stringContaining(said) });
  });

  it('are not told to whoever named them', async () => {
    const { output } = await run(withDump(whole, projects(1)), ['--databases', 'main']);
    expect(output).not.toContain('Databases that must have a dump');
  });
});
