import type { S3Client } from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../records/backup/verification.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Reading, ReadPatience } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';
import type { CopyChecksum } from './archive-copy/copy-source.ts';
import { copyWhole } from './archive-copy/copy-whole.ts';
import { openUploads, type Uploads } from './archive-copy/uploads.ts';

/**
 * Copies an archive within S3: no byte of it comes here. Asked of the region of the copy, which fetches from the other.
 *
 * All of it throws RefusedError `archive.changed` when the archive is not the version that was named any more,
 * `archive.gone`, `archive.forbidden` (with the permission), `archive.no-bucket`, `archive.archived`, `archive.refused`;
 * TransientError `archive.unavailable` for anything that may pass.
 */
export interface ArchiveCopier extends Uploads {
  /** Copies in one request, with this checksum. */
  copyWhole(
    source: ArchiveObject,
    checksum: Pick<CopyChecksum, 'algorithm'>,
    signal?: AbortSignal,
  ): Promise<void>;
}

/** Where a copy goes. */
export interface CopyAddress {
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** Instead of our own: one that does not try again by itself. */
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

/** S3 answers once it has copied, and 5 GB between two regions may take minutes; a Lambda lasts for 15. */
const COPY_PATIENCE: ReadPatience = { attempts: 5, attemptMs: 600_000, pauseMs: 500 };

/** Opens the place of a copy; nothing is sent until the first question. */
export const openArchiveCopier = ({
  region,
  client,
  clock = systemClock,
  patience = COPY_PATIENCE,
  ...place
}: CopyAddress): ArchiveCopier => {
  const reading: Reading = { connection: connectS3(region, client), clock, patience };
  return {
    copyWhole: (source, checksum, signal) => copyWhole(source, place, checksum, reading, signal),
    ...openUploads(place, reading),
  };
};

export { readUploadedParts, type UploadedParts } from './archive-copy/uploaded-parts.ts';
