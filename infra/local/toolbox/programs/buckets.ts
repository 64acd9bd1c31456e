import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';

/** What `aws s3 sync` and `aws s3 cp` do with whole buckets. */

const AT_ONCE = { concurrency: 8 };

/** Keys below a prefix. @throws what S3 answers when it can not be listed. */
export const listKeys = async (s3: S3Client, Bucket: string, Prefix = ''): Promise<string[]> => {
  const pages = await Array.fromAsync(paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }));
  return pages.flatMap(({ Contents = [] }) => Contents.flatMap(({ Key }) => Key ?? []));
};

/** Copies objects into files of a folder, by their keys. @throws Error for a key that leads out of it. */
export const downloadKeys = async (
  s3: S3Client,
  Bucket: string,
  keys: readonly string[],
  folder: string,
): Promise<void> => {
  await pMap(
    keys,
    async (Key) => {
      const path = resolve(folder, Key);
      if (!path.startsWith(`${resolve(folder)}/`)) throw new Error(`${Key} leads out of its bucket.`);
      await mkdir(dirname(path), { recursive: true });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      if (Body instanceof Readable) await pipeline(Body, createWriteStream(path));
    },
    AT_ONCE,
  );
};

/** The other way round. */
export const uploadFolder = async (s3: S3Client, folder: string, Bucket: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  await pMap(
    files,
    async (file) =>
      s3.send(new PutObjectCommand({ Bucket, Key: relative(folder, file), Body: await readFile(file) })),
    AT_ONCE,
  );
  return files.length;
};

/** Copies within S3, to the same keys behind a prefix. */
export const copyKeys = async (
  s3: S3Client,
  from: string,
  keys: readonly string[],
  to: { readonly bucket: string; readonly prefix: string },
): Promise<void> => {
  await pMap(
    keys,
    (key) =>
      s3.send(
        new CopyObjectCommand({
          Bucket: to.bucket,
          Key: `${to.prefix}${key}`,
          CopySource: `${from}/${key.split('/').map(encodeURIComponent).join('/')}`,
        }),
      ),
    AT_ONCE,
  );
};

export const deleteKeys = async (s3: S3Client, Bucket: string, keys: readonly string[]): Promise<void> => {
  await pMap(keys, (Key) => s3.send(new DeleteObjectCommand({ Bucket, Key })), AT_ONCE);
};
