import type { RestorePlan } from '../../records/backup/restore-plan.ts';

/**
 * What the tool keeps of buckets that it replaces: each restore copies the objects of a bucket into a folder of the tmp
 * bucket, deletes them all, and uploads those of the backup. Nothing brings them back but a person, or this.
 *
 * Source: CNG, gitlab-toolbox/scripts/lib/object_storage_backup.rb: `<name>.<seconds>/`.
 */

interface TmpFolder {
  readonly component: string;
  /** Of the tmp bucket, with its slash. */
  readonly prefix: string;
  /** Bucket that it goes back into. */
  readonly bucket: string;
}

interface PutBackPlan {
  readonly folders: readonly TmpFolder[];
  /** Components of which there is no folder: their bucket was not touched. */
  readonly untouched: readonly string[];
}

const FOLDER = /^(\w+)\.(\d{10})\/$/;
/** How far clocks of pods and ours may be apart, as long as the run had begun by then. */
const SKEW_SECONDS = 120;

/**
 * Chooses the folders that hold what was there before this restore: of several for one component the oldest, since a
 * second attempt has put away what the first one left behind.
 *
 * @param prefixes folders of the tmp bucket, such as `uploads.1763690405/`.
 * @param run when it began, behind the end of any other, and when its first destructive step was begun.
 */
export const choosePutBack = (
  prefixes: readonly string[],
  run: { readonly startedAt: string; readonly destructiveAt: string },
  { buckets }: Pick<RestorePlan, 'buckets'>,
): PutBackPlan => {
  const seconds = (time: string): number => Math.floor(Date.parse(time) / 1_000);
  // The restore before this one may have ended a minute before: its folders are older than this run.
  const earliest = Math.max(seconds(run.destructiveAt) - SKEW_SECONDS, seconds(run.startedAt));
  const found = prefixes.flatMap((prefix) => {
    const [, component = '', made = ''] = FOLDER.exec(prefix) ?? [];
    return component !== '' && Number(made) >= earliest ? [{ component, prefix, made: Number(made) }] : [];
  });
  const folders = buckets.flatMap(({ component, bucket }) => {
    const own = found.filter((one) => one.component === component).toSorted((a, b) => a.made - b.made);
    return own[0] ? [{ component, prefix: own[0].prefix, bucket }] : [];
  });
  return {
    folders,
    untouched: buckets
      .map(({ component }) => component)
      .filter((component) => !folders.some((one) => one.component === component)),
  };
};
