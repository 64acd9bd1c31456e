import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { RefusedError } from '../runtime/errors.ts';
import { isArchive, isManifest, type ManifestText, unpackManifests } from './manifest-archive.ts';
import { explainS3Error, openS3 } from './s3.ts';

/**
 * Manifests that a pipeline or a person put into the ledger bucket for a cluster: YAML, JSON, or archives of them.
 * Throws as the ledger does, and RefusedError `manifest.too-large`, `manifest.unreadable`.
 */
export interface ManifestStore {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<readonly ManifestText[]>;
}

/** Below this prefix lie the manifests of each cluster. */
export const MANIFEST_PREFIX = 'upgrade/manifests/';
/** Objects of one cluster that are looked at; a pipeline that renders more packs them. */
const MAX_OBJECTS = 1_000;
/** Bytes of one object: it is held in memory beside what is made of it. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** Opens what lies below `upgrade/manifests/<cluster>/`. Names are given without that prefix. */
export const openManifests = (bucket: string, cluster: string, region?: string): ManifestStore => {
  const s3 = openS3(region);
  const prefix = `${MANIFEST_PREFIX}${cluster}/`;
  return {
    async list() {
      const names: string[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key = '' } of page.Contents ?? []) {
            if (isManifest(Key) || isArchive(Key)) names.push(Key.slice(prefix.length));
          }
          if (names.length > MAX_OBJECTS) throw tooMany(prefix);
        }
      } catch (error) {
        throw explainS3Error(error, bucket, prefix);
      }
      return names;
    },

    async read(name) {
      const key = `${prefix}${name}`;
      try {
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if ((object.ContentLength ?? 0) > MAX_OBJECT_BYTES) throw tooLarge(key);
        const bytes = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
        return await unpackManifests(name, bytes);
      } catch (error) {
        throw explainS3Error(error, bucket, key);
      }
    },
  };
};

const tooMany = (prefix: string): RefusedError =>
  new RefusedError(
    'manifest.too-large',
    `There are more than ${MAX_OBJECTS} manifests below ${prefix}; pack them into one tar.`,
  );

const tooLarge = (key: string): RefusedError =>
  new RefusedError(
    'manifest.too-large',
    `${key} has more than ${MAX_OBJECT_BYTES / 1024 / 1024} MB; split it into several.`,
  );
