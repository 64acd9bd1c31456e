import { BACKUP_BUCKET, bucketAt, TMP_BUCKET } from '../object-stores.ts';
import { quote } from '../quotation.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * Where a restore puts what it is about to delete.
 *
 * Source: GitLab documentation, charts, architecture, "Backup and restore", "Restore"; `backups.bucket` and
 * `backups.tmpBucket` of the chart.
 */
export const tmpBucket: ValuesRule = {
  code: 'tmp-bucket',
  title: 'The tmp bucket of restores is not the bucket of backups',
  judge: (values) => {
    const [backups] = bucketAt(values, BACKUP_BUCKET, 'backups');
    const [tmp] = bucketAt(values, TMP_BUCKET, 'rescue copies');
    if (!backups || !tmp || backups.name !== tmp.name) return [];
    return [
      {
        severity: 'trap',
        path: TMP_BUCKET,
        message: `Backups and the rescue copies of a restore share the bucket ${quote(tmp.name)}. Where backups are locked a restore cannot clean up behind itself; where they are not, whoever may clean up may delete them; and an expiry rule for the copies takes the backups along.`,
        remedy: `Write ${TMP_BUCKET} with a bucket of its own, whose objects may expire.`,
      },
    ];
  },
};
