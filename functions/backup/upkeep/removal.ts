import type { ArchiveRemoval, ObjectVersion } from '../../clients/archive-removal.ts';
import type { SnapshotRemoval } from '../../clients/snapshot-removal.ts';
import { type Refusal, refuseByLock } from './deletion-note.ts';
import type { DoomedObject, RemovalList } from './removal-list.ts';

export interface RemovalDeps {
  readonly openRemoval: (place: { readonly bucket: string; readonly region: string }) => ArchiveRemoval;
  readonly snapshots: SnapshotRemoval;
}

interface DoomedVersion {
  readonly removal: ArchiveRemoval;
  readonly version: ObjectVersion;
}

/**
 * Deletes what a list names, version by version: copies first, then snapshots, and the archive last, so that a set from
 * which something is gone already can still be restored. Where a lock is known to stand nothing goes at all.
 *
 * @returns why it did not go; undefined when nothing is left. Taken again it goes on where it broke off.
 */
export const removeAll = async (
  { copies, snapshots, archive }: RemovalList,
  { openRemoval, snapshots: rds }: RemovalDeps,
  now: Date,
  signal: AbortSignal,
): Promise<Refusal | undefined> => {
  const list = async (objects: readonly DoomedObject[]): Promise<DoomedVersion[]> => {
    const found = await Promise.all(
      objects.map(async (object) => {
        const removal = openRemoval(object);
        const versions = await removal.listVersions(object.key, signal);
        return versions.map((version) => ({ removal, version }));
      }),
    );
    return found.flat();
  };
  const copied = await list(copies);
  const archived = await list(archive ? [archive] : []);
  for (const { removal, version } of [...archived, ...copied]) {
    const until = await removal.lockedUntil(version, signal);
    if (until !== undefined && Date.parse(until) > now.getTime())
      return refuseByLock(version.versionId, until);
  }
  const refused = await removeVersions(copied, signal);
  if (refused) return refused;
  for (const arn of snapshots) await rds.remove(arn, signal);
  return removeVersions(archived, signal);
};

const removeVersions = async (
  versions: readonly DoomedVersion[],
  signal: AbortSignal,
): Promise<Refusal | undefined> => {
  for (const { removal, version } of versions) {
    const removed = await removal.remove(version, signal);
    if (!removed.ok) return refuseByLock(version.versionId, undefined);
  }
  return undefined;
};
