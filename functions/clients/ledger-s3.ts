import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { formatRecord, type Ledger, parseRecord, type RecordKind } from './ledger.ts';
import { explainS3Error, openS3, statusOf } from './s3.ts';

/** 409 means two conditional writes met at S3; AWS says to retry, the SDK does not. */
const CONFLICT_ATTEMPTS = 8;

/**
 * The ledger in its S3 bucket, by conditional writes.
 * Source of the codes: S3 user guide, "Add preconditions to S3 operations with conditional requests".
 *
 * @throws TransientError `ledger.unavailable` when S3 is down, slow or busy beyond the SDK's own retries.
 * @throws RefusedError `ledger.forbidden` when the role lacks a right on the bucket, `ledger.missing` when there is no
 * such bucket, `ledger.no-credentials` in a terminal where nobody is signed in.
 * @param region where the bucket lies; in a Lambda the region of that Lambda.
 */
export const connectLedger = (bucket: string, clock: Clock = systemClock, region?: string): Ledger => {
  const s3 = openS3(region);
  const write = async (
    key: string,
    body: string,
    condition: { IfMatch: string } | { IfNoneMatch: '*' },
  ): Promise<{ etag: string } | { refused: 404 | 412 }> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const input = { Bucket: bucket, Key: key, Body: body, ContentType: 'application/json', ...condition };
        const written = await s3.send(new PutObjectCommand(input));
        return { etag: written.ETag ?? '' };
      } catch (error) {
        const status = statusOf(error);
        if (status === 412 || status === 404) return { refused: status };
        if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw explainS3Error(error, bucket, key);
        await clock.sleep(Math.random() * 25 * 2 ** attempt);
      }
    }
  };

  return {
    async read<S extends z.ZodType>(kind: RecordKind<S>, key: string) {
      try {
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const text = (await object.Body?.transformToString()) ?? '';
        return { value: parseRecord(kind, key, text), etag: object.ETag ?? '' };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw explainS3Error(error, bucket, key);
      }
    },

    async claim(kind, key, value) {
      const written = await write(key, formatRecord(kind, key, value), { IfNoneMatch: '*' });
      return 'etag' in written ? { ok: true, etag: written.etag } : { ok: false, reason: 'exists' };
    },

    async change(kind, key, etag, value) {
      const written = await write(key, formatRecord(kind, key, value), { IfMatch: etag });
      if ('etag' in written) return { ok: true, etag: written.etag };
      return { ok: false, reason: written.refused === 404 ? 'deleted' : 'changed' };
    },

    async remove(key) {
      try {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      } catch (error) {
        throw explainS3Error(error, bucket, key);
      }
    },

    async *list(prefix, range = {}) {
      const input = { Bucket: bucket, Prefix: prefix, ...(range.after ? { StartAfter: range.after } : {}) };
      let left = range.limit ?? Number.POSITIVE_INFINITY;
      try {
        for await (const page of paginateListObjectsV2({ client: s3 }, input)) {
          for (const object of page.Contents ?? []) {
            if (left-- <= 0) return;
            if (object.Key !== undefined) yield object.Key;
          }
        }
      } catch (error) {
        throw explainS3Error(error, bucket, prefix);
      }
    },
  };
};
