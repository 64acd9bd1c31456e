import type { ArchiveObject } from '../../records/backup/verification.ts';
import { type ArchiveQuestion } from '../archive/archive-errors.ts';
import { locateArchive } from '../archive/archive-location.ts';

/** Where the bytes of a copy come from, and where they go. */

/** What S3 is to compute of a copy. */
export interface CopyChecksum {
  readonly algorithm: 'CRC64NVME' | 'CRC32C' | 'CRC32' | 'SHA256' | 'SHA1';
  readonly type: 'full-object' | 'composite';
}

export interface CopyPlace {
  readonly bucket: string;
  readonly key: string;
}

/**
 * The input by which S3 takes exactly the version that was verified. Keys go percent-encoded, their slashes as they are;
 * source: S3 API reference, CopyObject, `x-amz-copy-source`.
 */
export const copySourceOf = ({
  bucket,
  key,
  versionId,
  etag,
}: ArchiveObject): { readonly CopySource: string; readonly CopySourceIfMatch: string } => {
  const path = `${bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  return { CopySource: `${path}${version}`, CopySourceIfMatch: etag };
};

/** What is asked, for the message of an error: S3 does not say which of the two rights is missing. */
export const copyQuestion = (source: ArchiveObject, { bucket, key }: CopyPlace): ArchiveQuestion => ({
  where: `the copy of ${locateArchive(source)} to s3://${bucket}/${key}`,
  bucket,
  permission: `s3:PutObject on ${bucket}, or s3:GetObject on ${source.bucket},`,
  source: { where: locateArchive(source), bucket: source.bucket },
});

/** Where the copy lies, for questions that are about it alone. */
export const placeQuestion = ({ bucket, key }: CopyPlace, permission: string): ArchiveQuestion => ({
  where: `s3://${bucket}/${key}`,
  bucket,
  permission,
});

/** A storage class is kept; the class of a copy that nobody names would be STANDARD. */
export const storageClassOf = ({ storageClass }: ArchiveObject): StorageClassInput => {
  const known = READABLE.find((each) => each === storageClass);
  return known === undefined ? {} : { StorageClass: known };
};

/** Classes that drydock.yaml takes: all can be read at once. */
const READABLE = ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] as const;
interface StorageClassInput {
  readonly StorageClass?: (typeof READABLE)[number];
}
