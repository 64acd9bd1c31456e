import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Member } from '../../../functions/backup/archive/member.ts';
import { type Contents, contentsFold, OTHER_PARTS } from '../../../functions/backup/verify/contents.ts';

const member = (name: string, size = 10, type: Member['type'] = 'file'): Member => ({
  name,
  size,
  type,
  start: 0,
  body: 512,
  next: 1024,
});

const foldAll = (members: readonly Member[]): Contents =>
  members.reduce((contents, each) => contentsFold.add(contents, each), contentsFold.initial());
const foldNames = (...names: readonly string[]): Contents => foldAll(names.map((name) => member(name)));

const REPOSITORY = '@hashed/6b/86/6b86b273.git';

describe('the contents of an archive', () => {
  it('are counted by first name, the folder of everything left out', () => {
    const { members, bytes, parts } = foldAll([
      member('', 0, 'directory'),
      member('db/', 0, 'directory'),
      member('db/database.sql.gz', 7),
      member('uploads.tar.gz', 5_000_000_000),
    ]);
    expect({ members, bytes }).toEqual({ members: 4, bytes: 5_000_000_007 });
    expect(parts).toEqual([
      { part: 'db', members: 2, bytes: 7 },
      { part: 'uploads.tar.gz', members: 1, bytes: 5_000_000_000 },
    ]);
  });

  it('name the files to look into, and where they lie', () => {
    const { inner } = foldNames(
      'backup_information.yml',
      'db/database.sql.gz',
      'db/ci_database.sql.gz',
      'lfs.tar.gz',
      'repositories/lfs.tar.gz',
      'db/readme.txt',
    );
    expect(inner.map(({ name }) => name)).toEqual([
      'backup_information.yml',
      'db/database.sql.gz',
      'db/ci_database.sql.gz',
      'lfs.tar.gz',
    ]);
    expect(inner[0]).toEqual({ name: 'backup_information.yml', start: 512, size: 10 });
  });

  it.each([
    ['the manifest layout', `repositories/default/${REPOSITORY}/1763_18.10.0-ee/001.bundle`, 'projects'],
    ['the pointer layout', 'repositories/@hashed/6b/86/6b86b273/1763_15.0.0-ee/001.bundle', 'projects'],
    ['the layout before', 'repositories/@hashed/6b/86/6b86b273.bundle', 'projects'],
    ['a wiki', 'repositories/default/@hashed/6b/86/6b86b273.wiki.git/1763/001.bundle', 'besides'],
    ['a design', 'repositories/default/@hashed/6b/86/6b86b273.design.git/1763/001.bundle', 'besides'],
    ['a wiki, earlier', 'repositories/@hashed/6b/86/6b86b273.wiki.bundle', 'besides'],
    ['a snippet', 'repositories/default/@snippets/6b/86/6b86b273.git/1763/001.bundle', 'besides'],
    ['a group wiki', 'repositories/default/@groups/6b/86/6b86b273.wiki.git/1763/001.bundle', 'besides'],
  ] as const)('count the full bundle of %s: %s', (_, name, counted) => {
    const { repositories } = foldNames(name);
    expect(repositories).toMatchObject({ projects: 0, besides: 0, bundles: 1, [counted]: 1 });
  });

  it('count no bundle of no bytes, as a disk that is full leaves behind', () => {
    const bundle = `repositories/default/${REPOSITORY}/1763_18.10.0-ee/001.bundle`;
    expect(foldAll([member(bundle, 0)]).repositories).toMatchObject({ projects: 0, bundles: 0 });
  });

  it('count increments as bundles, and as no further repository', () => {
    const step = (number: string): string => `repositories/default/${REPOSITORY}/1763/${number}.bundle`;
    expect(foldNames(step('001'), step('002'), step('1000')).repositories).toMatchObject({
      projects: 1,
      bundles: 3,
    });
  });

  it('count manifests by storage and backup id, without those that repeat the newest', () => {
    const manifest = (storage: string, id: string): string =>
      `repositories/manifests/${storage}/${REPOSITORY}/${id}.toml`;
    const { manifests } = foldNames(
      manifest('default', '17_a'),
      manifest('default', '+latest'),
      manifest('second', '17_a'),
      manifest('default', '18_b'),
    ).repositories;
    expect(manifests).toEqual([
      { storage: 'default', backupId: '18_b', count: 1 },
      { storage: 'second', backupId: '17_a', count: 1 },
      { storage: 'default', backupId: '17_a', count: 1 },
    ]);
  });

  it('stay small whatever is in the archive, and lose no count', () => {
    const strangers = Array.from({ length: 5_000 }, (_, index) => member(`x${index}/${index}`));
    const inner = Array.from({ length: 200 }, (_, index) => member(`a${index}.tar.gz`));
    const manifests = Array.from({ length: 300 }, (_, index) =>
      member(`repositories/manifests/s${index}/${REPOSITORY}/1.toml`),
    );
    const contents = foldAll([...strangers, ...inner, ...manifests]);
    expect(JSON.stringify(contents).length).toBeLessThan(20_000);
    expect(contents.members).toBe(5_500);
    expect(contents.parts.reduce((sum, part) => sum + part.members, 0)).toBe(5_500);
    expect(contents.parts.some(({ part }) => part === OTHER_PARTS)).toBe(true);
    expect(contents.inner.length + contents.innerLeftOut).toBe(200);
  });
});

describe('the fold of a walk', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'backup_information.yml',
      'db/database.sql.gz',
      'uploads.tar.gz',
      `repositories/default/${REPOSITORY}/1/001.bundle`,
      '',
      'a',
    ),
    fc.integer({ min: 0, max: 60 }).map((index) => `stranger${index}/x`),
    fc.integer({ min: 0, max: 90 }).map((index) => `${index}.tar.gz`),
    fc.integer({ min: 0, max: 60 }).map((id) => `repositories/manifests/s/${REPOSITORY}/${id}.toml`),
  );
  const members = fc.array(
    fc
      .tuple(names, fc.nat(), fc.constantFrom('file', 'directory', 'link', 'other'))
      .map((given) => member(...given)),
    { maxLength: 160 },
  );

  it('of both halves is that of the whole, wherever it is cut, and outlives JSON', () => {
    fc.assert(
      fc.property(members, fc.nat({ max: 160 }), (all, at) => {
        const [before, after] = [foldAll(all.slice(0, at)), foldAll(all.slice(at))];
        const kept = contentsFold.schema.parse(JSON.parse(JSON.stringify(before)));
        expect(contentsFold.merge(kept, after)).toEqual(foldAll(all));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps count of what it leaves out when halves are joined', () => {
    const half = (letter: string): Contents =>
      foldNames(...Array.from({ length: 50 }, (_, index) => `${letter}${index}.tar.gz`));
    const { inner, innerLeftOut } = contentsFold.merge(half('a'), half('b'));
    expect([inner.length, innerLeftOut, inner.at(-1)?.name]).toEqual([60, 40, 'b9.tar.gz']);
  });

  it('changes no value that it was given', () => {
    const before = foldNames('db/database.sql.gz', 'repositories/a.bundle');
    const copy = structuredClone(before);
    contentsFold.merge(contentsFold.add(before, member('db/ci_database.sql.gz')), before);
    expect(before).toEqual(copy);
  });
});
