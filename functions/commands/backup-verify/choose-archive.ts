import type { EarlierArchive } from '../../backup/verify/expectation.ts';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Options } from './options.ts';
import type { BackupVerifyTools } from './tools.ts';

/** Which archive is read: the one that was named, or the newest one under a prefix. */

/** Archives that the newest one is compared with. */
const EARLIER = 7;
/** Archives that differ more than this among themselves are not all of one kind: hourly ones beside full ones. */
const STEADY = 4;

/** From here on a daily backup has been missed. */
const OLD_DAYS = 2;

export interface ChosenArchive {
  readonly key: string;
  /** Those before it, when they can be compared with it. */
  readonly earlier?: EarlierArchive[];
}

/**
 * Finds the archive. The newest one is chosen by the time in its name, as GitLab's own pruning does.
 *
 * @throws RefusedError `archive.none` when there is none, and what listing throws.
 */
export const chooseArchive = async (
  { bucket, key, newest, region }: Options,
  { listArchives, showProgress }: BackupVerifyTools,
): Promise<ChosenArchive> => {
  if (!newest) return { key };
  showProgress(`Looking for archives in s3://${bucket}/${key}`);
  // Without the slash a folder would be taken for the beginning of a name.
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const { archives } = await listArchives({
    bucket,
    prefix,
    limit: EARLIER + 1,
    ...(region === undefined ? {} : { region }),
  });
  const [first, ...others] = archives;
  if (!first) {
    throw new RefusedError(
      'archive.none',
      `Under s3://${bucket}/${prefix} there is no object named as GitLab names archives: ` +
        '<seconds>_<date>_<version>_gitlab_backup.tar.',
    );
  }
  const sizes = others.map(({ size }) => size);
  const isSteady = sizes.length > 0 && Math.max(...sizes) <= STEADY * Math.min(...sizes);
  return {
    key: first.key,
    ...(isSteady ? { earlier: sizes.map((size) => ({ size, parts: [] })) } : {}),
  };
};

/** Says of the newest archive how old it is: a sound one of last month hides that nothing has run since. */
export const hintOld = (
  { newest }: Pick<Options, 'newest'>,
  { lastModified }: Pick<ArchiveObject, 'lastModified'>,
  now: Date,
): string[] => {
  const days = Math.floor((now.getTime() - Date.parse(lastModified)) / DAY_MS);
  return newest && days >= OLD_DAYS
    ? [
        `The newest archive is ${days} days old. If backups run more often than that, look why none has come since.`,
      ]
    : [];
};
