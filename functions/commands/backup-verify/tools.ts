import type { SourceState } from '../../backup/verify/expectation.ts';
import type { ArchiveAddress, ArchiveList, ArchivePlace, ArchiveStore } from '../../clients/archive-store.ts';
import type { ObjectKeys } from '../../clients/object-keys.ts';
import type { SourceBucket } from '../../clients/source-bucket.ts';
import type { Clock } from '../../runtime/clock.ts';

/** What the command works with; a test brings its own. */
export interface BackupVerifyTools {
  readonly openStore: (
    address: Pick<ArchiveAddress, 'bucket' | 'key' | 'versionId' | 'region'>,
  ) => ArchiveStore;
  readonly listArchives: (
    place: Pick<ArchivePlace, 'bucket' | 'prefix' | 'limit' | 'region'>,
  ) => Promise<ArchiveList>;
  /** Is there anything to back up in a bucket? */
  readonly readSourceBucket: (bucket: Pick<SourceBucket, 'bucket' | 'region'>) => Promise<SourceState>;
  /** Names of objects in Gitaly's own bucket. */
  readonly openKeys: (region: string | undefined) => ObjectKeys;
  /** Lines of the backup's log: of a file, or of the standard input for `-`. */
  readonly readLog: (file: string) => Promise<string>;
  readonly write: (file: string, content: string) => Promise<void>;
  /** Shows how far it is; an empty line ends that. */
  readonly showProgress: (line: string) => void;
  readonly clock: Clock;
  /** Columns of the terminal. */
  readonly width: number | undefined;
}
