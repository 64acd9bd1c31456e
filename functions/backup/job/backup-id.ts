import { RefusedError } from '../../runtime/errors.ts';

/** What the id of a backup says: when it was begun, and of which GitLab it is. */
interface BackupIdParts {
  /** To the second. */
  readonly startedAt: Date;
  /** As in the image's VERSION file: `18.10.0-ee`. */
  readonly version: string;
}

/** Three numbers, and what editions and pre-releases put behind them. It becomes part of a name in a bucket. */
const VERSION = /^\d+\.\d+\.\d+(?:[-.+][0-9A-Za-z.+-]{0,40})?$/;
/** Ten digits; the year 2286 brings the eleventh, and September 2001 brought the tenth. */
const SECONDS = { first: 1_000_000_000, last: 9_999_999_999 };

/**
 * The id of a backup, which `-t` hands to the tool: `1763690405_2025_11_21_18.10.0-ee`. The archive becomes
 * `<id>_gitlab_backup.tar`, and a restore asks for it by this id.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, `get_existing_backups`: archives of another shape are neither
 * listed nor pruned. The date is that of UTC, as in a pod without a time zone of its own.
 *
 * @throws RefusedError `backup.id-unreadable` for what is no version of GitLab, or a time that has not ten digits.
 */
export const backupId = (time: Date, version: string): string => {
  const seconds = Math.floor(time.getTime() / 1_000);
  if (!(seconds >= SECONDS.first && seconds <= SECONDS.last)) {
    throw new RefusedError('backup.id-unreadable', 'The clock is not between the years 2001 and 2286.');
  }
  if (!VERSION.test(version)) {
    const shown = JSON.stringify(version.slice(0, 60));
    throw new RefusedError(
      'backup.id-unreadable',
      `${shown} is no version of GitLab, such as 18.10.0-ee, so no backup can be named by it.`,
    );
  }
  const day = new Date(seconds * 1_000).toISOString().slice(0, 10).replaceAll('-', '_');
  return `${seconds}_${day}_${version}`;
};

/** Reads an id that `backupId` could have made; undefined for any other text. */
export const parseBackupId = (id: string): BackupIdParts | undefined => {
  const [, seconds, version] = /^(\d{10})_\d{4}_\d{2}_\d{2}_(.+)$/.exec(id) ?? [];
  if (seconds === undefined || version === undefined || !VERSION.test(version)) return undefined;
  const startedAt = new Date(Number(seconds) * 1_000);
  if (Number(seconds) < SECONDS.first || backupId(startedAt, version) !== id) return undefined;
  return { startedAt, version };
};
