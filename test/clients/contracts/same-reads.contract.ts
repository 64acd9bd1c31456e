import {
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';

/** Asks one S3 about the object; what it gives is compared, so it holds nothing that each S3 makes up for itself. */
type Question = (s3: S3Client, etag: string) => Promise<object>;

/**
 * The stand-in answers reads of one object as a real S3 does, which holds the same bytes in a bucket with versions and
 * under a prefix of its own.
 *
 * @param size bytes of the object.
 */
export const describeSameReads = (
  at: { readonly Bucket: string; readonly Key: string },
  size: number,
  open: () => { readonly real: S3Client; readonly standIn: S3Client },
): void => {
  const questions: readonly [string, Question][] = [
    ['a range', get({ ...at, Range: 'bytes=512-2047' })],
    ['a range beyond the end', get({ ...at, Range: `bytes=${size - 10}-${size + 10}` })],
    ['a range without an end', get({ ...at, Range: `bytes=${size - 10}-` })],
    ['a range behind the end', get({ ...at, Range: `bytes=${size}-` })],
    ['everything', get(at)],
    ['another entity tag', get({ ...at, IfMatch: '"other"' })],
    ['a version that is not there', get({ ...at, VersionId: '0123456789abcdef0123456789abcdef' })],
    ['a key that is not there', get({ ...at, Key: `${at.Key}.gone` })],
    ['its head', head(at)],
    ['its attributes', attributes(at)],
    ['its listing', listing(at)],
  ];
  it.each(questions)('answers as S3 does: %s', async (_, ask) => {
    const { real, standIn } = open();
    expect(await see(standIn, at, ask)).toEqual(await see(real, at, ask));
  });
};

const see = async (s3: S3Client, at: { Bucket: string; Key: string }, ask: Question): Promise<object> => {
  const { ETag: etag = '' } = await s3.send(new HeadObjectCommand(at));
  try {
    return { answer: await ask(s3, etag) };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return { refused: error.name, status: error.$metadata.httpStatusCode, text: error.message };
  }
};

const get =
  (input: { Bucket: string; Key: string; Range?: string; IfMatch?: string; VersionId?: string }): Question =>
  async (s3, etag) => {
    const answer = await s3.send(new GetObjectCommand({ IfMatch: etag, ...input }));
    const { AcceptRanges, ContentLength, ContentRange, ContentType, ETag, VersionId, Body, $metadata } =
      answer;
    return {
      status: $metadata.httpStatusCode,
      told: { AcceptRanges, ContentLength, ContentRange, ContentType },
      isTagged: ETag === etag,
      isNamed: VersionId !== undefined,
      content: await Body?.transformToString('base64'),
    };
  };

const head =
  (at: { Bucket: string; Key: string }): Question =>
  async (s3, etag) => {
    const { AcceptRanges, ContentLength, ContentType, ETag, StorageClass, VersionId } = await s3.send(
      new HeadObjectCommand(at),
    );
    const told = { AcceptRanges, ContentLength, ContentType, StorageClass };
    return { told, isTagged: ETag === etag, isNamed: VersionId !== undefined };
  };

const attributes =
  (at: { Bucket: string; Key: string }): Question =>
  async (s3, etag) => {
    const ask = new GetObjectAttributesCommand({ ...at, ObjectAttributes: ['ETag', 'ObjectSize'] });
    const { ETag, ObjectSize } = await s3.send(ask);
    return { ObjectSize, isTagged: `"${ETag}"` === etag };
  };

const listing =
  ({ Bucket, Key }: { Bucket: string; Key: string }): Question =>
  async (s3, etag) => {
    const Prefix = Key.slice(0, Key.lastIndexOf('/') + 1);
    const answer = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/' }));
    const { Contents = [], IsTruncated, KeyCount, MaxKeys, Name } = answer;
    const seen = Contents.map(({ ETag, Size, StorageClass, ...each }) => ({
      key: each.Key,
      Size,
      StorageClass,
      isTagged: ETag === etag,
    }));
    return { seen, IsTruncated, KeyCount, MaxKeys, Name, Prefix: answer.Prefix };
  };
