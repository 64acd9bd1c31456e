import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DEFAULT_PATIENCE, type ReadPatience, readPatiently } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';

/** A thousand names of objects at most, in byte order. */
export interface KeyPage {
  readonly keys: readonly string[];
  /** Is there more behind the last of them? */
  readonly more: boolean;
}

/** Names of objects under a prefix. Nothing of what is in them is read. */
export interface ObjectKeys {
  /**
   * @param after the last key of the page before; absent for the first.
   * @throws RefusedError `archive.forbidden` (s3:ListBucket), `archive.no-bucket`, `archive.no-credentials`,
   * `archive.refused`; TransientError `archive.unavailable`.
   */
  list(bucket: string, prefix: string, after?: string, signal?: AbortSignal): Promise<KeyPage>;
}

/**
 * Buckets of any region.
 *
 * @param region that is asked first; that of the profile when it is undefined.
 * @param options a client instead of our own, and how long one read may take.
 */
export const openObjectKeys = (
  region: string | undefined,
  {
    client,
    clock = systemClock,
    patience = DEFAULT_PATIENCE,
  }: { readonly client?: S3Client; readonly clock?: Clock; readonly patience?: ReadPatience } = {},
): ObjectKeys => {
  // Kept, so that a bucket of another region is asked for its place once.
  const readings = new Map<string, Parameters<typeof readPatiently>[1]>();
  return {
    async list(bucket, prefix, after, signal) {
      const reading = readings.get(bucket) ?? { connection: connectS3(region, client), clock, patience };
      readings.set(bucket, reading);
      const question = { where: `s3://${bucket}/${prefix}`, bucket, permission: 's3:ListBucket' };
      const list = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(after === undefined ? {} : { StartAfter: after }),
      });
      const { Contents = [], IsTruncated = false } = await readPatiently(
        question,
        reading,
        (s3, abortSignal) => s3.send(list, { abortSignal }),
        signal,
      );
      return { keys: Contents.flatMap(({ Key }) => Key ?? []), more: IsTruncated };
    },
  };
};
