import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { ByteSource } from '../../backup/archive/byte-source.ts';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { DefectError } from '../../runtime/errors.ts';
import { ChangedObject, UnfitAnswer } from './archive-errors.ts';
import { locateArchive, readPermission } from './archive-location.ts';
import { type Reading, readPatiently } from './read-patiently.ts';

/** The bytes of one version of one object; each read is one request, and more where it has to be repeated. */
export const openArchiveBytes = (object: ArchiveObject, reading: Reading): ByteSource => {
  const { bucket, size } = object;
  const question = { where: locateArchive(object), bucket, permission: readPermission(object) };
  return {
    size,
    read: async (start, length, signal) => {
      if (!isCount(start) || !isCount(length)) {
        throw new DefectError(
          'archive.bad-range',
          `${length} bytes from ${start} are no range of an object.`,
        );
      }
      const end = Math.min(start + length, size);
      if (end <= start) return new Uint8Array();
      const range = { start, end };
      return readPatiently(question, reading, (s3, limit) => readRange(s3, object, range, limit), signal);
    },
  };
};

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Bytes from `start` up to `end`, without the one at `end`. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const readRange = async (
  s3: S3Client,
  object: ArchiveObject,
  range: ByteRange,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const { bucket, key, versionId, etag } = object;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    IfMatch: etag,
    Range: `bytes=${range.start}-${range.end - 1}`,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const answer = await s3.send(command, { abortSignal: signal });
  const body = answer.Body;
  if (!(body instanceof Readable)) throw new DefectError('archive.no-stream', 'S3 gave no stream of Node.');
  try {
    checkAnswer(answer, object, range);
    return await collect(body, range.end - range.start);
  } finally {
    // What is left of an answer that does not fit may be terabytes.
    body.destroy();
  }
};

/** RFC 9110, section 15.3.7: the answer says which bytes it holds, and they need not be those that were asked for. */
const checkAnswer = (
  answer: GetObjectCommandOutput,
  object: ArchiveObject,
  { start, end }: ByteRange,
): void => {
  const { etag, size, versionId } = object;
  if (answer.ETag !== etag) throw new ChangedObject(`entity tag ${answer.ETag} instead of ${etag}`);
  if (versionId !== undefined && answer.VersionId !== undefined && answer.VersionId !== versionId) {
    throw new ChangedObject(`version ${answer.VersionId} instead of ${versionId}`);
  }
  const wanted = `bytes ${start}-${end - 1}/${size}`;
  if (answer.ContentRange !== wanted) {
    throw new UnfitAnswer(`range ${answer.ContentRange ?? 'unknown'} instead of ${wanted}`);
  }
  if (answer.ContentLength !== undefined && answer.ContentLength !== end - start) {
    throw new UnfitAnswer(`length ${answer.ContentLength} instead of ${end - start}`);
  }
};

const collect = async (body: Readable, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    if (filled + chunk.length > length) throw new UnfitAnswer(`more than ${length} bytes`);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < length) throw new UnfitAnswer(`cut after ${filled} of ${length} bytes`);
  return bytes;
};
