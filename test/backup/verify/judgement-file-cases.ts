import { ARCHIVE_NAME } from './gitlab-archive.ts';
import { asked, both, earlierDumps, inner, log, names, type Row, seen, tables } from './judgement-changes.ts';

/** Files in it, and the log of the backup. */
export const FILE_ROWS: readonly Row[] = [
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
  [
    'dump has a tenth of the tables of those before it',
    both(tables(100), asked({ earlier: earlierDumps({ tables: 1_000 }) })),
    'not-checked',
    'tables-fewer',
    'tables',
  ],
  [
    'dump has some tables less than those before it',
    both(tables(930), asked({ earlier: earlierDumps({ tables: 1_000 }) })),
    'verified',
    '',
  ],
  [
    'dump was counted for the first time',
    both(tables(3), asked({ earlier: earlierDumps({}) })),
    'verified',
    '',
  ],
  [
    'dump shrank, which the other one hides',
    both(
      names(['db/ci_database.sql.gz']),
      asked({ earlier: earlierDumps({ size: 90_000_000 }, { name: 'db/ci_database.sql.gz' }) }),
    ),
    'not-checked',
    'size-shrank',
  ],
  [
    'log says of a component that is off that it has no bucket',
    both(
      log({ kind: 'bucket-skipped', excerpt: 'Bucket not found: gl-pages. Skipping', part: 'pages' }),
      asked({ sources: { pages: 'empty' } }),
    ),
    'verified',
    'bucket-empty',
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
    'dump inflates too far, which nobody accepted',
    both(
      inner('db/database.sql.gz', 'not-read', { detail: 'it inflates to more than 1 TB' }),
      asked({ acceptUnreadDumps: true }),
    ),
    'not-checked',
    'dump-not-read',
  ],
  [
    'dump breaks off, behind a tenth of its tables',
    both(
      inner('db/database.sql.gz', 'unfinished'),
      tables(90),
      asked({ earlier: earlierDumps({ tables: 900 }) }),
    ),
    'incomplete',
    'dump-unfinished',
  ],
  [
    'lfs was looked into under another name',
    inner('lfs.tar.gz', 'plausible', { name: 'uploads.tar.gz' }),
    'not-checked',
    'not-looked-into',
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
