import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSettings } from '../../records/configuration.ts';
import { archiveKey, locateSetArchive } from '../verify/noted-archive.ts';

/** One object that goes, with all its versions. */
export interface DoomedObject {
  readonly bucket: string;
  /** Of the bucket. */
  readonly region: string;
  readonly key: string;
}

/** What of a set is deleted, in this order: as long as the archive is there, the set can be restored. */
export interface RemovalList {
  readonly copies: readonly DoomedObject[];
  /** ARNs of snapshots that were made for this set. */
  readonly snapshots: readonly string[];
  readonly archive: DoomedObject | undefined;
}

/**
 * Lists what of a set is ours to delete. Of a set that has no archive noted its name is looked for all the same: the tool
 * may have written one before the run failed.
 *
 * Not deleted with it, and why:
 * - its secrets: whoever still holds a copy of the archive can not use it without them, they are small, and so the role
 *   that deletes has no right on the one bucket whose loss makes every archive worthless;
 * - versions of buckets, and the backups that Gitaly made by itself: later sets lead back through the same versions and
 *   bundles, and the lifecycle rules of those buckets say how long they stay;
 * - recovery points of AWS Backup: the plan that made them deletes them.
 *
 * @param region of the site, where the configuration names none for the bucket.
 */
export const listRemovals = (
  set: BackupSet,
  { destination, copy }: Pick<BackupSettings, 'destination' | 'copy'>,
  region: string,
): RemovalList => {
  const { key, bucket } = locateSetArchive(set, destination.bucket);
  const copied = set.copies.map((one) => ({
    bucket: one.bucket,
    region: one.region,
    key: one.object?.key ?? key,
  }));
  // A copy that broke off before it was noted lies where the configuration says.
  const expected = copy && set.kind === 'tar' ? [{ ...copy, key: archiveKey(set) }] : [];
  const isNoted = ({ bucket: where }: DoomedObject): boolean => copied.some((one) => one.bucket === where);
  return {
    copies: [...copied, ...expected.filter((one) => !isNoted(one))],
    snapshots: set.parts.flatMap((part) =>
      part.kind === 'database' && part.snapshot && isOurs(part.snapshot.arn, set) ? [part.snapshot.arn] : [],
    ),
    archive:
      set.kind === 'tar' || set.parts.some(({ kind }) => kind === 'archive')
        ? { bucket, key, region: destination.region ?? region }
        : undefined,
  };
};

/** A snapshot that we made carries the seconds of the set in its name. */
const isOurs = (arn: string, { id }: BackupSet): boolean =>
  (arn.split(':').at(-1) ?? '').includes(id.slice(0, 10));
