import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { TransientError } from '../runtime/errors.ts';
import type { ArchiveQuestion } from './archive/archive-errors.ts';
import { type Reading, type ReadPatience, readPatiently } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';
import { mapBounded } from './bounded.ts';

/**
 * Objects of GitLab, copied between buckets of one region within S3: no byte of them comes here. Throws RefusedError
 * `archive.forbidden` (with the permission), `archive.no-bucket`, `archive.gone`, `archive.archived`,
 * `archive.refused`; TransientError `archive.unavailable` for anything that may pass.
 */
export interface ObjectCopier {
  /** Names before the first slash, with it: `uploads.1763690405/`. */
  listFolders(bucket: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** A page of keys behind `after`, in byte order. */
  listPage(
    folder: { readonly bucket: string; readonly prefix: string; readonly after?: string | undefined },
    signal?: AbortSignal,
  ): Promise<{ readonly objects: readonly StoredObject[]; readonly isLast: boolean }>;
  /** Copies over what lies there. @param from a version of it, or the current one. */
  copy(
    from: StoredObject & { readonly bucket: string; readonly versionId?: string },
    to: ObjectPlace,
    signal?: AbortSignal,
  ): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** S3 API reference, CopyObject: up to 5 GB in one request. */
const MAX_WHOLE = 5_000_000_000;
/** Bytes of a part; 10,000 parts make more than the 5 TB that an object has at most. */
const PART_BYTES = 1024 ** 3;
/** Parts of one object at the same time. */
const PART_WIDTH = 8;
const PAGE = 500;
/** S3 answers once it has copied. */
const PATIENCE: ReadPatience = { attempts: 5, attemptMs: 300_000, pauseMs: 500 };

/** S3 of a region. */
export const openObjectCopier = (
  region: string,
  others: { readonly client?: S3Client; readonly clock?: Clock; readonly patience?: ReadPatience } = {},
): ObjectCopier => {
  const { client, clock = systemClock, patience = PATIENCE } = others;
  const reading: Reading = { connection: connectS3(region, client), clock, patience };
  return {
    listFolders: async (bucket, signal) => {
      const question = { where: `s3://${bucket}`, bucket, permission: 's3:ListBucket' };
      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = new ListObjectsV2Command({ Bucket: bucket, Delimiter: '/', ContinuationToken: token });
        const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(page, { abortSignal });
        const answer = await readPatiently(question, reading, ask, signal);
        found.push(...(answer.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []));
        token = answer.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },

    listPage: async ({ bucket, prefix, after }, signal) => {
      const question = { where: `s3://${bucket}/${prefix}`, bucket, permission: 's3:ListBucket' };
      const page = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: PAGE,
        ...(after === undefined ? {} : { StartAfter: after }),
      });
      const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(page, { abortSignal });
      const { Contents = [], IsTruncated } = await readPatiently(question, reading, ask, signal);
      const objects = Contents.flatMap(({ Key, Size }) =>
        Key === undefined ? [] : [{ key: Key, size: Size ?? 0 }],
      );
      return { objects, isLast: IsTruncated !== true };
    },

    copy: (from, to, signal) =>
      from.size <= MAX_WHOLE ? copyWhole(from, to, reading, signal) : copyParts(from, to, reading, signal),
  };
};

type Source = StoredObject & { readonly bucket: string; readonly versionId?: string };

/** Keys go percent-encoded, their slashes as they are; source: S3 API reference, CopyObject, `x-amz-copy-source`. */
const sourceOf = ({ bucket, key, versionId }: ObjectPlace & Pick<Source, 'versionId'>): string => {
  const path = `${bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
};

const questionOf = (from: ObjectPlace, to: ObjectPlace): ArchiveQuestion => ({
  where: `the copy of s3://${from.bucket}/${from.key} to s3://${to.bucket}/${to.key}`,
  bucket: to.bucket,
  permission: `s3:PutObject on ${to.bucket}, or s3:GetObject on ${from.bucket},`,
});

const copyWhole = async (
  from: Source,
  to: ObjectPlace,
  reading: Reading,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const command = new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource: sourceOf(from) });
  const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(command, { abortSignal });
  await readPatiently(questionOf(from, to), reading, ask, signal);
};

/** What a copy in one request takes with it by itself. Source: S3 API reference, CreateMultipartUpload. */
const readHeaders = async (from: Source, reading: Reading, signal: AbortSignal | undefined) => {
  const question = {
    where: `s3://${from.bucket}/${from.key}`,
    bucket: from.bucket,
    permission: 's3:GetObject',
  };
  const head = new HeadObjectCommand({ Bucket: from.bucket, Key: from.key, VersionId: from.versionId });
  const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(head, { abortSignal });
  const { ContentType, ContentEncoding, ContentDisposition, CacheControl, Metadata } = await readPatiently(
    question,
    reading,
    ask,
    signal,
  );
  return { ContentType, ContentEncoding, ContentDisposition, CacheControl, Metadata };
};

const copyParts = async (
  from: Source,
  to: ObjectPlace,
  reading: Reading,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const question = questionOf(from, to);
  const place = { Bucket: to.bucket, Key: to.key };
  const begin = new CreateMultipartUploadCommand({ ...place, ...(await readHeaders(from, reading, signal)) });
  const { UploadId } = await readPatiently(
    question,
    reading,
    (s3, abortSignal) => s3.send(begin, { abortSignal }),
    signal,
  );
  if (UploadId === undefined) {
    throw new TransientError('archive.unavailable', `S3 began no upload for ${question.where}.`);
  }
  const upload = { ...place, UploadId };
  try {
    const numbers = Array.from({ length: Math.ceil(from.size / PART_BYTES) }, (_, index) => index + 1);
    const Parts = await mapBounded(numbers, PART_WIDTH, async (PartNumber) => {
      const first = (PartNumber - 1) * PART_BYTES;
      const last = Math.min(from.size, first + PART_BYTES) - 1;
      const part = new UploadPartCopyCommand({
        ...upload,
        PartNumber,
        CopySource: sourceOf(from),
        CopySourceRange: `bytes=${first}-${last}`,
      });
      const ask = (s3: S3Client, abortSignal: AbortSignal) => s3.send(part, { abortSignal });
      const { CopyPartResult } = await readPatiently(question, reading, ask, signal);
      return { PartNumber, ETag: CopyPartResult?.ETag };
    });
    const end = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    await readPatiently(question, reading, (s3, abortSignal) => s3.send(end, { abortSignal }), signal);
  } catch (error) {
    // Parts of an upload that nobody ends are paid for until somebody does.
    await reading.connection.s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
};
