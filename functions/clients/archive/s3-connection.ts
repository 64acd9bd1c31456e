import { type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { useArchiveS3 } from './archive-s3.ts';

/**
 * The client that a store reads by. A bucket that a person names may lie in any region: S3 tells which, and everything
 * that follows is asked there. The SDK's own `followRegionRedirects` turns its client to the other region for the time
 * of one request and back, which reads side by side do not survive.
 */
export interface S3Connection {
  readonly s3: S3Client;
  /** Turns to a region, after `from` was told to. @returns whether it is worth asking again. */
  follow(from: S3Client, region: string): boolean;
}

/** @param client instead of our own; it stays where it is. */
export const connectS3 = (region: string | undefined, client: S3Client | undefined): S3Connection => {
  let current = client ?? useArchiveS3(region);
  let place = region;
  return {
    get s3() {
      return current;
    },
    follow: (from, elsewhere) => {
      if (client !== undefined) return false;
      // Another read, side by side with this one, was told before.
      if (from !== current) return true;
      if (place === elsewhere) return false;
      place = elsewhere;
      current = useArchiveS3(elsewhere);
      return true;
    },
  };
};

/**
 * The region of a bucket, from the refusal of one that is asked elsewhere; undefined for every other error.
 * Source: S3 user guide, "Making requests using virtual hosting", redirects; a signature for the wrong region is a 400.
 */
export const findBucketRegion = (error: unknown): string | undefined => {
  if (
    !(error instanceof S3ServiceException) ||
    ![301, 307, 400].includes(error.$metadata.httpStatusCode ?? 0)
  ) {
    return undefined;
  }
  return error.$response?.headers['x-amz-bucket-region'];
};
