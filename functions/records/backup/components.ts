/** What of GitLab lies in a bucket each, and has versions there. */
export const BUCKET_COMPONENTS = [
  'registry',
  'uploads',
  'artifacts',
  'lfs',
  'packages',
  'external_diffs',
  'terraform_state',
  'pages',
  'ci_secure_files',
] as const;

/**
 * What a backup consists of, as `backup-utility --skip` calls it; of all but the first two there is one
 * `<name>.tar.gz` each in the archive, from a bucket.
 *
 * Sources: GitLab documentation, "Excluding specific data from the backup"; `object_storage_backends` of
 * `backup-utility` in the toolbox image, GitLab 15.8 and later.
 */
export const ARCHIVE_COMPONENTS = ['db', 'repositories', ...BUCKET_COMPONENTS] as const;
