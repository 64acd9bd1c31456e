import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { UnfitAnswer } from './archive/archive-errors.ts';
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

/** An object as a list shows it: whoever may list needs no right to read it. */
export interface ListedObject {
  /** Bytes. */
  readonly size: number;
  /** In its quotes, as HEAD gives it. */
  readonly etag: string;
  /** ISO 8601, in whole seconds. */
  readonly lastModified: string;
}

/** Looks for one object, by a list of its name. */
export interface ObjectFinder {
  /**
   * What lies under a name now; undefined where nothing does.
   *
   * @throws as `ObjectKeys.list` does.
   */
  find(bucket: string, key: string, signal?: AbortSignal): Promise<ListedObject | undefined>;
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
): ObjectKeys & ObjectFinder => {
  // Kept, so that a bucket of another region is asked for its place once.
  const readings = new Map<string, Parameters<typeof readPatiently>[1]>();
  const ask = <T>(input: Page, read: (answer: ListObjectsV2CommandOutput) => T, signal?: AbortSignal) => {
    const { Bucket: bucket, Prefix: prefix } = input;
    const reading = readings.get(bucket) ?? { connection: connectS3(region, client), clock, patience };
    readings.set(bucket, reading);
    const question = { where: `s3://${bucket}/${prefix}`, bucket, permission: 's3:ListBucket' };
    const attempt = async (s3: S3Client, abortSignal: AbortSignal) =>
      read(await s3.send(new ListObjectsV2Command(input), { abortSignal }));
    return readPatiently(question, reading, attempt, signal);
  };
  return {
    list: (Bucket, Prefix, after, signal) =>
      ask({ Bucket, Prefix, ...(after === undefined ? {} : { StartAfter: after }) }, readKeys, signal),
    // A name comes before every longer one that begins with it.
    find: (Bucket, key, signal) =>
      ask({ Bucket, Prefix: key, MaxKeys: 1 }, (answer) => readObject(answer, key), signal),
  };
};

type Page = ListObjectsV2CommandInput & { readonly Bucket: string; readonly Prefix: string };

const readKeys = ({ Contents = [], IsTruncated = false }: ListObjectsV2CommandOutput): KeyPage => ({
  keys: Contents.flatMap(({ Key }) => Key ?? []),
  more: IsTruncated,
});

const readObject = ({ Contents = [] }: ListObjectsV2CommandOutput, key: string): ListedObject | undefined => {
  const found = Contents.find(({ Key }) => Key === key);
  if (!found) return undefined;
  const { Size: size, ETag: etag, LastModified: at } = found;
  if (size === undefined || etag === undefined || at === undefined) {
    throw new UnfitAnswer('the list told no size, entity tag or time');
  }
  return { size, etag, lastModified: at.toISOString() };
};
