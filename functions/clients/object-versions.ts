import {
  type DeleteMarkerEntry,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DEFAULT_PATIENCE, type ReadPatience, readPatiently } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';

/** A version of an object, or a delete marker: then `object` is absent. Source: S3 API, ListObjectVersions. */
export interface StoredVersion {
  readonly key: string;
  /** `null` for one that was written while the bucket made no versions. */
  readonly versionId: string;
  /** ISO 8601, in whole seconds. */
  readonly at: string;
  readonly isLatest: boolean;
  readonly object?: { readonly size: number; readonly etag: string; readonly storageClass: string };
}

/** Where a list goes on: behind a version of a key, or behind all of that key. */
export interface VersionMarker {
  readonly key: string;
  readonly versionId?: string;
}

export interface VersionPage {
  readonly versions: readonly StoredVersion[];
  /** Absent: it was the last page. */
  readonly next?: VersionMarker;
}

/** What was in the buckets of GitLab. Throws RefusedError and TransientError as `ObjectCopier` does. */
export interface ObjectVersions {
  /** A thousand versions and markers at most, those of one key behind each other, keys in byte order. */
  list(bucket: string, after: VersionMarker | undefined, signal?: AbortSignal): Promise<VersionPage>;
  /** Puts a delete marker over a key. Its versions stay: none is named, so none can go. */
  mark(bucket: string, key: string, signal?: AbortSignal): Promise<void>;
}

/** S3 of a region. */
export const openObjectVersions = (
  region: string,
  others: { readonly client?: S3Client; readonly clock?: Clock; readonly patience?: ReadPatience } = {},
): ObjectVersions => {
  const { client, clock = systemClock, patience = DEFAULT_PATIENCE } = others;
  const reading = { connection: connectS3(region, client), clock, patience };
  return {
    list: async (bucket, after, signal) => {
      const question = { where: `s3://${bucket}`, bucket, permission: 's3:ListBucketVersions' };
      const page = new ListObjectVersionsCommand({
        Bucket: bucket,
        ...(after && { KeyMarker: after.key }),
        ...(after?.versionId !== undefined && { VersionIdMarker: after.versionId }),
      });
      const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(page, { abortSignal });
      const answer = await readPatiently(question, reading, ask, signal);
      const { Versions = [], DeleteMarkers = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = answer;
      const versions = [...Versions.flatMap(readVersion), ...DeleteMarkers.flatMap(readMarker)];
      if (IsTruncated !== true || NextKeyMarker === undefined) return { versions };
      const next = {
        key: NextKeyMarker,
        ...(NextVersionIdMarker ? { versionId: NextVersionIdMarker } : {}),
      };
      return { versions, next };
    },
    mark: async (bucket, key, signal) => {
      const question = { where: `s3://${bucket}/${key}`, bucket, permission: 's3:DeleteObject' };
      const command = new DeleteObjectCommand({ Bucket: bucket, Key: key });
      await readPatiently(question, reading, (s3, abortSignal) => s3.send(command, { abortSignal }), signal);
    },
  };
};

const readMarker = ({ Key, VersionId, LastModified, IsLatest }: DeleteMarkerEntry): StoredVersion[] =>
  Key === undefined || LastModified === undefined
    ? []
    : [
        {
          key: Key,
          versionId: VersionId ?? 'null',
          at: LastModified.toISOString(),
          isLatest: IsLatest === true,
        },
      ];

const readVersion = (version: ObjectVersion): StoredVersion[] =>
  readMarker(version).map((one) => ({
    ...one,
    object: {
      size: version.Size ?? 0,
      etag: version.ETag ?? '',
      storageClass: version.StorageClass ?? 'STANDARD',
    },
  }));
