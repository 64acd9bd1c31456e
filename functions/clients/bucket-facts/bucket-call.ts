import { HeadBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';
import { nameOf } from '../aws-failure.ts';

const useS3 = perRegion(
  (region) =>
    new S3Client({
      ...AWS_SETTINGS,
      region,
      // Beside a stand-in of S3 there are no bucket host names.
      forcePathStyle:
        process.env['AWS_ENDPOINT_URL_S3'] !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined,
    }),
);

/** A bucket, and where it is. */
export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
}

/** One call to S3, where the bucket is. @throws as `BucketFacts` does. */
export const callBucket = async <T>(
  { bucket, region }: BucketPlace,
  action: string,
  signal: AbortSignal | undefined,
  call: (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> => {
  try {
    return await call(useS3(region), limitTime(signal));
  } catch (error) {
    throw explainAwsError(error, { scope: 'bucket', service: 'S3', action, where: `bucket ${bucket}` });
  }
};

/**
 * The same, of a configuration that a bucket may well not have; S3 answers that with an error of its own name.
 *
 * @param absent names of those errors; a bucket that is not there is none of them.
 */
export const callBucketOr = async <T>(
  place: BucketPlace,
  { action, absent, otherwise }: { readonly action: string; readonly absent: RegExp; readonly otherwise: T },
  signal: AbortSignal | undefined,
  call: (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> =>
  callBucket(place, action, signal, async (client, options) => {
    try {
      return await call(client, options);
    } catch (error) {
      if (absent.test(nameOf(error))) return otherwise;
      throw error;
    }
  });

/** A bucket does not move as long as it exists. */
const regions = new Map<string, string>();
const MOST_REGIONS = 1_000;

/**
 * Where a bucket is: S3 says so in the header of every answer to HeadBucket, that of a refusal too.
 *
 * @param home region that is asked, and that is taken when S3 does not say.
 */
export const findBucket = async (
  home: string,
  bucket: string,
  signal: AbortSignal | undefined,
): Promise<BucketPlace> => {
  const key = `${home}/${bucket}`;
  const known = regions.get(key);
  if (known) return { bucket, region: known };
  const region = await askRegion({ bucket, region: home }, signal);
  if (regions.size >= MOST_REGIONS) regions.clear();
  if (region !== undefined) regions.set(key, region);
  return { bucket, region: region ?? home };
};

const askRegion = (place: BucketPlace, signal: AbortSignal | undefined): Promise<string | undefined> =>
  callBucket(place, 's3:ListBucket', signal, async (client, options) => {
    try {
      return (await client.send(new HeadBucketCommand({ Bucket: place.bucket }), options)).BucketRegion;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (!(error instanceof S3ServiceException) || ![301, 307, 400, 403].includes(status ?? 0)) throw error;
      return error.$response?.headers['x-amz-bucket-region'];
    }
  });
