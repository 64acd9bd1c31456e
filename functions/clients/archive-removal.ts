import {
  DeleteObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DefectError, RefusedError } from '../runtime/errors.ts';
import { locateArchive } from './archive/archive-location.ts';
import { DEFAULT_PATIENCE, type ReadPatience, readPatiently } from './archive/read-patiently.ts';
import { connectS3 } from './archive/s3-connection.ts';
import { textOf } from './aws-failure.ts';

/** One version of one object, or a marker that hides the others. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` as a text in a bucket without versions. */
  readonly versionId: string;
  readonly isMarker: boolean;
}

/** `locked`: object lock refused it, which only time or a person with a right of their own can change. */
export type Removal = { readonly ok: true } | { readonly ok: false; readonly reason: 'locked' };

/**
 * Deletes objects for good, version by version; without a version S3 would only hide them. Every call throws as
 * `ArchiveStore.describe` does, and never asks to get past a lock.
 */
export interface ArchiveRemoval {
  /** All versions of exactly this key, markers included, newest first; none when it is gone. */
  listVersions(key: string, signal?: AbortSignal): Promise<ObjectVersion[]>;
  /**
   * Until when a version is locked, ISO 8601; undefined when it is not, and when this role may not ask. The lock itself
   * is what protects it: who may not ask learns of it by `remove`.
   */
  lockedUntil(version: ObjectVersion, signal?: AbortSignal): Promise<string | undefined>;
  /** Deletes a version; one that is gone is as good as deleted. */
  remove(version: ObjectVersion, signal?: AbortSignal): Promise<Removal>;
}

export interface RemovalPlace {
  readonly bucket: string;
  /** Of the bucket; that of this process otherwise. */
  readonly region?: string | undefined;
  readonly client?: S3Client | undefined;
  readonly clock?: Clock | undefined;
  readonly patience?: ReadPatience | undefined;
}

/** A key has one version as a rule; one that is written again and again has some, and a thousand a page. */
const MAX_PAGES = 20;

/** What S3 says with its AccessDenied when it is a lock that refuses, and no policy. Source: S3 user guide, "Object Lock". */
const OF_THE_LOCK = /protected by object lock/i;

/** Opens a bucket for deletions; nothing is sent until the first question. */
export const openArchiveRemoval = ({
  bucket,
  region,
  client,
  clock = systemClock,
  patience = DEFAULT_PATIENCE,
}: RemovalPlace): ArchiveRemoval => {
  const reading = { connection: connectS3(region, client), clock, patience };
  const ask = <T>(
    about: { readonly key: string; readonly versionId?: string },
    permission: string,
    send: (s3: S3Client, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> =>
    readPatiently({ where: locateArchive({ bucket, ...about }), bucket, permission }, reading, send, signal);

  return {
    async listVersions(key, signal) {
      const found: ObjectVersion[] = [];
      let from: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {};
      for (let page = 0; page < MAX_PAGES; page++) {
        const { NextKeyMarker, NextVersionIdMarker } = from;
        const command = new ListObjectVersionsCommand({
          Bucket: bucket,
          Prefix: key,
          ...(NextKeyMarker === undefined ? {} : { KeyMarker: NextKeyMarker }),
          ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
        });
        const answer = await ask(
          { key },
          's3:ListBucketVersions',
          (s3, limited) => s3.send(command, { abortSignal: limited }),
          signal,
        );
        found.push(...readPage(answer, key));
        // S3 lists by key, and this one comes before all that it begins.
        if (answer.IsTruncated !== true || (answer.NextKeyMarker ?? '') > key) return found;
        from = answer;
      }
      throw new RefusedError(
        'archive.refused',
        `s3://${bucket}/${key} has more than ${found.length} versions; look for who writes under this name.`,
      );
    },

    async lockedUntil({ key, versionId, isMarker }, signal) {
      // A marker can not be locked, and S3 refuses to tell of its lock.
      if (isMarker) return undefined;
      const command = new GetObjectRetentionCommand({ Bucket: bucket, Key: key, VersionId: versionId });
      try {
        const { Retention } = await ask(
          { key, versionId },
          's3:GetObjectRetention',
          (s3, limited) => s3.send(command, { abortSignal: limited }),
          signal,
        );
        return Retention?.RetainUntilDate?.toISOString();
      } catch (error) {
        if (error instanceof RefusedError) return undefined;
        throw error;
      }
    },

    async remove({ key, versionId }, signal) {
      if (versionId === '') {
        throw new DefectError('archive.no-version', `${key} was to be deleted without naming a version.`);
      }
      const command = new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
      try {
        await ask(
          { key, versionId },
          's3:DeleteObjectVersion',
          (s3, limited) => s3.send(command, { abortSignal: limited }),
          signal,
        );
        return { ok: true };
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        if (OF_THE_LOCK.test(textOf(error.cause))) return { ok: false, reason: 'locked' };
        if (error.code === 'archive.gone') return { ok: true };
        throw error;
      }
    },
  };
};

const readPage = (
  { Versions, DeleteMarkers }: ListObjectVersionsCommandOutput,
  key: string,
): ObjectVersion[] => {
  const read = (isMarker: boolean) => (one: { Key?: string | undefined; VersionId?: string | undefined }) =>
    one.Key === key && one.VersionId !== undefined ? [{ key, versionId: one.VersionId, isMarker }] : [];
  return [...(DeleteMarkers ?? []).flatMap(read(true)), ...(Versions ?? []).flatMap(read(false))];
};
