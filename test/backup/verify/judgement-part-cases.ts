import { asked, both, cut, leftOut, names, type Row, seen, told } from './judgement-changes.ts';

/** What must be in it. */
export const PART_ROWS: readonly Row[] = [
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
  [
    'database is gone, and said to be empty',
    both(names([], 'db/'), asked({ sources: { db: 'empty' } })),
    'incomplete',
    'skipped-unasked',
  ],
  ['stranger is a note', names(['notes.txt']), 'verified', 'unknown-name'],
  [
    'end is cut off, and uploads are listed as skipped',
    both(seen({ end: cut }), told({ skipped: ['uploads'] }), names([], 'uploads')),
    'corrupt',
    'cut skipped-unasked',
  ],
  ['lfs is one file more than are looked into', leftOut('lfs.tar.gz'), 'not-checked', 'not-looked-into'],
  ['dump lies in it twice', names(['db/database.sql.gz']), 'not-checked', 'twice-in-it'],
];
