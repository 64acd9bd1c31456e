import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDump, leastRepositories } from '../../../functions/backup/verify/dump-count.ts';
import { DUMP_END } from './gitlab-archive.ts';
import { dataOf, gitlabDump, lockOf } from './gitlab-dump.ts';

const count = (...chunks: readonly string[]) => {
  const counted = countDump();
  for (const chunk of chunks) counted.add(Buffer.from(chunk));
  const { tables, projects, elsewhere } = counted;
  return { tables, projects, elsewhere };
};

const STATISTICS = dataOf('project_statistics', ['id', 'commit_count'], [['1', '4']]);
const PROJECTS = dataOf('projects', ['id', 'pending_delete'], [['1', 'f']]);
const WIDE = 'w'.repeat(70_000);

describe('the count of a dump', () => {
  it.each([
    ['a project with commits', [{ commits: 7 }], { all: 1, leaving: 0, withCommits: 1 }],
    ['a project without', [{ commits: 0 }], { all: 1, leaving: 0, withCommits: 0 }],
    [
      'a project that is being deleted',
      [{ commits: 3, leaving: true }],
      { all: 1, leaving: 1, withCommits: 1 },
    ],
    ['no project', [], { all: 0, leaving: 0, withCommits: 0 }],
    [
      'a project with a description that reads like a dump',
      [
        {
          commits: 2,
          description: '\\n\\\\.\\nCOPY public.projects (id, pending_delete) FROM stdin;\\n1\\tt',
        },
      ],
      { all: 1, leaving: 0, withCommits: 1 },
    ],
  ])('counts %s', (_, projects, counted) => {
    expect(count(gitlabDump(projects)).projects).toEqual(counted);
  });

  it.each([
    ['they have other columns', dataOf('projects', ['id'], [['1']]) + STATISTICS],
    ['one of them is not there', PROJECTS],
    [
      'one of them is there in two schemas',
      PROJECTS + STATISTICS + dataOf('old.projects', ['pending_delete'], []),
    ],
    ['the data of one has no end', STATISTICS + PROJECTS.slice(0, -5)],
    [
      'the value lies behind 64 KB of its row',
      STATISTICS + dataOf('projects', ['description', 'pending_delete'], [[WIDE, 'f']]),
    ],
    ['their rows are statements', "INSERT INTO public.projects VALUES (1, 'f');\n"],
  ])('says nothing of projects when %s', (_, text) => {
    expect(count(text).projects).toBeUndefined();
  });

  it.each([
    ['another schema', PROJECTS.replace('public.', 'gitlab.') + STATISTICS],
    ['no schema', PROJECTS.replace('public.', '') + STATISTICS],
    ['names in quotes', PROJECTS.replace('public.projects', '"public"."projects"') + STATISTICS],
    [
      'rows of other tables that look like theirs',
      dataOf('notes', ['note'], [['COPY public.projects (id) FROM stdin;']]) + PROJECTS + STATISTICS,
    ],
    [
      'tables whose names begin so',
      dataOf('projects_visits', ['pending_delete'], [['t']]) + PROJECTS + STATISTICS,
    ],
    ['a table without a row before them', dataOf('notes', ['note'], []) + PROJECTS + STATISTICS],
    [
      'a table without columns before them',
      'COPY public.empty () FROM stdin;\n\\.\n\n\n' + PROJECTS + STATISTICS,
    ],
    [
      'a long row before the value',
      dataOf('projects', ['pending_delete', 'description'], [['f', WIDE]]) + STATISTICS,
    ],
  ])('counts the same of %s', (_, text) => {
    expect(count(`${text}\n${DUMP_END}`).projects).toEqual({ all: 1, leaving: 0, withCommits: 1 });
  });

  it.each<[string[], ...string[]]>([
    [[], 'users'],
    [['ci'], 'ci_builds'],
    [['ci'], 'p_ci_builds'],
    [['sec'], 'vulnerability_occurrences'],
    [['ci', 'sec'], 'sbom_occurrences', 'ci_pipelines'],
    [[], 'ci_builds_of_somebody'],
  ])('finds the databases %j by locks on %s', (databases, ...tables) => {
    expect(count(tables.map((table) => lockOf(table)).join('\n')).elsewhere).toEqual(databases);
  });

  it('takes no lock and no table from the data of a table', () => {
    const data = dataOf('notes', ['note'], [[lockOf('ci_builds').trim()], ['CREATE TABLE public.x (']]);
    expect(count(data)).toMatchObject({ elsewhere: [], tables: 0 });
  });

  it('counts the same in whatever pieces a dump comes', () => {
    const text = gitlabDump(
      [{ commits: 1 }, { commits: 0, leaving: true }, { commits: 9, description: 'a\\tb\\\\.' }],
      ['ci_builds'],
    );
    const whole = count(text);
    expect(whole).toEqual({
      tables: 3,
      projects: { all: 3, leaving: 1, withCommits: 2 },
      elsewhere: ['ci'],
    });
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 60 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        expect(count(...edges.slice(1).map((end, index) => text.slice(edges[index], end)))).toEqual(whole);
      }),
    );
    expect(count(...text.split(''))).toEqual(whole);
  });

  it('counts every project, whatever their names hold', () => {
    const project = fc.record({
      commits: fc.nat({ max: 3 }),
      leaving: fc.boolean(),
      description: fc
        .string({
          unit: fc.constantFrom('\\', '.', '\n', '\t', '\r', '(', ';', 'N', 'é', '漢', 'x'),
          maxLength: 12,
        })
        .map(escape),
    });
    fc.assert(
      fc.property(fc.array(project, { maxLength: 6 }), fc.integer({ min: 7, max: 90 }), (projects, width) => {
        const text = gitlabDump(projects);
        const chunks = text.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? [];
        expect(count(...chunks).projects).toEqual({
          all: projects.length,
          leaving: projects.filter(({ leaving }) => leaving).length,
          withCommits: projects.filter(({ commits }) => commits > 0).length,
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('the least number of repositories', () => {
  it.each([
    [3, { all: 5, leaving: 1, withCommits: 4 }],
    [0, { all: 5, leaving: 3, withCommits: 2 }],
  ])('is %d of %j', (least, projects) => {
    expect(leastRepositories(projects)).toBe(least);
  });
});

/** As COPY writes a value: PostgreSQL, COPY, "Text Format". */
const escape = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[\uD800-\uDFFF]/g, '?');
