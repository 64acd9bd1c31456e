import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type Part,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { UnfitAnswer } from '../archive/archive-errors.ts';
import { type Reading, readPatiently } from '../archive/read-patiently.ts';
import { nameOf } from '../aws-failure.ts';
import {
  type CopyChecksum,
  type CopyPlace,
  copyQuestion,
  copySourceOf,
  placeQuestion,
  storageClassOf,
} from './copy-source.ts';

/** One part that S3 has. */
export type CopiedPart = Pick<Part, 'ETag' | 'Size' | `Checksum${CopyChecksum['algorithm']}`> & {
  readonly PartNumber: number;
};

/** A part by its number, counted from 1, and its bytes; `end` is the last of them. */
export interface PartToCopy {
  readonly uploadId: string;
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Copies in parts. What S3 has of them it tells itself, so nobody else has to remember. */
export interface Uploads {
  /** Begins a copy in parts. @returns its id. */
  begin(source: ArchiveObject, checksum: CopyChecksum, signal?: AbortSignal): Promise<string>;
  /** Parts that are there, in order; `gone` when the upload was ended or aborted. */
  listParts(uploadId: string, signal?: AbortSignal): Promise<CopiedPart[] | 'gone'>;
  /** Copies one part; again is no harm. @returns `gone` as above. */
  copyPart(source: ArchiveObject, part: PartToCopy, signal?: AbortSignal): Promise<'copied' | 'gone'>;
  /** Makes the object of all parts. @returns `gone` when somebody has, or has aborted it. */
  complete(
    uploadId: string,
    checksum: CopyChecksum,
    whole: { readonly parts: readonly CopiedPart[]; readonly size: number },
    signal?: AbortSignal,
  ): Promise<'completed' | 'gone'>;
  /** Other uploads under the same name, with the moment at which they began. */
  listUploads(signal?: AbortSignal): Promise<{ readonly uploadId: string; readonly since: Date }[]>;
  /** Gives an upload up, so that its parts cost nothing; one that is gone already is no error. */
  abort(uploadId: string, signal?: AbortSignal): Promise<void>;
}

export const openUploads = (place: CopyPlace, reading: Reading): Uploads => {
  const name = { Bucket: place.bucket, Key: place.key };
  type Send<T> = (s3: S3Client, abortSignal: AbortSignal) => Promise<T>;
  const ask = <T>(permission: string, send: Send<T>, signal: AbortSignal | undefined): Promise<T> =>
    readPatiently(placeQuestion(place, permission), reading, send, signal);

  return {
    begin: async (source, { algorithm, type }, signal) => {
      const command = new CreateMultipartUploadCommand({
        ...name,
        ...storageClassOf(source),
        ContentType: 'application/x-tar',
        ChecksumAlgorithm: algorithm,
        ChecksumType: type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT',
      });
      const { UploadId } = await ask(
        's3:PutObject',
        (s3, abortSignal) => s3.send(command, { abortSignal }),
        signal,
      );
      if (UploadId === undefined) throw new UnfitAnswer('S3 gave no id of an upload');
      return UploadId;
    },

    listParts: async (uploadId, signal) => {
      const parts: CopiedPart[] = [];
      for (let after: string | undefined; ; ) {
        const page = new ListPartsCommand({
          ...name,
          UploadId: uploadId,
          ...(after === undefined ? {} : { PartNumberMarker: after }),
        });
        const listed = await ask(
          's3:ListMultipartUploadParts',
          unlessGone((s3, abortSignal) => s3.send(page, { abortSignal })),
          signal,
        );
        if (listed === 'gone') return 'gone';
        for (const part of listed.Parts ?? []) {
          if (part.PartNumber !== undefined) parts.push({ ...part, PartNumber: part.PartNumber });
        }
        after = listed.IsTruncated ? listed.NextPartNumberMarker : undefined;
        if (after === undefined) return parts;
      }
    },

    copyPart: async (source, { uploadId, number, start, end }, signal) => {
      const command = new UploadPartCopyCommand({
        ...name,
        UploadId: uploadId,
        PartNumber: number,
        ...copySourceOf(source),
        CopySourceRange: `bytes=${start}-${end}`,
      });
      const answer = await readPatiently(
        copyQuestion(source, place),
        reading,
        unlessGone((s3, abortSignal) => s3.send(command, { abortSignal })),
        signal,
      );
      return answer === 'gone' ? 'gone' : 'copied';
    },

    complete: async (uploadId, { algorithm, type }, { parts, size }, signal) => {
      const command = new CompleteMultipartUploadCommand({
        ...name,
        UploadId: uploadId,
        ChecksumType: type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT',
        MpuObjectSize: size,
        MultipartUpload: {
          Parts: parts.map((part) => ({
            PartNumber: part.PartNumber,
            ETag: part.ETag,
            [`Checksum${algorithm}`]: part[`Checksum${algorithm}`],
          })),
        },
      });
      const answer = await ask(
        's3:PutObject',
        unlessGone((s3, abortSignal) => s3.send(command, { abortSignal })),
        signal,
      );
      return answer === 'gone' ? 'gone' : 'completed';
    },

    listUploads: async (signal) => {
      const command = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: place.key });
      const { Uploads: uploads = [] } = await ask(
        's3:ListBucketMultipartUploads',
        (s3, abortSignal) => s3.send(command, { abortSignal }),
        signal,
      );
      return uploads.flatMap(({ Key, UploadId: uploadId, Initiated: since }) =>
        Key === place.key && uploadId !== undefined && since ? [{ uploadId, since }] : [],
      );
    },

    abort: async (uploadId, signal) => {
      const command = new AbortMultipartUploadCommand({ ...name, UploadId: uploadId });
      await ask(
        's3:AbortMultipartUpload',
        unlessGone((s3, abortSignal) => s3.send(command, { abortSignal })),
        signal,
      );
    },
  };
};

/** What S3 says of an upload that was ended, aborted or never begun. */
const unlessGone =
  <T>(send: (s3: S3Client, signal: AbortSignal) => Promise<T>) =>
  async (s3: S3Client, signal: AbortSignal): Promise<T | 'gone'> => {
    try {
      return await send(s3, signal);
    } catch (error) {
      if (nameOf(error) === 'NoSuchUpload') return 'gone';
      throw error;
    }
  };
