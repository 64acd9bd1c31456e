import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
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
  /** Was there anything at this moment? What was written later is no answer. */
  readonly before?: Date | undefined;
  readonly region?: string | undefined;
  /** Instead of our own: one that does not try again by itself. */
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

/** Keys that are looked at for one that is old enough. */
const PAGE = 1_000;

/**
 * Tells whether there is any object in it that the backup tool would take; at most two pages are listed, of one key each
 * when any object will do.
 *
 * @returns `unknown` when everything that was seen was written after `before`: what lay there then may have been
 * replaced or deleted since, or stand further down.
 *
 * @throws RefusedError `archive.forbidden` (s3:ListBucket), `archive.no-bucket`, `archive.no-credentials`,
 * `archive.no-region`, `archive.refused`; TransientError `archive.unavailable`.
 */
export const readSourceBucket = async (
  { bucket, before, region, client, clock = systemClock, patience = DEFAULT_PATIENCE }: SourceBucket,
  signal?: AbortSignal,
): Promise<'empty' | 'holds-objects' | 'unknown'> => {
  const reading = { connection: connectS3(region, client), clock, patience };
  const question = { where: `s3://${bucket}`, bucket, permission: 's3:ListBucket' };
  const list = async (after?: string): Promise<NonNullable<ListObjectsV2CommandOutput['Contents']>> => {
    const page = new ListObjectsV2Command({
      Bucket: bucket,
      MaxKeys: before === undefined ? 1 : PAGE,
      ...(after === undefined ? {} : { StartAfter: after }),
    });
    const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(page, { abortSignal });
    const { Contents = [] } = await readPatiently(question, reading, ask, signal);
    return Contents;
  };
  const isTaken = ({ Key = '' }: { Key?: string | undefined }): boolean => !Key.startsWith(LEFT_OUT);
  const first = await list();
  const last = first.at(-1);
  const taken = [...first.filter(isTaken), ...(last && !isTaken(last) ? await list(BEHIND) : [])];
  if (taken.length === 0) return 'empty';
  const wasThere = taken.some(({ LastModified: at }) => before === undefined || (at && at <= before));
  return wasThere ? 'holds-objects' : 'unknown';
};
