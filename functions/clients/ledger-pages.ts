import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { explainS3Error, openS3 } from './s3.ts';

/** What a page is, by the ending of its key; a browser goes by it. */
const CONTENT_TYPES = { html: 'text/html; charset=utf-8', md: 'text/markdown; charset=utf-8' } as const;
export type PageEnding = keyof typeof CONTENT_TYPES;

/**
 * Pages for people beside the records of the ledger. A page is made of a record and can be made again, so it is
 * written over without a condition; nothing is ever decided by one. Throws as the ledger does.
 */
export interface LedgerPages {
  write(key: string, text: string): Promise<void>;
  /** The text of a page; undefined when there is none. */
  read(key: string): Promise<string | undefined>;
}

/** @param region where the bucket lies; in a Lambda the region of that Lambda. */
export const connectPages = (bucket: string, region?: string): LedgerPages => {
  const s3 = openS3(region);
  return {
    async write(key, text) {
      const input = { Bucket: bucket, Key: key, Body: text, ContentType: contentTypeOf(key) };
      try {
        await s3.send(new PutObjectCommand(input));
      } catch (error) {
        throw explainS3Error(error, bucket, key);
      }
    },

    async read(key) {
      try {
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await object.Body?.transformToString()) ?? '';
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw explainS3Error(error, bucket, key);
      }
    },
  };
};

const contentTypeOf = (key: string): string =>
  key.endsWith('.html') ? CONTENT_TYPES.html : CONTENT_TYPES.md;
