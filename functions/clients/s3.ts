import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { isDrydockError, RefusedError, TransientError } from '../runtime/errors.ts';

const settings = {
  // Beside a stand-in of S3 there are no bucket host names, so the path style is used whenever an endpoint is set.
  forcePathStyle:
    process.env['AWS_ENDPOINT_URL_S3'] !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined,
};
const ownRegion = new S3Client(settings);

/** S3 as every client of the ledger bucket uses it. @param region otherwise that of this Lambda. */
export const openS3 = (region?: string): S3Client =>
  region === undefined ? ownRegion : new S3Client({ ...settings, region });

/** The HTTP status with which S3 refused; undefined when it did not answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** Sorts what S3 threw about an object of the ledger bucket into our errors; ours stay as they are. */
export const explainS3Error = (error: unknown, bucket: string, key: string): unknown => {
  if (isDrydockError(error)) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchBucket') {
    const message = `There is no bucket ${bucket}; check the name, or deploy again with \`npm run deploy\`.`;
    return new RefusedError('ledger.missing', message, { cause: error });
  }
  if (name === 'CredentialsProviderError') {
    const message = `No AWS credentials to read ${bucket}; sign in, or set AWS_PROFILE.`;
    return new RefusedError('ledger.no-credentials', message, { cause: error });
  }
  const status = statusOf(error);
  if (status === 403) {
    return new RefusedError(
      'ledger.forbidden',
      `S3 refused ${key} in the ledger bucket ${bucket}. Deploy again with \`npm run deploy\`; if it stays, look ` +
        "for a bucket policy or a boundary that denies this function's role.",
      { cause: error },
    );
  }
  return new TransientError('ledger.unavailable', `S3 did not answer for ${key} in ${bucket}.`, {
    cause: error,
  });
};
