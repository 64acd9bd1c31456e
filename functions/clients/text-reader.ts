import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { explainS3Error, openS3 } from './s3.ts';

/** Reads texts that `TextStore` has written: logs as they came. */
export interface TextReader {
  /** Undefined when there is none. Throws as the ledger does. */
  read(key: string): Promise<string | undefined>;
}

/** The texts of a ledger bucket. */
export const openTextReader = (bucket: string, s3: S3Client = openS3()): TextReader => ({
  async read(key) {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString('utf-8');
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw explainS3Error(error, bucket, key);
    }
  },
});
