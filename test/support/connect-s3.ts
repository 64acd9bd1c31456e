import { S3Client } from '@aws-sdk/client-s3';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a role. */
  readonly sessionToken?: string;
}

/** An S3 client that reads as the archive store's own does, from an S3 on loopback, and tries nothing twice. */
export const connectS3 = (
  endpoint: string,
  credentials: Credentials = { accessKeyId: '111122223333', secretAccessKey: 'local' },
  region = 'eu-central-1',
): S3Client =>
  new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
