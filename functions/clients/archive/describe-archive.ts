import { Readable } from 'node:stream';
import {
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { judgeAwsFailure } from '../aws-failure.ts';
import { statusOf } from '../s3.ts';
import { readChecksum } from './archive-checksum.ts';
import { UnfitAnswer } from './archive-errors.ts';
import { locateArchive, type ObjectLocation, readPermission } from './archive-location.ts';
import { type Reading, readPatiently } from './read-patiently.ts';
import { findBucketRegion } from './s3-connection.ts';

/** Describes one object by HEAD, and by its attributes where HEAD tells no checksum. */
export const describeArchive = async (
  location: ObjectLocation,
  reading: Reading,
  signal?: AbortSignal,
): Promise<ArchiveObject> => {
  const { bucket } = location;
  const question = { where: locateArchive(location), bucket, permission: readPermission(location) };
  const described = await readPatiently(
    question,
    reading,
    async (s3, limit) => describeHead(location, await askHead(location, s3, limit)),
    signal,
  );
  if (described.checksum !== undefined) return described;
  const checksum = await readPatiently(
    question,
    reading,
    (s3, limit) => askChecksum(described, s3, limit),
    signal,
  );
  return checksum === undefined ? described : { ...described, checksum };
};

/** The input that every call about one object takes. */
const name = ({ bucket, key, versionId }: ObjectLocation) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId === undefined ? {} : { VersionId: versionId }),
});

const askHead = async (
  location: ObjectLocation,
  s3: S3Client,
  abortSignal: AbortSignal,
): Promise<HeadObjectCommandOutput> => {
  try {
    const head = new HeadObjectCommand({ ...name(location), ChecksumMode: 'ENABLED' });
    return await s3.send(head, { abortSignal });
  } catch (error) {
    const status = statusOf(error) ?? 0;
    if (status < 400 || status >= 500 || findBucketRegion(error) !== undefined) throw error;
    // The answer to a HEAD has no body, so it can not say why: a GET of one byte can.
    const got = await s3.send(new GetObjectCommand({ ...name(location), Range: 'bytes=0-0' }), {
      abortSignal,
    });
    if (got.Body instanceof Readable) got.Body.destroy();
    throw error;
  }
};

/** S3 API reference, HeadObject: the class is left out for STANDARD, the key for what is encrypted without KMS. */
const describeHead = ({ bucket, key }: ObjectLocation, head: HeadObjectCommandOutput): ArchiveObject => {
  const { ETag: etag, ContentLength: size, LastModified: lastModified } = head;
  if (etag === undefined || size === undefined || lastModified === undefined) {
    throw new UnfitAnswer('HEAD told no entity tag, size or time');
  }
  const checksum = readChecksum(head, head.ChecksumType);
  return {
    bucket,
    key,
    ...(head.VersionId === undefined ? {} : { versionId: head.VersionId }),
    etag,
    size,
    lastModified: lastModified.toISOString(),
    storageClass: head.StorageClass ?? 'STANDARD',
    ...(head.SSEKMSKeyId === undefined ? {} : { kmsKey: head.SSEKMSKeyId }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(head.ObjectLockMode === undefined ? {} : { lockMode: head.ObjectLockMode }),
    ...(head.ObjectLockRetainUntilDate === undefined
      ? {}
      : { lockedUntil: head.ObjectLockRetainUntilDate.toISOString() }),
  };
};

/** A right of its own is needed for attributes, and an archive can be verified without its checksum. */
const askChecksum = async (
  object: ArchiveObject,
  s3: S3Client,
  abortSignal: AbortSignal,
): Promise<ArchiveObject['checksum']> => {
  const asked = new GetObjectAttributesCommand({ ...name(object), ObjectAttributes: ['ETag', 'Checksum'] });
  try {
    const { ETag, Checksum } = await s3.send(asked, { abortSignal });
    // Here, and only here, S3 gives the entity tag without its quotes.
    const isSame = ETag?.replaceAll('"', '') === object.etag.replaceAll('"', '');
    return isSame && Checksum ? readChecksum(Checksum, Checksum.ChecksumType) : undefined;
  } catch (error) {
    const failure = judgeAwsFailure(error);
    const isImplemented = statusOf(error) !== 501;
    if ((failure === 'unreachable' && isImplemented) || failure === 'throttled') throw error;
    return undefined;
  }
};
