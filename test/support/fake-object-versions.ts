import type { ObjectVersions, StoredVersion } from '../../functions/clients/object-versions.ts';
import { createVersionedBucket, type VersionedBucket } from '../backup/restore/native/versioned-bucket.ts';

/** Buckets with versions in memory, whose list comes in small pages. */
export interface FakeObjectVersions {
  readonly versions: ObjectVersions;
  bucket(name: string): VersionedBucket;
  /** @param into another bucket than the one that the version lies in. */
  copy(bucket: string, key: string, versionId: string, into?: string): void;
  /** Names of manifests in the bucket of Gitaly. */
  readonly manifests: string[];
}

const PAGE = 3;

/** @param now by which what is written is dated. */
export const createFakeObjectVersions = (now: () => Date): FakeObjectVersions => {
  const buckets = new Map<string, VersionedBucket>();
  const bucket = (name: string): VersionedBucket => {
    const found = buckets.get(name) ?? createVersionedBucket(() => now().getTime());
    buckets.set(name, found);
    return found;
  };
  const all = (name: string): readonly StoredVersion[] =>
    bucket(name).page(0, Number.MAX_SAFE_INTEGER).versions;
  return {
    manifests: [],
    bucket,
    copy: (name, key, versionId, into = name) => {
      if (into === name) return bucket(name).copy(key, versionId);
      const found = all(name).find((one) => one.key === key && one.versionId === versionId);
      bucket(into).put(key, found?.object?.etag ?? '');
    },
    versions: {
      list: async (name, after) => {
        const versions = all(name);
        const from = after ? indexBehind(versions, after) : 0;
        const page = versions.slice(from, from + PAGE);
        const last = page.at(-1);
        if (!last || from + PAGE >= versions.length) return { versions: page };
        return { versions: page, next: { key: last.key, versionId: last.versionId } };
      },
      mark: async (name, key) => bucket(name).remove(key),
    },
  };
};

/** Behind a version, or behind all of a key. */
const indexBehind = (
  versions: readonly StoredVersion[],
  { key, versionId }: { readonly key: string; readonly versionId?: string },
): number => {
  const index = versions.findLastIndex(
    (one) => one.key === key && (versionId === undefined || one.versionId === versionId),
  );
  if (index >= 0) return index + 1;
  const next = versions.findIndex((one) => Buffer.compare(Buffer.from(one.key), Buffer.from(key)) > 0);
  return next < 0 ? versions.length : next;
};
