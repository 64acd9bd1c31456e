import { ARCHIVE_NAME } from './gitlab-archive.ts';
import { asked, both, inner, log, names, type Row, seen, told } from './judgement-changes.ts';

/** What must be in it, its repositories and files, and the log of the backup. */
export const CONTENT_ROWS: readonly Row[] = [
  // What must be in it.
  ['uploads are gone, and there are some', names([], 'uploads'), 'incomplete', 'skipped-unasked'],
  [
    'uploads are listed as skipped',
    both(told({ skipped: ['uploads'] }), names([], 'uploads')),
    'incomplete',
    'skipped-unasked',
  ],
  [
    'lfs is gone, of a Linux package',
    both(names([], 'lfs'), told({ installationType: 'omnibus-gitlab' })),
    'verified',
    'linux-package',
  ],
  [
    'lfs is gone, and no installation type told',
    both(names([], 'lfs'), told({ installationType: undefined })),
    'not-checked',
    'part-unexplained installation-unknown',
  ],
  [
    'something new is skipped',
    told({ skipped: ['builds', 'model_registry'] }),
    'not-checked',
    'skipped-unknown',
  ],
  [
    'something new is skipped, as asked',
    both(told({ skipped: ['model_registry'] }), asked({ skipped: ['model_registry'] })),
    'verified',
    '',
  ],
  ['lfs is a folder', names(['lfs.tar.gz/x'], 'lfs'), 'not-checked', 'part-unexplained'],
  ['lfs is gone, and its bucket unknown', names([], 'lfs'), 'not-checked', 'part-unexplained'],
  [
    'lfs is gone, and its bucket empty',
    both(names([], 'lfs'), asked({ sources: { lfs: 'empty' } })),
    'verified',
    'bucket-empty',
  ],
  ['lfs is gone, as asked', both(names([], 'lfs'), asked({ skipped: ['lfs'] })), 'verified', 'skipped-asked'],
  ['lfs is there, and was to be skipped', asked({ skipped: ['lfs'] }), 'verified', 'part-unexpected'],
  ['database is gone', names([], 'db/'), 'incomplete', 'skipped-unasked'],
  ['stranger is a note', names(['notes.txt']), 'verified', 'unknown-name'],
  ['dump lies in it twice', names(['db/database.sql.gz']), 'not-checked', 'twice-in-it'],
  // Repositories.
  [
    'projects are more than its repositories',
    asked({ projects: 2 }),
    'incomplete',
    'repositories-missing',
    'projects',
  ],
  [
    'repositories are gone, and there is a project',
    names([], 'repositories'),
    'incomplete',
    'skipped-unasked',
  ],
  [
    'repositories are gone, and nobody counted',
    both(names([], 'repositories'), asked({ projects: undefined })),
    'not-checked',
    'repositories-uncounted',
  ],
  [
    'repositories are gone, and there is none',
    both(names([], 'repositories'), asked({ projects: 0 })),
    'verified',
    'bucket-empty',
  ],
  ['repositories were not compared', asked({ projects: undefined }), 'verified', 'repositories-not-compared'],
  [
    'repositories are those of wikis alone, and nobody counted',
    both(
      names(['repositories/default/@hashed/6b/86/6b86b273.wiki.git/1/001.bundle'], 'repositories'),
      asked({ projects: undefined }),
    ),
    'not-checked',
    'repositories-uncounted',
  ],
  [
    'repositories are an empty folder',
    both(names(['repositories/x'], 'repositories'), asked({ projects: undefined })),
    'not-checked',
    'repositories-uncounted',
  ],
  [
    'repositories lie elsewhere, uncounted',
    told({ repositoriesServerSide: true }),
    'not-checked',
    'server-side-uncounted',
  ],
  [
    'repositories lie elsewhere, all of them',
    both(told({ repositoriesServerSide: true }), seen({ serverSideProjects: 1 })),
    'verified',
    '',
  ],
  [
    'repositories lie elsewhere, and are no part of it',
    both(
      told({ repositoriesServerSide: true, skipped: ['builds', 'repositories'] }),
      names([], 'repositories'),
      seen({ serverSideProjects: 1 }),
    ),
    'verified',
    '',
  ],
  [
    'repositories lie elsewhere, too few',
    both(asked({ repositoriesServerSide: true, projects: 9 }), seen({ serverSideProjects: 8 })),
    'incomplete',
    'repositories-missing',
  ],
  // Files in it.
  [
    'dump is damaged',
    inner('db/database.sql.gz', 'damaged'),
    'corrupt',
    'file-damaged',
    'db/database.sql.gz',
  ],
  ['dump is no gzip', inner('db/database.sql.gz', 'no-gzip'), 'corrupt', 'no-gzip', 'db/database.sql.gz'],
  [
    'dump lacks its end',
    inner('db/database.sql.gz', 'unfinished'),
    'incomplete',
    'dump-unfinished',
    'db/database.sql.gz',
  ],
  ['dump is empty', inner('db/database.sql.gz', 'empty'), 'incomplete', 'dump-empty', 'db/database.sql.gz'],
  [
    'dump is too large',
    inner('db/database.sql.gz', 'not-read'),
    'not-checked',
    'dump-not-read',
    'db/database.sql.gz',
  ],
  [
    'dump is too large, and accepted',
    both(inner('db/database.sql.gz', 'not-read'), asked({ acceptUnreadDumps: true })),
    'verified',
    'dump-not-read-accepted',
  ],
  [
    'dump is of zstd',
    inner('db/database.sql.gz', 'other-compression'),
    'not-checked',
    'other-compression',
    'db/database.sql.gz',
  ],
  [
    'second database has no dump',
    asked({ databases: ['main', 'ci'] }),
    'incomplete',
    'dump-missing',
    'databases',
  ],
  ['uploads hold no file', inner('uploads.tar.gz', 'empty'), 'incomplete', 'part-empty', 'uploads.tar.gz'],
  [
    'pages hold no file, as far as is known',
    inner('pages.tar.gz', 'empty'),
    'not-checked',
    'part-unexplained',
    'pages.tar.gz',
  ],
  // The log.
  ['log tells of a failure', log({ kind: 'failure', excerpt: 'x' }), 'incomplete', 'log-failure', 'log'],
  [
    'log tells of a bucket',
    log({ kind: 'bucket-skipped', excerpt: 'x', part: 'lfs' }),
    'incomplete',
    'log-bucket-skipped',
    'log',
  ],
  [
    'log tells of a bucket to skip',
    both(
      log({ kind: 'bucket-skipped', excerpt: 'x', part: 'lfs' }),
      names([], 'lfs'),
      asked({ skipped: ['lfs'] }),
    ),
    'verified',
    'skipped-asked',
  ],
  ['log warns', log({ kind: 'warning', excerpt: 'x' }), 'verified', 'log-warning'],
  [
    'log does not end',
    seen({ log: { findings: [], more: 0, emptyParts: [] } }),
    'not-checked',
    'log-not-done',
  ],
  [
    'log names another archive',
    seen({ log: { done: 's3://b/x_gitlab_backup.tar', findings: [], more: 0, emptyParts: [] } }),
    'incomplete',
    'log-other-archive',
  ],
  [
    'log found the bucket empty',
    both(
      names([], 'lfs'),
      seen({ log: { done: `s3://b/${ARCHIVE_NAME}`, findings: [], more: 0, emptyParts: ['lfs'] } }),
    ),
    'verified',
    'bucket-empty',
  ],
];
