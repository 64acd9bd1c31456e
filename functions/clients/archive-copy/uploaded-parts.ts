import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { locateArchive, readPermission } from '../archive/archive-location.ts';
import { DEFAULT_PATIENCE, type Reading, readPatiently } from '../archive/read-patiently.ts';
import { connectS3 } from '../archive/s3-connection.ts';

/** Of an archive that was uploaded in parts: how many, and the bytes of the first. */
export interface UploadedParts {
  readonly count: number;
  readonly first: number;
}

/**
 * Tells in how many parts an archive was uploaded, and how large the first is; undefined of one that was uploaded whole.
 *
 * @throws as `ArchiveStore.describe` does.
 */
export const readUploadedParts = async (
  object: ArchiveObject,
  { region, client, clock = systemClock }: Partial<UploadedFrom> = {},
  signal?: AbortSignal,
): Promise<UploadedParts | undefined> => {
  const { bucket, key, versionId, etag } = object;
  const reading: Reading = { connection: connectS3(region, client), clock, patience: DEFAULT_PATIENCE };
  const question = { where: locateArchive(object), bucket, permission: readPermission(object) };
  const first = new HeadObjectCommand({
    Bucket: bucket,
    Key: key,
    PartNumber: 1,
    IfMatch: etag,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const { PartsCount: count, ContentLength: bytes } = await readPatiently(
    question,
    reading,
    (s3, abortSignal) => s3.send(first, { abortSignal }),
    signal,
  );
  return count === undefined || bytes === undefined ? undefined : { count, first: bytes };
};

interface UploadedFrom {
  readonly region: string | undefined;
  readonly client: Parameters<typeof connectS3>[1];
  readonly clock: Clock;
}
