import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { type ArchiveName, parseArchiveName } from './archive-name.ts';
import { DEFAULT_PATIENCE, type ReadPatience, readPatiently } from './read-patiently.ts';
import { connectS3 } from './s3-connection.ts';

/** One archive as a listing shows it. */
export interface ListedArchive extends ArchiveName {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  readonly storageClass: string;
}

export interface ArchiveList {
  /** Newest first, by the time in their names. */
  readonly archives: readonly ListedArchive[];
  /** Are there archives that are not in it? */
  readonly isCut: boolean;
}

export interface ArchivePlace {
  readonly bucket: string;
  /** What stands before GitLab's name in a key: empty, or `nightly/`. */
  readonly prefix?: string | undefined;
  /** At most so many are given. */
  readonly limit?: number | undefined;
  readonly region?: string | undefined;
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

const DEFAULT_LIMIT = 1_000;
/** Of 1,000 keys each: a bucket with more of them directly under the prefix is no bucket of backups. */
const MAX_PAGES = 200;

/**
 * Lists the archives directly under a prefix by GitLab's pattern of names, newest first; other objects are passed over.
 *
 * @throws as `ArchiveStore.describe` does; the right is s3:ListBucket.
 */
export const listArchives = async (
  { bucket, prefix = '', limit = DEFAULT_LIMIT, region, client, clock, patience }: ArchivePlace,
  signal?: AbortSignal,
): Promise<ArchiveList> => {
  const reading = {
    connection: connectS3(region, client),
    clock: clock ?? systemClock,
    patience: patience ?? DEFAULT_PATIENCE,
  };
  const question = { where: `s3://${bucket}/${prefix}`, bucket, permission: 's3:ListBucket' };
  const ask = (token: string | undefined): Promise<ListObjectsV2CommandOutput> => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      // Gitaly's own backups may lie in the same bucket, millions of objects in folders: those are not walked through.
      Delimiter: '/',
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    return readPatiently(
      question,
      reading,
      (s3, limited) => s3.send(command, { abortSignal: limited }),
      signal,
    );
  };

  // S3 lists by name, so the newest come last.
  let newest: ListedArchive[] = [];
  let isCut = false;
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await ask(token);
    const all = [...newest, ...readPage(answer, prefix)].toSorted((a, b) => compare(b, a));
    newest = all.slice(0, limit);
    isCut ||= all.length > limit;
    token = answer.NextContinuationToken;
    if (token === undefined) return { archives: newest, isCut };
  }
  return { archives: newest, isCut: true };
};

const compare = (a: ListedArchive, b: ListedArchive): number =>
  a.startedAt.getTime() - b.startedAt.getTime() || (a.key < b.key ? -1 : 1);

const readPage = ({ Contents = [] }: ListObjectsV2CommandOutput, prefix: string): ListedArchive[] =>
  Contents.flatMap(({ Key: key, Size: size, LastModified: lastModified, StorageClass: storageClass }) => {
    const name = key === undefined ? undefined : parseArchiveName(key.slice(prefix.length));
    if (key === undefined || name === undefined || size === undefined || lastModified === undefined)
      return [];
    return [{ ...name, key, size, lastModified, storageClass: storageClass ?? 'STANDARD' }];
  });
