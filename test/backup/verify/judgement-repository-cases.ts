import { asked, both, names, type Row, seen, told } from './judgement-changes.ts';

/** The Git repositories in it. */
export const REPOSITORY_ROWS: readonly Row[] = [
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
      names(
        [
          'repositories/default/@hashed/6b/86/6b86b273.wiki.git/1/001.bundle',
          'repositories/manifests/default/@hashed/6b/86/6b86b273.wiki.git/1763690405_2025_11_21_18.10.0-ee.toml',
        ],
        'repositories',
      ),
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
  [
    'repositories have bundles and no manifests',
    names([], 'repositories/manifests'),
    'incomplete',
    'repositories-unlisted',
    'manifests',
  ],
  [
    'repositories have a manifest less than bundles',
    names(['repositories/default/@hashed/6b/86/6b86b274.git/1/001.bundle']),
    'incomplete',
    'repositories-unlisted',
  ],
  [
    'repositories have pointers instead of manifests',
    names(['repositories/@hashed/6b/86/6b86b273/LATEST'], 'repositories/manifests'),
    'verified',
    '',
  ],
  [
    'repositories have bundles of before there were manifests',
    names(['repositories/@hashed/6b/86/6b86b273.bundle'], 'repositories/'),
    'verified',
    '',
  ],
  [
    'repositories have increments, and a manifest for each step',
    names([
      'repositories/default/@hashed/6b/86/6b86b273.git/2/002.bundle',
      'repositories/manifests/default/@hashed/6b/86/6b86b273.git/2.toml',
    ]),
    'verified',
    '',
  ],
];
