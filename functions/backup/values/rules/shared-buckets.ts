import { BACKUP_BUCKET, type Bucket, bucketAt, dataBuckets, TMP_BUCKET } from '../object-stores.ts';
import { quote } from '../quotation.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * One bucket for two kinds of objects. A prefix behind a `/` makes no second bucket of it.
 *
 * Source: GitLab documentation, charts, architecture, "Backup and restore", "Restore": each bucket is copied to the
 * tmp bucket, emptied, and filled with what the archive holds of its own kind.
 */
export const sharedBuckets: ValuesRule = {
  code: 'shared-buckets',
  title: 'Each kind of objects has a bucket of its own',
  judge: (values) => {
    const data = dataBuckets(values);
    const scratch = [
      ...bucketAt(values, BACKUP_BUCKET, 'backups'),
      ...bucketAt(values, TMP_BUCKET, 'the rescue copies of a restore'),
    ];
    return [...Map.groupBy([...data, ...scratch], ({ name }) => name).values()].flatMap((sharing) => {
      const [first] = sharing.filter((bucket) => data.includes(bucket));
      const last = sharing.at(-1);
      return first === undefined || last === undefined || sharing.length < 2 ? [] : [say(sharing, last)];
    });
  },
};

const say = (sharing: readonly Bucket[], { name, path }: Bucket) => ({
  severity: 'trap' as const,
  path,
  message: `The bucket ${quote(name)} holds ${sharing.map(({ holds }) => holds).join(' and ')} (${sharing.map((one) => one.path).join(', ')}). A restore empties the bucket of each kind before it fills it, so restoring one deletes the other.`,
  remedy: 'Give each kind a bucket of its own, and move its objects there; a prefix is not enough.',
});
