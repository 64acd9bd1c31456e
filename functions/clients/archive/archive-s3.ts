import { S3Client } from '@aws-sdk/client-s3';
import { perRegion } from '../aws-clients.ts';

/** Ranges read side by side, of several archives perhaps; more would wait for a connection. */
const CONNECTIONS = 64;

const makeClient = (region?: string): S3Client =>
  new S3Client({
    ...(region === undefined ? {} : { region }),
    forcePathStyle:
      process.env['AWS_ENDPOINT_URL_S3'] !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined,
    // `read-patiently.ts` tries again, whole reads: the SDK would only repeat requests, and twice is too often.
    maxAttempts: 1,
    // A range has no checksum; https sees to what is damaged on the way.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 3_000,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS },
    },
  });

const inRegion = perRegion(makeClient);
let ownRegion: S3Client | undefined;

/** S3 for large reads, with its connections shared in this process. @param region otherwise that of this process. */
export const useArchiveS3 = (region?: string): S3Client =>
  region === undefined ? (ownRegion ??= makeClient()) : inRegion(region);
