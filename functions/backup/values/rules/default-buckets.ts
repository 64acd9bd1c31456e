import { BACKUP_BUCKET, isOnS3, isStoredOutside, TMP_BUCKET } from '../object-stores.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * Names of buckets that were never set. Those of S3 are unique in the world, and the chart's are long taken.
 *
 * Source: GitLab chart, values.yaml: `gitlab-backups` and `tmp`; Amazon S3 User Guide, "General purpose bucket naming rules".
 */
export const defaultBuckets: ValuesRule = {
  code: 'default-buckets',
  title: 'The buckets of backups and restores are your own',
  judge: (values) =>
    isOnS3(values) && isStoredOutside(values)
      ? [BACKUP_BUCKET, TMP_BUCKET]
          .filter((path) => !values.isGiven(path))
          .map((path) => ({
            severity: 'risk' as const,
            path,
            message: `It is not set, so the chart takes "${values.text(path) ?? ''}", which in S3 belongs to somebody else: ${path === BACKUP_BUCKET ? 'the archive is put together for hours and then has nowhere to go' : 'a restore fails when it saves what it is about to replace'}.`,
            remedy: `Write ${path} with the name of your bucket.`,
          }))
      : [],
};
