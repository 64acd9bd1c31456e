import { open, stat } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type StorageClass,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Surroundings } from '../surroundings.ts';
import type { ToolArguments } from '../tool-arguments.ts';

/** The smallest part that S3 takes, the last one excepted: several parts even of a small archive. */
const PART_BYTES = 5 * 1024 ** 2;

/** Newer ones of the CLI take CRC64NVME, for which the local AWS needs 3 s a part; it keeps no checksum of the whole. */
const CHECKSUM = { ChecksumAlgorithm: 'CRC32' } as const;

/** A multipart upload, as `aws s3 cp` makes it of every large file. */
export const uploadArchive = async (
  { s3, troubles }: Surroundings,
  { archive, bucket, key }: { readonly archive: string; readonly bucket: string; readonly key: string },
  { storageClass, kmsKeyId }: ToolArguments,
): Promise<void> => {
  console.log(`Uploading backup tar to s3://${bucket}`);
  const object = { Bucket: bucket, Key: key };
  const created = await s3.send(
    new CreateMultipartUploadCommand({
      ...object,
      ...CHECKSUM,
      // The tool hands over whatever it is given, and S3 says no.
      ...(storageClass === undefined ? {} : { StorageClass: storageClass as StorageClass }),
      ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
    }),
  );
  const { UploadId } = created;
  const size = Math.floor((await stat(archive)).size * troubles.uploadedShare);
  const file = await open(archive);
  try {
    const parts = [];
    for (let start = 0, PartNumber = 1; start < size; start += PART_BYTES, PartNumber++) {
      const Body = Buffer.alloc(Math.min(PART_BYTES, size - start));
      await file.read(Body, 0, Body.length, start);
      const { ETag } = await s3.send(
        new UploadPartCommand({ ...object, UploadId, PartNumber, Body, ...CHECKSUM }),
      );
      parts.push({ ETag, PartNumber });
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: parts } }),
    );
  } finally {
    await file.close();
  }
};
