import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DEFAULT_PATIENCE, type ReadPatience, readPatiently } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';

/** A bucket that GitLab keeps objects in, and that its backup tool empties into the archive. */

/** `object_storage_backup.rb` of the toolbox leaves out what lies here: uploads that Workhorse has not finished. */
const LEFT_OUT = 'tmp/builds/';
/** The first key behind all that begin so. */
const BEHIND = 'tmp/builds0';

export interface SourceBucket {
  readonly bucket: string;
  readonly region?: string | undefined;
  /** Instead of our own: one that does not try again by itself. */
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

/**
 * Tells whether there is any object in it that the backup tool would take; at most two keys are listed.
 *
 * @throws RefusedError `archive.forbidden` (s3:ListBucket), `archive.no-bucket`, `archive.no-credentials`,
 * `archive.no-region`, `archive.refused`; TransientError `archive.unavailable`.
 */
export const readSourceBucket = async (
  { bucket, region, client, clock = systemClock, patience = DEFAULT_PATIENCE }: SourceBucket,
  signal?: AbortSignal,
): Promise<'empty' | 'holds-objects'> => {
  const reading = { connection: connectS3(region, client), clock, patience };
  const question = { where: `s3://${bucket}`, bucket, permission: 's3:ListBucket' };
  const listFirst = async (after?: string): Promise<string | undefined> => {
    const list = new ListObjectsV2Command({
      Bucket: bucket,
      MaxKeys: 1,
      ...(after === undefined ? {} : { StartAfter: after }),
    });
    const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(list, { abortSignal });
    const { Contents } = await readPatiently(question, reading, ask, signal);
    return Contents?.[0]?.Key;
  };
  const first = await listFirst();
  const key = first?.startsWith(LEFT_OUT) ? await listFirst(BEHIND) : first;
  return key === undefined ? 'empty' : 'holds-objects';
};
