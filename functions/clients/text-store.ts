import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { explainS3Error, openS3 } from './s3.ts';

/** Texts in the ledger bucket that are no records: logs as they came. They are encrypted as all of that bucket is. */
export interface TextStore {
  /** Writes a text, over one that lies there. Throws as the ledger does. */
  write(key: string, text: string): Promise<void>;
}

/** The texts of a ledger bucket. */
export const openTexts = (bucket: string, s3: S3Client = openS3()): TextStore => {
  return {
    async write(key, text) {
      const input = { Bucket: bucket, Key: key, Body: text, ContentType: 'text/plain; charset=utf-8' };
      try {
        await s3.send(new PutObjectCommand(input));
      } catch (error) {
        throw explainS3Error(error, bucket, key);
      }
    },
  };
};
