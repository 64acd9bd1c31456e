import type { RestorePlan } from '../../records/backup/restore-plan.ts';

/**
 * What the tool keeps of buckets that it replaces: each restore copies the objects of a bucket into a folder of the tmp
 * bucket, deletes them all, and uploads those of the backup. Nothing brings them back but a person, or this.
 *
 * Source: CNG, gitlab-toolbox/scripts/lib/object_storage_backup.rb: `<name>.<seconds>/`.
 */

export interface TmpFolder {
  readonly component: string;
  /** Of the tmp bucket, with its slash. */
  readonly prefix: string;
  /** Bucket that it goes back into. */
  readonly bucket: string;
}

export interface PutBackPlan {
  readonly folders: readonly TmpFolder[];
  /** Components of which there is no folder: their bucket was not touched. */
  readonly untouched: readonly string[];
}

const FOLDER = /^(\w+)\.(\d{10})\/$/;
/** How far clocks of pods and ours may be apart. */
const SKEW_SECONDS = 120;

/**
 * Chooses the folders that hold what was there before this restore: of several for one component the oldest, since a
 * second attempt has put away what the first one left behind.
 *
 * @param prefixes folders of the tmp bucket, such as `uploads.1763690405/`.
 * @param since when the first destructive step of the restore was begun.
 */
export const choosePutBack = (
  prefixes: readonly string[],
  since: Date,
  { buckets }: Pick<RestorePlan, 'buckets'>,
): PutBackPlan => {
  const found = prefixes.flatMap((prefix) => {
    const [, component = '', seconds = ''] = FOLDER.exec(prefix) ?? [];
    const isOurs = Number(seconds) >= since.getTime() / 1_000 - SKEW_SECONDS;
    return component !== '' && isOurs ? [{ component, prefix, seconds: Number(seconds) }] : [];
  });
  const folders = buckets.flatMap(({ component, bucket }) => {
    const own = found.filter((one) => one.component === component).toSorted((a, b) => a.seconds - b.seconds);
    return own[0] ? [{ component, prefix: own[0].prefix, bucket }] : [];
  });
  return {
    folders,
    untouched: buckets
      .map(({ component }) => component)
      .filter((component) => !folders.some((one) => one.component === component)),
  };
};
