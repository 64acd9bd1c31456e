import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { ArchiveObject } from '../../records/backup/verification.ts';
import { type Reading, readPatiently } from '../archive/read-patiently.ts';
import {
  type CopyChecksum,
  type CopyPlace,
  copyQuestion,
  copySourceOf,
  storageClassOf,
} from './copy-source.ts';

/** Copies in one request. Tags stay where they are: to read them takes rights of their own. */
export const copyWhole = async (
  source: ArchiveObject,
  { bucket, key }: CopyPlace,
  { algorithm }: Pick<CopyChecksum, 'algorithm'>,
  reading: Reading,
  signal?: AbortSignal,
): Promise<void> => {
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: key,
    ...copySourceOf(source),
    ...storageClassOf(source),
    ChecksumAlgorithm: algorithm,
    TaggingDirective: 'REPLACE',
  });
  await readPatiently(
    copyQuestion(source, { bucket, key }),
    reading,
    (s3, abortSignal) => s3.send(command, { abortSignal }),
    signal,
  );
};
