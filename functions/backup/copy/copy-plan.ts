import * as z from 'zod';
import type { UploadedParts } from '../../clients/archive-copy.ts';
import type { ArchiveObject } from '../../records/backup/verification.ts';

/** How an archive is copied: in one request, or in parts, and which checksum S3 makes of it on the way. */

/**
 * Bytes that one CopyObject takes, and one UploadPartCopy. Source: S3 API reference, CopyObject ("up to 5 GB"), S3 user
 * guide, "Amazon S3 multipart upload limits"; S3 means 5 GiB by both, and the smaller one is right under either reading.
 */
export const MAX_WHOLE = 5 * 1000 ** 3;
export const MAX_PART = 5 * 1024 ** 3;
export const MIN_PART = 5 * 1024 ** 2;
/** Source: the same table. */
export const MAX_PARTS = 10_000;
/** Bytes of a part where nothing else asks for another size: some seconds between two regions, lost when a Lambda dies. */
export const USUAL_PART = 256 * 1024 ** 2;
const MEBIBYTE = 1024 ** 2;

const Algorithm = z.enum(['CRC64NVME', 'CRC32C', 'CRC32', 'SHA256', 'SHA1']);
type CopyAlgorithm = z.output<typeof Algorithm>;
/** Those that S3 can join over parts to the checksum of the whole. Source: S3 user guide, "Checking object integrity". */
const JOINABLE: readonly CopyAlgorithm[] = ['CRC64NVME', 'CRC32C', 'CRC32'];

export const CopyPlan = z.object({
  how: z.enum(['whole', 'parts']),
  /** Bytes of every part but the last. */
  partBytes: z.int().positive(),
  parts: z.int().positive(),
  /** What S3 computes of the copy. */
  algorithm: Algorithm,
  type: z.enum(['full-object', 'composite']),
});
export type CopyPlan = z.output<typeof CopyPlan>;

/**
 * Plans a copy whose checksum can be compared with that of the archive, where there is any way to: a checksum over the whole
 * is made again; one over the checksums of parts comes out the same when the parts are cut in the same places.
 */
export const planCopy = (
  { size, checksum }: Pick<ArchiveObject, 'size' | 'checksum'>,
  uploaded: UploadedParts | undefined,
): CopyPlan => {
  const algorithm = Algorithm.safeParse(checksum?.algorithm).data;
  const cut = uploaded && algorithm ? cutAlike(size, uploaded) : undefined;
  if (algorithm && checksum?.type === 'composite' && cut) {
    return { how: 'parts', ...cut, algorithm, type: 'composite' };
  }
  const isWhole = algorithm !== undefined && checksum?.type === 'full-object';
  if (size <= MAX_WHOLE) {
    const made = isWhole ? algorithm : 'CRC64NVME';
    return { how: 'whole', partBytes: Math.max(1, size), parts: 1, algorithm: made, type: 'full-object' };
  }
  const made = isWhole && JOINABLE.includes(algorithm) ? algorithm : 'CRC64NVME';
  const wanted = Math.ceil(size / MAX_PARTS / MEBIBYTE) * MEBIBYTE;
  const partBytes = Math.min(MAX_PART, Math.max(USUAL_PART, wanted));
  return {
    how: 'parts',
    partBytes,
    parts: Math.ceil(size / partBytes),
    algorithm: made,
    type: 'full-object',
  };
};

/** The same cuts again; undefined where its parts were of several sizes, or of one that can not be copied. */
const cutAlike = (
  size: number,
  { count, first }: UploadedParts,
): Pick<CopyPlan, 'partBytes' | 'parts'> | undefined => {
  const isEven = Math.ceil(size / first) === count && count <= MAX_PARTS;
  const isCopied = first <= MAX_PART && (first >= MIN_PART || count === 1);
  return isEven && isCopied ? { partBytes: first, parts: count } : undefined;
};

/** The bytes of a part, counted from 1; `end` is the last of them. */
export const partRange = (
  { partBytes }: Pick<CopyPlan, 'partBytes'>,
  size: number,
  number: number,
): { readonly start: number; readonly end: number } => {
  const start = (number - 1) * partBytes;
  return { start, end: Math.min(start + partBytes, size) - 1 };
};
