import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { walkArchive } from '../../../functions/backup/archive/archive-walk.ts';
import { type MemberPlace, readMember } from '../../../functions/backup/archive/member-content.ts';
import { everyMember, memorySource } from './member-folds.ts';

const walk = async (archive: Uint8Array) => {
  const result = await walkArchive(memorySource(archive), everyMember);
  if (result.state === 'unfinished') throw new Error('nothing told it to stop');
  return { end: result.end.kind, members: result.value };
};

const readContent = async (archive: Uint8Array, member: MemberPlace): Promise<string> => {
  const content = await readMember(memorySource(archive), member, 3_000);
  return content.ok ? Buffer.from(content.bytes).toString('base64') : content.reason;
};

const path = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9@é.]{1,60}$/), { minLength: 1, maxLength: 6 })
  .map((names) => names.map((name) => `n${name}`).join('/'));
const files = fc.uniqueArray(fc.record({ path, content: fc.uint8Array({ maxLength: 3_000 }) }), {
  selector: ({ path }) => path,
  maxLength: 12,
});

describe('an archive of tar-stream', () => {
  it('has exactly the members and contents that were written, pax headers included', async () => {
    const property = fc.asyncProperty(files, async (files) => {
      const writer = pack();
      const written = buffer(writer);
      for (const { path, content } of files) writer.entry({ name: path }, Buffer.from(content));
      writer.finalize();
      const archive = await written;
      const { end, members } = await walk(archive);
      const contents = await Promise.all(members.map(async (member) => readContent(archive, member)));
      expect(end).toBe('whole');
      expect(members.map(({ name }) => name)).toEqual(files.map(({ path }) => path));
      expect(contents).toEqual(files.map(({ content }) => Buffer.from(content).toString('base64')));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

/** GNU tar, which the toolbox writes with: Linux has it as tar, other systems may have it under its own name. */
const gnuTars = ['tar', 'gtar'].filter((tar) =>
  (spawnSync(tar, ['--version'], { encoding: 'utf8' }).stdout ?? '').startsWith('tar (GNU tar)'),
);

it('GNU tar is at hand wherever it is the tar of the system', () => {
  expect(process.platform !== 'linux' || gnuTars.includes('tar')).toBe(true);
});

describe.each(gnuTars)('an archive of GNU tar (%s)', (tar) => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-tar-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const archiveOf = (files: Readonly<Record<string, Uint8Array | number>>, options: readonly string[]) => {
    const work = mkdtempSync(join(folder, 'work-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), typeof content === 'number' ? '' : content);
      // A file of holes: as large as it says, and no byte on the disk.
      if (typeof content === 'number') truncateSync(join(work, name), content);
    }
    const archive = `${work}.tar`;
    execFileSync(tar, ['-cf', archive, '--sort=name', ...options, '-C', work, '.']);
    // Quoted in no way, so that each line is a name as it stands in the archive.
    const listed = execFileSync(tar, ['-tf', archive, '--quoting-style=literal'], { encoding: 'utf8' });
    return { archive, names: listed.split('\n').slice(0, -1) };
  };

  const hash = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';
  const repository = `repositories/default/@hashed/6b/86/${hash}.git/1700000000_2023_11_14_18.10.0-ee`;
  const backup = {
    'backup_information.yml': Buffer.from('---\n:skipped: ""\n'),
    'db/database.sql.gz': Buffer.from('dump'),
    [`${repository}/001.bundle`]: Buffer.alloc(5_000, 'b'),
    [`${repository}/001.refs`]: Buffer.from('refs'),
    'uploads.tar.gz': Buffer.alloc(70_000, 'u'),
  };

  it.each(['gnu', 'oldgnu', 'posix', 'v7', 'ustar'])(
    'of format %s has the members that tar lists',
    async (format) => {
      const short = { 'backup_information.yml': backup['backup_information.yml'], 'db/a': Buffer.alloc(600) };
      const { archive, names } = archiveOf(format === 'v7' ? short : backup, [`--format=${format}`]);
      const { end, members } = await walk(readFileSync(archive));
      expect(end).toBe('whole');
      expect(members.map(({ name }) => name)).toEqual(names.map((name) => name.replace(/^\.\/(?=.)/, '')));
    },
  );

  it.each([
    ['gnu'],
    ['posix', '--sparse-version=0.0'],
    ['posix', '--sparse-version=0.1'],
    ['posix', '--sparse-version=1.0'],
  ])('with a sparse file of 20 GB (%s %s) is read past it', async (format, ...options) => {
    const files = { 'a.sparse': 20_000_000_000, 'b.txt': Buffer.from('behind') };
    const { archive } = archiveOf(files, [`--format=${format}`, '--sparse', ...options]);
    const bytes = readFileSync(archive);
    const { end, members } = await walk(bytes);
    expect(end).toBe('whole');
    expect(members.map(({ name, type }) => [name, type])).toEqual([
      ['./', 'directory'],
      ['a.sparse', 'other'],
      ['b.txt', 'file'],
    ]);
  });

  it('with links, pipes and global headers has them as what they are', async () => {
    const work = mkdtempSync(join(folder, 'work-'));
    execFileSync('sh', ['-c', 'echo a > a; ln a hard; ln -s a soft; mkfifo pipe'], { cwd: work });
    const archive = `${work}.tar`;
    const options = ['--format=posix', '--pax-option=comment=nightly', '--sort=name'];
    execFileSync(tar, ['-cf', archive, ...options, '-C', work, 'a', 'hard', 'pipe', 'soft']);
    const { end, members } = await walk(readFileSync(archive));
    expect(end).toBe('whole');
    expect(members.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a file',
      'hard link',
      'pipe other',
      'soft link',
    ]);
  });

  it('has exactly the members that were written, whatever their names', async () => {
    const property = fc.asyncProperty(files, fc.constantFrom('gnu', 'posix'), async (files, format) => {
      const byPath = Object.fromEntries(files.map(({ path, content }) => [path, content]));
      if (!isTree(Object.keys(byPath))) return;
      const { archive } = archiveOf(byPath, [`--format=${format}`]);
      const { end, members } = await walk(readFileSync(archive));
      const found = members.filter(({ type }) => type === 'file').map(({ name, size }) => [name, size]);
      expect(end).toBe('whole');
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(files.map(({ path, content }) => [path, content.length])),
      );
    });
    expect(
      await fc
        .check(property, { numRuns: 15 })
        .then((run) => (run.failed ? fc.defaultReportMessage(run) : undefined)),
    ).toBeUndefined();
  });
});

/** No path is a folder of another one. */
const isTree = (paths: readonly string[]): boolean =>
  !paths.some((path) => paths.some((other) => other.startsWith(`${path}/`)));
