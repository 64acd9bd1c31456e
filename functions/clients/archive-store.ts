import type { S3Client } from '@aws-sdk/client-s3';
import type { ByteSource } from '../backup/archive/byte-source.ts';
import type { ArchiveObject } from '../records/backup/verification.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { openArchiveBytes } from './archive/archive-bytes.ts';
import { describeArchive } from './archive/describe-archive.ts';
import { DEFAULT_PATIENCE, type ReadPatience } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';

/** An archive in S3: what it is, and its bytes. */
export interface ArchiveStore {
  /**
   * Describes the object as it lies there now, its checksum included where S3 keeps one and this role may see it.
   *
   * @throws RefusedError `archive.gone`, `archive.forbidden` (with the permission), `archive.no-bucket`,
   * `archive.no-credentials`, `archive.no-region`, `archive.wrong-region`, `archive.refused` for what else S3 will not do.
   * @throws TransientError `archive.unavailable` for anything that may pass.
   */
  describe(signal?: AbortSignal): Promise<ArchiveObject>;
  /**
   * Opens exactly the version that was described; nothing is read yet. Reads may run side by side.
   *
   * Besides what `describe` throws, a read throws RefusedError `archive.changed` when the object was overwritten
   * since, `archive.archived` when it lies in a storage class that has to be restored first, and DefectError
   * `archive.bad-range`. A signal that aborts ends it with the signal's reason.
   */
  open(object: ArchiveObject): ByteSource;
}

/** Where an archive lies, and how it is read. */
export interface ArchiveAddress {
  readonly bucket: string;
  readonly key: string;
  /** The newest one otherwise. */
  readonly versionId?: string | undefined;
  /** Of the bucket; that of this process otherwise. A wrong one costs one question. */
  readonly region?: string | undefined;
  /** Instead of our own: one that does not try again by itself, since the reads do, and follows no bucket to its region. */
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

/** Opens an archive for reading; nothing is sent until the first question. */
export const openArchiveStore = ({
  region,
  client,
  clock = systemClock,
  patience = DEFAULT_PATIENCE,
  ...address
}: ArchiveAddress): ArchiveStore => {
  const reading = { connection: connectS3(region, client), clock, patience };
  return {
    describe: (signal) => describeArchive(address, reading, signal),
    open: (object) => openArchiveBytes(object, reading),
  };
};

export {
  type ArchiveList,
  type ArchivePlace,
  type ListedArchive,
  listArchives,
} from './archive/list-archives.ts';
