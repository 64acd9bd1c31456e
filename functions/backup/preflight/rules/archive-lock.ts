import { definePreflightRule, pass, warn } from '../preflight-rule.ts';

/**
 * The tool asks for no lock, so an archive has the one that its bucket gives by itself. Without it whoever holds the
 * right may delete every backup in a minute; but a backup without a lock is still one.
 *
 * Source: Amazon S3 User Guide, "Object Lock", "Default retention settings".
 */
export const archiveLock = definePreflightRule({
  code: 'archive-lock',
  title: 'Archives are locked from the moment they are written',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ lock }) => lock,
  learn: 'Give the role of the preflight s3:GetBucketObjectLockConfiguration on the bucket of archives.',
  judge: (lock, { places, wishedLock }) => {
    const wish = `${wishedLock.mode} for ${wishedLock.days} days`;
    const remedy = `Set the default retention of ${places.backup} to ${wish}, as lock in drydock.yaml says.`;
    if (!lock.enabled) {
      const how = `Make a bucket with object lock, and name it in destination.bucket; ${places.backup} can get it as well.`;
      return [warn(`${places.backup} has no object lock: whoever may delete there deletes backups.`, how)];
    }
    const given = lock.default;
    if (!given) return [warn(`${places.backup} locks nothing by itself.`, remedy)];
    const mode = given.mode.toLowerCase();
    const isWeaker = wishedLock.mode === 'compliance' && mode !== 'compliance';
    if (isWeaker || given.days < wishedLock.days) {
      return [warn(`${places.backup} locks archives by ${mode} for ${given.days} days only.`, remedy)];
    }
    return [pass(`${places.backup} locks archives by ${mode} for ${given.days} days.`)];
  },
});
