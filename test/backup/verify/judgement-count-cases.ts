import {
  asked,
  both,
  dumped,
  inner,
  leads,
  names,
  type Row,
  seen,
  tables,
  told,
  written,
} from './judgement-changes.ts';

/** Repositories against the projects of the dump, and against the log; databases against the locks of the dump. */

const elsewhere = told({ repositoriesServerSide: true });
const found = (serverSideProjects: number) => seen({ serverSideProjects });
/** As many repositories of projects more, each with its manifest. */
const repositories = (count: number) =>
  names(
    Array.from({ length: count }, (_, index) => [
      `repositories/manifests/default/@hashed/aa/bb/${index}.git/1763690405_2025_11_21_18.10.0-ee.toml`,
      `repositories/default/@hashed/aa/bb/${index}.git/1/001.bundle`,
    ]).flat(),
  );

export const COUNT_ROWS: readonly Row[] = [
  ['dump knows as many projects as there are repositories', dumped(1), 'verified', ''],
  ['dump knows a project more', dumped(2), 'verified', 'repositories-fewer'],
  ['dump knows two projects more', dumped(3), 'incomplete', 'repositories-missing', 'projects'],
  [
    'dumps are two, of which nobody knows which one is restored',
    both(names(['db/database.sql.gz']), dumped(3)),
    'not-checked',
    'twice-in-it repositories-not-compared',
  ],
  ['dump knows a project more that is being deleted', dumped(2, { leaving: 1 }), 'verified', ''],
  ['dump knows projects more that have no commit', dumped(9, { withCommits: 1 }), 'verified', ''],
  ['dump knows fewer projects, since some are new', both(repositories(4), dumped(1)), 'verified', ''],
  ['dump knows one of a hundred more', both(repositories(98), dumped(100)), 'verified', 'repositories-fewer'],
  [
    'dump knows two of a hundred more',
    both(repositories(97), dumped(100)),
    'incomplete',
    'repositories-missing',
  ],
  ['dump knows two of 150 more', both(repositories(147), dumped(150)), 'verified', 'repositories-fewer'],
  [
    'dump knows a project, and repositories are gone',
    both(names([], 'repositories'), dumped(1)),
    'incomplete',
    'skipped-unasked',
  ],
  [
    'dump knows a project, and repositories are those of wikis alone',
    both(
      names(
        [
          'repositories/default/@hashed/6b/86/6b86b273.wiki.git/1/001.bundle',
          'repositories/manifests/default/@hashed/6b/86/6b86b273.wiki.git/1763690405_2025_11_21_18.10.0-ee.toml',
        ],
        'repositories',
      ),
      dumped(1),
    ),
    'incomplete',
    'repositories-missing',
  ],
  [
    'dump knows no project with commits, and repositories are gone',
    both(names([], 'repositories'), dumped(4, { withCommits: 0 })),
    'verified',
    'bucket-empty',
  ],
  [
    'dump knows more projects, and only some were to be backed up',
    both(dumped(9), told({ onlySomeRepositories: true })),
    'verified',
    'repositories-not-compared',
  ],
  ['dump knows more projects than somebody said', both(dumped(9), asked({ projects: 1 })), 'verified', ''],
  [
    'repositories lie elsewhere, as many as the dump knows',
    both(elsewhere, found(7), dumped(7)),
    'verified',
    '',
  ],
  [
    'repositories lie elsewhere, one less than the dump knows',
    both(elsewhere, found(6), dumped(7)),
    'verified',
    'repositories-fewer',
  ],
  [
    'repositories lie elsewhere, two less than the dump knows',
    both(elsewhere, found(5), dumped(7)),
    'incomplete',
    'repositories-missing',
  ],
  [
    'repositories lie elsewhere, none of them',
    both(elsewhere, found(0), dumped(1)),
    'incomplete',
    'repositories-missing',
  ],
  [
    'repositories lie elsewhere, and the dump was not read',
    both(
      elsewhere,
      found(7),
      inner('db/database.sql.gz', 'not-read'),
      asked({ projects: undefined, acceptUnreadDumps: true }),
    ),
    'not-checked',
    'server-side-uncounted dump-not-read-accepted',
  ],
  [
    'repositories lie elsewhere, as many as the log says, and the dump was not read',
    both(
      elsewhere,
      found(7),
      written(7, 3),
      inner('db/database.sql.gz', 'not-read'),
      asked({ projects: undefined, acceptUnreadDumps: true }),
    ),
    'verified',
    'dump-not-read-accepted',
  ],
  [
    'repositories lie elsewhere, one less than the log says',
    both(elsewhere, found(6), written(7), asked({ projects: undefined })),
    'incomplete',
    'repositories-missing',
  ],
  [
    'repositories lie elsewhere, one less than the dump knows and the log says',
    both(elsewhere, found(6), dumped(7), written(7)),
    'incomplete',
    'repositories-missing',
  ],
  [
    'repositories lie elsewhere, and only some were to be backed up, uncounted',
    both(elsewhere, found(6), dumped(7), told({ onlySomeRepositories: true, repositoriesServerSide: true })),
    'not-checked',
    'server-side-uncounted',
  ],
  ['log says that as many repositories were written', written(1), 'verified', ''],
  [
    'log says that a repository more was written',
    written(2),
    'incomplete',
    'repositories-missing',
    'written',
  ],
  ['log says that a wiki more was written', written(1, 1), 'incomplete', 'repositories-missing'],
  [
    'log says that more were written, in a layout without manifests',
    both(names(['repositories/@hashed/6b/86/6b86b273.bundle'], 'repositories/'), written(5)),
    'verified',
    '',
  ],
  ['dump leads to no other database', leads(), 'verified', ''],
  ['dump leads to a database without a dump', leads('ci'), 'incomplete', 'dump-missing', 'databases'],
  [
    'dump leads to a database with a dump',
    both(names(['db/ci_database.sql.gz']), leads('ci')),
    'verified',
    '',
  ],
  [
    'dump leads to two databases, one without a dump',
    both(names(['db/ci_database.sql.gz']), leads('ci', 'sec')),
    'incomplete',
    'dump-missing',
  ],
  [
    'dump leads to a database that was named too',
    both(leads('ci'), asked({ databases: ['main', 'ci'] })),
    'incomplete',
    'dump-missing',
  ],
  ['dump counts nothing else by its tables', both(tables(3), dumped(1)), 'verified', ''],
];
