import type { ArchiveRemoval, ObjectVersion } from '../../functions/clients/archive-removal.ts';
import type { SnapshotRemoval } from '../../functions/clients/snapshot-removal.ts';

/** Buckets of versions in memory, some locked, and the snapshots that were deleted. */
export const createMemoryRemoval = () => {
  const versions: (ObjectVersion & { readonly bucket: string; readonly until?: string })[] = [];
  /** What was deleted, in order: `bucket/key@version`, or the ARN of a snapshot. */
  const removed: string[] = [];
  const fake = {
    versions,
    removed,
    /** May this role ask for locks? The lock holds either way. */
    tellsLocks: true,
    /** Called before each deletion; what it throws is thrown. */
    beforeRemoval: async (_what: string): Promise<void> => undefined,
    put: (bucket: string, key: string, versionId = 'v1', until?: string) => {
      versions.push({
        bucket,
        key,
        versionId,
        isMarker: versionId.startsWith('marker'),
        ...(until ? { until } : {}),
      });
    },
    keys: () => versions.map(({ bucket, key, versionId }) => `${bucket}/${key}@${versionId}`),
    openRemoval: ({ bucket }: { readonly bucket: string }): ArchiveRemoval => ({
      listVersions: async (key) => versions.filter((one) => one.bucket === bucket && one.key === key),
      lockedUntil: async ({ key, versionId }) =>
        fake.tellsLocks ? find(bucket, key, versionId)?.until : undefined,
      remove: async ({ key, versionId }) => {
        await fake.beforeRemoval(`${bucket}/${key}@${versionId}`);
        const found = find(bucket, key, versionId);
        if (found?.until !== undefined) return { ok: false, reason: 'locked' };
        if (found) {
          versions.splice(versions.indexOf(found), 1);
          removed.push(`${bucket}/${key}@${versionId}`);
        }
        return { ok: true };
      },
    }),
    snapshots: {
      remove: async (arn) => {
        await fake.beforeRemoval(arn);
        removed.push(arn);
      },
    } satisfies SnapshotRemoval,
  };
  const find = (bucket: string, key: string, versionId: string) =>
    versions.find((one) => one.bucket === bucket && one.key === key && one.versionId === versionId);
  return fake;
};
export type MemoryRemoval = ReturnType<typeof createMemoryRemoval>;
