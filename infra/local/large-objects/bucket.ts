import { createHash } from 'node:crypto';
import { S3Refusal } from './answer.ts';
import { type ArchivePlan, layOutArchive, type VirtualArchive } from './virtual-archive.ts';

/** One version of one object. */
export interface StoredVersion {
  readonly archive: VirtualArchive;
  readonly etag: string;
  /** None in a bucket without versions. */
  readonly versionId?: string;
  readonly lastModified: Date;
  /** What else HEAD and GET say of it: `x-amz-storage-class`, `x-amz-object-lock-mode`, ... */
  readonly headers: Readonly<Record<string, string>>;
  /** Of one that was uploaded in parts: how many there were, and the bytes of the first. */
  readonly parts?: { readonly count: number; readonly first: number } | undefined;
}

/** One bucket; one without versions forgets what is overwritten. */
export interface Bucket {
  /** Writes an archive over what lies there. */
  put(key: string, plan: ArchivePlan, headers?: Readonly<Record<string, string>>): StoredVersion;
  /** Writes what was copied over what lies there. */
  store(key: string, copy: Pick<StoredVersion, 'archive' | 'headers' | 'parts'>): StoredVersion;
  /** @throws S3Refusal NoSuchKey, NoSuchVersion. */
  find(key: string, versionId: string | null): StoredVersion;
  delete(key: string): void;
  /** Keys in the order of their bytes, with what lies there now. */
  list(): readonly (readonly [string, StoredVersion])[];
}

/** Part size of the AWS command line tool: what stands behind the entity tag is the number of parts. */
const PART_BYTES = 8 * 1024 * 1024;

export const createBucket = (isVersioned: boolean): Bucket => {
  const objects = new Map<string, StoredVersion[]>();
  const deleted = new Set<string>();
  let writes = 0;
  const store: Bucket['store'] = (key, { archive, headers, parts }) => {
    writes += 1;
    const hash = (what: string): string =>
      createHash('md5').update(`${key}/${archive.size}/${writes}/${what}`).digest('hex');
    const count = parts?.count ?? Math.max(1, Math.ceil(archive.size / PART_BYTES));
    const version = {
      archive,
      etag: `"${hash('etag')}-${count}"`,
      ...(isVersioned ? { versionId: hash('version') } : {}),
      lastModified: new Date(),
      headers,
      parts: parts ?? { count, first: Math.min(PART_BYTES, archive.size) },
    };
    objects.set(key, isVersioned ? [...(objects.get(key) ?? []), version] : [version]);
    deleted.delete(key);
    return version;
  };
  return {
    put: (key, plan, headers = {}) => store(key, { archive: layOutArchive(plan), headers }),
    store,
    find: (key, versionId) => {
      const versions = objects.get(key) ?? [];
      if (versionId !== null) {
        const named = versions.find((version) => version.versionId === versionId);
        if (!named) throw new S3Refusal(404, 'NoSuchVersion', 'The specified version does not exist.');
        return named;
      }
      const newest = deleted.has(key) ? undefined : versions.at(-1);
      if (!newest) throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
      return newest;
    },
    delete: (key) => void deleted.add(key),
    list: () =>
      [...objects]
        .filter(([key]) => !deleted.has(key))
        .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .flatMap(([key, versions]) => versions.slice(-1).map((version) => [key, version] as const)),
  };
};
